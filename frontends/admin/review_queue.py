"""The queue of documents to review: the next ones, and those answered last."""

from dataclasses import dataclass, field

import streamlit as st

from frontends import session
from sake_ray.domain.answers import WITHDRAWN
from sake_ray.errors import NotFound, SakeError
from sake_ray.schemas.review import ReviewRow

AT_ONCE = 20


@dataclass(slots=True)
class ReviewQueue:
    """The documents that wait for an answer, most useful first; `answered` in the order of the answers, for undo."""

    waiting: list[ReviewRow] = field(default_factory=list)
    answered: list[tuple[ReviewRow, str]] = field(default_factory=list)
    skipped: set[str] = field(default_factory=set)
    remaining: int = 0
    is_counted: bool = True
    """Whether there are no more than `remaining`."""


def open_queue() -> ReviewQueue:
    """The queue of this session, refilled when it is empty."""
    queue: ReviewQueue = st.session_state.setdefault("queue", ReviewQueue())
    if not queue.waiting:
        found = session.client().feedback.reviews(AT_ONCE + len(queue.skipped))
        queue.waiting = [row for row in found.items if row.id not in queue.skipped]
        queue.remaining, queue.is_counted = found.total, found.total_is_exact
    return queue


def answer(row: ReviewRow, label: str) -> None:
    """Answer what a document is, and go on to the next."""
    queue: ReviewQueue = st.session_state["queue"]
    if not queue.waiting or queue.waiting[0].id != row.id:
        return  # a second key press before the page has changed
    try:
        session.client().documents.answer(row.id, label)
    except NotFound:
        pass  # it is gone; so is the question
    except SakeError as error:
        st.session_state["error"] = error
        return
    queue.waiting.pop(0)
    queue.answered.append((row, label))
    queue.remaining = max(0, queue.remaining - 1)


def skip(row: ReviewRow) -> None:
    """Leave a document for another time."""
    queue: ReviewQueue = st.session_state["queue"]
    queue.skipped.add(row.id)
    queue.waiting = [other for other in queue.waiting if other.id != row.id]


def undo() -> None:
    """Withdraw the last answer, and ask again."""
    queue: ReviewQueue = st.session_state["queue"]
    if not queue.answered:
        return
    row, _ = queue.answered[-1]
    try:
        session.client().documents.answer(row.id, WITHDRAWN)
    except SakeError as error:
        st.session_state["error"] = error
        return
    queue.answered.pop()
    queue.waiting.insert(0, row)
    queue.remaining += 1
