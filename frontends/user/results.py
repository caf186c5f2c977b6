"""Find documents by batch or reference, and list the latest."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from frontends import session
from frontends.user.stand import Stand, stand_of
from frontends.words import Words
from sake_ray.errors import NotFound
from sake_ray.schemas import DocumentOut, DocumentRow

LATEST = 200


@dataclass(frozen=True, slots=True)
class Found:
    """The documents of a batch or of a reference."""

    reference: str
    documents: tuple[DocumentOut, ...]

    @property
    def working(self) -> bool:
        """Whether some are still being read."""
        return any(stand_of(document) is Stand.WORK for document in self.documents)


def find(wanted: str, words: Words) -> Found | None:
    """The documents of that uuid or reference, newest batch first; says so when there are none."""
    try:
        batches = session.client().batches(wanted)
    except NotFound:
        st.html(empty_html(words("results.none", name=wanted), words("results.none_hint")))
        return None
    return Found(batches[0].reference, tuple(document for batch in batches for document in batch.documents))


def show_latest(words: Words) -> None:
    """List the references of the latest documents, with what is to do in each."""
    rows = session.client().documents(page_size=LATEST).documents
    if not rows:
        st.html(empty_html(words("results.empty"), words("results.empty_hint")))
        st.page_link("views/upload.py", label=words("user.nav.upload"), icon=":material/upload_file:")
        return
    st.subheader(words("results.latest"), anchor=False)
    for reference, inside in by_reference(rows).items():
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.html(_line_html(reference, inside, words), width="stretch")
            st.page_link(
                "views/results.py",
                label=words("card.open"),
                icon=":material/chevron_right:",
                query_params={"reference": reference},
            )


def by_reference(rows: Sequence[DocumentRow]) -> dict[str, list[DocumentRow]]:
    """Group documents by reference, newest first."""
    grouped: dict[str, list[DocumentRow]] = {}
    for row in rows:
        grouped.setdefault(row.reference, []).append(row)
    return grouped


def empty_html(title: str, hint: str) -> str:
    """A friendly nothing: what is not there, and what to do."""
    return f'<div class="empty"><b>{escape(title)}</b>{escape(hint)}</div>'


def _line_html(reference: str, inside: Sequence[DocumentRow], words: Words) -> str:
    heaps = [stand_of(row) for row in inside]
    tones = {Stand.CHECK: "check", Stand.WORK: "wait", Stand.FAILED: "bad", Stand.DONE: "sure"}
    counts = {heap: heaps.count(heap) for heap in Stand if heap in heaps}
    marks = "".join(
        f'<span class="{tones[heap]}">{escape(words.count(f"heap.{heap}", count))}</span> '
        for heap, count in counts.items()
    )
    day = f"{inside[0].submitted_at.astimezone():%d.%m.%Y %H:%M}"
    return (
        f'<div class="document"><div class="told"><div class="name">{escape(reference)}</div><div class="meta">{day}</div>'
        f"{marks}</div></div>"
    )
