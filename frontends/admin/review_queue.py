"""The documents to review, one after the other: what comes next, what was answered last."""

from dataclasses import dataclass, field

import streamlit as st

from frontends import session
from sake_ray.domain.answers import WITHDRAWN
from sake_ray.errors import NotFound, SakeError
from sake_ray.schemas.review import ReviewRow

AT_ONCE = 20


@dataclass(slots=True)
class ReviewQueue:
    """What was fetched and not yet answered or put off, in the order that teaches most; `done` in the order it was answered."""

    waiting: list[ReviewRow] = field(default_factory=list)
    done: list[tuple[ReviewRow, str]] = field(default_factory=list)
    put_off: set[str] = field(default_factory=set)
    left: int = 0


def open_queue() -> ReviewQueue:
    """The queue of this session, filled up when it is empty."""
    queue: ReviewQueue = st.session_state.setdefault("queue", ReviewQueue())
    if not queue.waiting:
        found = session.client().feedback.reviews(AT_ONCE + len(queue.put_off))
        queue.waiting = [row for row in found.documents if row.id not in queue.put_off]
        queue.left = found.left
    return queue


def answer(row: ReviewRow, said: str) -> None:
    """Say what a document is, and go on to the next."""
    queue: ReviewQueue = st.session_state["queue"]
    if not queue.waiting or queue.waiting[0].id != row.id:
        return  # a second key press before the page has changed
    try:
        session.client().documents.answer(row.id, said)
    except NotFound:
        pass  # it is gone; so is the question
    except SakeError as error:
        st.session_state["trouble"] = error
        return
    queue.waiting.pop(0)
    queue.done.append((row, said))
    queue.left = max(0, queue.left - 1)


def put_off(row: ReviewRow) -> None:
    """Leave a document for another day."""
    queue: ReviewQueue = st.session_state["queue"]
    queue.put_off.add(row.id)
    queue.waiting = [other for other in queue.waiting if other.id != row.id]


def take_back() -> None:
    """Ask again about the document that was answered last."""
    queue: ReviewQueue = st.session_state["queue"]
    if not queue.done:
        return
    row, _ = queue.done[-1]
    try:
        session.client().documents.answer(row.id, WITHDRAWN)
    except SakeError as error:
        st.session_state["trouble"] = error
        return
    queue.done.pop()
    queue.waiting.insert(0, row)
    queue.left += 1
