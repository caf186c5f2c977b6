"""Say what went wrong in one sentence with what to do next, and go on by itself where that is possible."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ParamSpec
from urllib.parse import quote

import streamlit as st

from frontends import session
from frontends.i18n import literal
from sake_ray import errors
from sake_ray.errors import SakeError

LOOK_AGAIN_SECONDS = 3.0
P = ParamSpec("P")


@contextmanager
def catch_errors() -> Iterator[None]:
    """Show an error of the service in place of what this block would have shown."""
    try:
        yield
    except SakeError as error:
        show(error)


def part(work: Callable[P, object], *, every: float | None = None) -> Callable[P, None]:
    """A part of a view that runs anew by itself: at its own clicks, and `every` so many seconds. It says its own errors."""

    def run(*arguments: P.args, **named: P.kwargs) -> None:
        with catch_errors():
            work(*arguments, **named)

    return st.fragment(run, run_every=every)


def show(error: SakeError) -> None:
    """Show an error, and end the view when nothing else can be shown without what failed."""
    words = session.words()
    if isinstance(error, errors.Unauthenticated):
        st.warning(words("trouble.session_ended"), icon=":material/lock_clock:")
        goal = quote(session.here(), safe="")
        st.html(f'<a class="go" target="_self" href="sign-in?why=ended&amp;next={goal}">{words("trouble.sign_in")}</a>')
        st.stop()
    if is_passing(error):
        st.warning(words("trouble.no_answer"), icon=":material/hourglass_top:")
        st.fragment(_look_again, run_every=LOOK_AGAIN_SECONDS)()
        st.stop()
    st.error(literal(words.translate(error.message)))


def is_passing(error: SakeError) -> bool:
    """Whether waiting mends it."""
    return error.status_code >= 500 or isinstance(error, errors.TooManyAttempts | errors.StillRunning)


def _look_again() -> None:
    """Ask whether the service answers again, and show the page anew as soon as it does."""
    try:
        session.client(patience=0).system.health()
    except SakeError:
        return
    st.rerun(scope="app")
