"""The bin: what was deleted, the newest first, and can be restored."""

import streamlit as st

from frontends import paging, session
from frontends.i18n import literal
from frontends.user import cards
from frontends.user.bin import show_restore
from frontends.user.results import empty_html
from sake_ray.domain.documents import Status

PAGE_SIZE = 50


def main() -> None:
    """Show what is in the bin."""
    words = session.words()
    st.title(words("bin.title"), anchor=False)
    st.caption(words("bin.lead"))
    cards.show_change([], words)
    cursor = paging.current_cursor("bin")
    found = session.client().documents.list(status=Status.BINNED.value, cursor=cursor, page_size=PAGE_SIZE)
    # Parts come back with their file.
    documents = [document for document in found.items if document.parent is None]
    if not documents:
        st.html(empty_html(words("bin.none"), words("bin.none_hint")))
    for document in documents:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"binned-{document.id}"):
            st.html(cards.card_html(document, words), width="stretch")
            st.caption(words("bin.of", reference=literal(document.reference)))
            show_restore(document, words)
    paging.show_pages("bin", found, words)


main()
