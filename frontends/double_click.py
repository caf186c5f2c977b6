"""Have the second click of a double click repeat the first, not do it again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from uuid import uuid4

import streamlit as st

DOUBLE_CLICK_SECONDS = 5.0
"""Until a page has changed under a hasty hand."""


@contextmanager
def one_click(*action: object) -> Iterator[str]:
    """Yield the Idempotency-Key for an action. It is the same for clicks while the action goes on and shortly after.

    The action must name all that is sent with it: another content needs another key.
    """
    keys: dict[tuple[object, ...], tuple[str, float]] = st.session_state.setdefault("click-keys", {})
    key, ended = keys.get(action, ("", -inf))
    if time.monotonic() - ended > DOUBLE_CLICK_SECONDS:
        key = uuid4().hex
    keys[action] = key, inf
    try:
        yield key
    finally:
        keys[action] = key, time.monotonic()
