"""Choose a class: one there is, one the model knows, or a new one."""

from collections.abc import Iterable, Sequence

import streamlit as st

from frontends import session
from frontends.i18n import Translations
from frontends.user.document_state import label_name
from sake_ray.errors import SakeError

NEW = ""
LONGEST = 50


def known_labels(labels: Iterable[str]) -> list[str]:
    """These, and those the model knows; without a model these alone."""
    try:
        return sorted({*labels, *session.client(patience=0).documents.labels().labels})
    except SakeError:
        return sorted(labels)


def choose_label(
    title: str, labels: Sequence[str], words: Translations, *, key: str, default: str | None = None
) -> str:
    """The class that is chosen or typed, empty as long as there is none."""
    picked = st.selectbox(
        title,
        [*labels, NEW],
        index=labels.index(default) if default in labels else None,
        format_func=lambda label: label_name(label, words) if label else words("admin.new_label"),
        placeholder=words("admin.choose"),
        key=key,
        width=280,
    )
    if picked != NEW:
        return picked or ""
    typed = st.text_input(words("admin.new_name"), max_chars=LONGEST, key=f"{key}-new", width=280)
    return (typed or "").strip()
