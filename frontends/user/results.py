"""Find documents by batch or reference, and list the latest."""

from dataclasses import dataclass
from datetime import datetime
from html import escape
from itertools import islice
from zoneinfo import ZoneInfo

import streamlit as st

from frontends import paging, session
from frontends.i18n import Translations
from frontends.user.document_state import DocumentState, state_of
from sake_ray.client import iterate
from sake_ray.errors import NotFound
from sake_ray.schemas.batches import MAX_BATCHES, BatchRow
from sake_ray.schemas.documents import DocumentOut

LATEST = 20
AT_MOST = 1000
"""Documents that are shown; the service sends no more of a reference either."""


@dataclass(frozen=True, slots=True)
class DocumentSet:
    """The documents of a batch or of a reference; `is_cut` when there are more than are shown."""

    reference: str
    documents: tuple[DocumentOut, ...]
    is_cut: bool = False

    @property
    def is_in_progress(self) -> bool:
        """Whether some are still being read."""
        return any(state_of(document) is DocumentState.IN_PROGRESS for document in self.documents)


def find_documents(batch: str, name: str, words: Translations) -> DocumentSet | None:
    """Find the documents of a batch, or else of a reference, newest batch first; show a note when there are none."""
    try:
        return _list_batch(batch) if batch else _list_named(name)
    except NotFound:
        st.html(empty_html(words("results.none", name=batch or name), words("results.none_hint")))
        return None


def _list_batch(uuid: str) -> DocumentSet:
    """Page by page: of a batch that is being read, only the pages that changed are sent again."""
    client = session.client()
    found = iterate(client.batches.list_documents, uuid)
    documents = tuple(islice(found, AT_MOST))
    return DocumentSet(client.batches.get(uuid).reference, documents, is_cut=next(found, None) is not None)


def _list_named(name: str) -> DocumentSet:
    batches = session.client().batches.find(name)
    documents = tuple(document for batch in batches for document in batch.documents)
    is_cut = len(batches) >= MAX_BATCHES or any(batch.next_cursor is not None for batch in batches)
    return DocumentSet(batches[0].reference, documents, is_cut)


def show_latest(words: Translations, *, view: str = "results") -> None:
    """List the latest uploads with what is left to do in each; one's own, or the whole team's on demand."""
    mine = st.toggle(words("results.only_mine"), value=True, key="only-mine")
    latest = session.client().batches.list(mine=mine, cursor=paging.current_cursor("latest", mine), page_size=LATEST)
    if not latest.total:
        st.html(empty_html(words("results.empty"), words("results.empty_hint")))
        st.page_link("views/upload.py", label=words("user.nav.upload"), icon=":material/upload_file:")
        return
    for batch in latest.items:
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"batch-{batch.uuid}"):
            st.html(_line_html(batch, words), width="stretch")
            goal = {"batch": batch.uuid} if view == "results" else {"reference": batch.reference}
            st.page_link(
                f"views/{view}.py", label=words("card.open"), icon=":material/chevron_right:", query_params=goal
            )
    paging.show_pages("latest", latest, words)


def empty_html(title: str, hint: str) -> str:
    """A note in place of an empty list: what is missing, and what to do."""
    return f'<div class="empty"><b>{escape(title)}</b>{escape(hint)}</div>'


def _line_html(batch: BatchRow, words: Translations) -> str:
    done = batch.n_ended - batch.n_failed - batch.n_review
    counts = (
        ("needs_review", batch.n_review),
        ("in_progress", batch.n_files - batch.n_ended - batch.n_needs_ops),
        ("needs_ops", batch.n_needs_ops),
        ("failed", batch.n_failed),
        ("done", done),
    )
    tones = {"needs_review": "check", "in_progress": "wait", "needs_ops": "check", "failed": "bad", "done": "sure"}
    marks = "".join(
        f'<span class="{tones[state]}">{escape(words.count(f"state.{state}", count))}</span> '
        for state, count in counts
        if count
    )
    return (
        f'<div class="document"><div class="facts"><div class="name">{escape(batch.reference)}</div>'
        f'<div class="meta">{escape(format_moment(batch.submitted_at, words))} · {escape(batch.owner)}</div>{marks}</div></div>'
    )


def format_moment(moment: datetime, words: Translations) -> str:
    """A moment in the reader's time zone."""
    here = moment.astimezone(ZoneInfo(st.context.timezone)) if st.context.timezone else moment.astimezone()
    return here.strftime(words("frame.moment"))
