"""Do what a button says, and tell in the next view what came of it."""

from collections.abc import Callable

import streamlit as st

from frontends import error_views
from frontends.i18n import Translations, literal
from sake_ray import errors
from sake_ray.errors import SakeError

HELD = errors.WorkspaceLocked, errors.StillRunning


def act(doing: Callable[[], object], done: str) -> bool:
    """Do it, and keep the sentence that says so, or what went wrong; whether it was done."""
    try:
        doing()
    except SakeError as error:
        keep_trouble(error)
        return False
    st.session_state["done"] = done
    return True


def keep_trouble(error: SakeError) -> None:
    """Have the next view tell an error."""
    st.session_state["trouble"] = error


def show_outcome(words: Translations) -> None:
    """Tell what came of the last click, once."""
    # In a place of its own, also when there is nothing to tell: what stands below keeps its place, and does not fold up.
    with st.container():
        if done := st.session_state.pop("done", ""):
            st.success(literal(done), icon=":material/check_circle:")
        if error := st.session_state.pop("trouble", None):
            show_trouble(error, words)


def show_trouble(error: SakeError, words: Translations) -> None:
    """Tell an error; the page goes on below it, since nothing that was shown depends on it."""
    if isinstance(error, errors.Unauthenticated):
        error_views.show(error)
    elif isinstance(error, HELD):
        st.warning(literal(words.message(error.message)), icon=":material/lock:")
    else:
        st.error(literal(words.message(error.message)), icon=":material/error:")
