"""Delete a document, which then is in the bin, and restore it."""

import streamlit as st

from frontends import session
from frontends.i18n import Translations
from sake_ray.domain.documents import Status
from sake_ray.errors import SakeError
from sake_ray.schemas.documents import DocumentOut


def show_removal(document: DocumentOut, words: Translations) -> None:
    """Show the button that deletes a document, after a question; for one in the bin, the one that restores it."""
    if document.status is Status.BINNED:
        if document.parent is None:
            show_restore(document, words)
    elif document.status is not Status.MERGED and document.parent is None:
        with st.popover(words("bin.delete"), icon=":material/delete:", key="delete"):
            st.text(words("bin.delete_lead"))
            st.button(words("bin.delete_yes"), type="primary", on_click=_remove, args=(document.id,), key="delete-yes")


def show_restore(document: DocumentOut, words: Translations) -> None:
    """Show the button that restores a document."""
    st.button(
        words("bin.restore"),
        icon=":material/restore_from_trash:",
        on_click=_restore,
        args=(document.id,),
        key=f"restore-{document.id}",
    )


def _remove(id: str) -> None:
    try:
        session.client().documents.remove(id)
    except SakeError as error:
        st.session_state["error"] = error


def _restore(id: str) -> None:
    try:
        session.client().documents.restore(id)
    except SakeError as error:
        st.session_state["error"] = error
