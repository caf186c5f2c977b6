"""Choose a class: an existing one, one that the model knows, or a new one."""

from collections.abc import Iterable, Sequence

import streamlit as st

from frontends import session
from frontends.i18n import Translations
from frontends.user.document_state import label_name
from sake_ray.errors import SakeError

NEW = ""
MAX_LENGTH = 50


def fetch_known_labels(labels: Iterable[str]) -> list[str]:
    """Fetch the labels that the model knows and add them to these; without a model, these alone."""
    try:
        return sorted({*labels, *session.client(patience=0).documents.labels().labels})
    except SakeError:
        return sorted(labels)


def choose_label(
    title: str, labels: Sequence[str], words: Translations, *, key: str, default: str | None = None
) -> str:
    """Let a class be chosen or typed; empty as long as there is none."""
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
    typed = st.text_input(words("admin.new_name"), max_chars=MAX_LENGTH, key=f"{key}-new", width=280)
    return (typed or "").strip()
