"""Training images by label: count, warnings, add, move, delete and restore."""

from collections.abc import Mapping

import streamlit as st

from frontends import paging, session
from frontends.admin import gallery, image_upload
from frontends.admin.actions import show_outcome
from frontends.admin.corpus_warnings import list_warnings
from frontends.i18n import Translations, literal
from frontends.user.document_state import label_name
from frontends.user.results import empty_html

PAGE_SIZE = 24


def main() -> None:
    """Show the images of the label in the address, or all."""
    words = session.words()
    st.title(words("admin.images.title"), anchor=False)
    chosen = st.query_params.get("label")
    cursor = paging.current_cursor("images", chosen)
    found = session.client().images.list(chosen, cursor=cursor, page_size=PAGE_SIZE)
    if chosen is not None and chosen not in found.labels:
        del st.query_params["label"]
        st.rerun()
    show_outcome(words)
    with st.container():
        gallery.show_undo(words)
        if found.held_by:
            st.info(words("admin.images.held", holder=literal(found.held_by)), icon=":material/lock:")
        for warning in list_warnings(found.labels, words):
            st.warning(literal(warning), icon=":material/balance:")
    image_upload.show(list(found.labels), chosen, words)
    gallery.show_removed(found.removed, words)
    if not found.labels:
        st.html(empty_html(words("admin.images.empty"), words("admin.images.empty_hint")))
        return
    _show_labels(found.labels, chosen, words)
    paging.show_pages("images", found, words)
    if found.items:
        gallery.show(found.items, list(found.labels), words, mixed=chosen is None)


def _show_labels(labels: Mapping[str, int], chosen: str | None, words: Translations) -> None:
    everything = words("admin.images.all", n=sum(labels.values()))
    names = {label: f"{label_name(label, words)} · {count}" for label, count in labels.items()}
    st.pills(
        words("admin.images.which"),
        ["", *labels],
        default=chosen or "",
        required=True,
        format_func=lambda label: names.get(label, everything),
        key=f"label-{chosen}",
        on_change=_choose,
        args=(f"label-{chosen}",),
    )


def _choose(key: str) -> None:
    if label := st.session_state.get(key):
        st.query_params["label"] = label
    else:
        st.query_params.pop("label", None)


main()
