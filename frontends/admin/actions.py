"""Run what a button does, and show the outcome in the next view."""

from collections.abc import Callable

import streamlit as st

from frontends import error_views
from frontends.i18n import Translations, literal
from sake_ray import errors
from sake_ray.errors import SakeError

HELD = errors.WorkspaceLocked, errors.StillRunning


def act(action: Callable[[], object], done: str) -> bool:
    """Run the action, and store the success message or the error for the next view. Return whether it succeeded."""
    try:
        action()
    except SakeError as error:
        store_error(error)
        return False
    st.session_state["done"] = done
    return True


def store_error(error: SakeError) -> None:
    """Have the next view show an error."""
    st.session_state["error"] = error


def show_outcome(words: Translations) -> None:
    """Show the outcome of the last click, once."""
    # In a container of its own, even when empty: otherwise what is below moves, and its expanders fold up.
    with st.container():
        if done := st.session_state.pop("done", ""):
            st.success(literal(done), icon=":material/check_circle:")
        if error := st.session_state.pop("error", None):
            show_error(error, words)


def show_error(error: SakeError, words: Translations) -> None:
    """Show an error; the page continues below it, since nothing on it depends on what failed."""
    if isinstance(error, errors.Unauthenticated):
        error_views.show(error)
    elif isinstance(error, HELD):
        st.warning(literal(words.translate(error.message)), icon=":material/lock:")
    else:
        st.error(literal(words.translate(error.message)), icon=":material/error:")
