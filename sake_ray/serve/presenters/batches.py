"""Present batches with their documents, as the original system does; how many there may be in one answer."""

from collections.abc import Mapping, Sequence

from sake_ray.domain.documents import Document
from sake_ray.domain.listing import make_cursor, parse_named_cursor
from sake_ray.schemas.batches import BatchOut
from sake_ray.storage.records import BatchCount, Span

MAX_DOCUMENTS = 1000
"""In one answer: as many as a batch may have."""
LIST = "batch documents"
MAX_POSITION = 1_000_000_000


def select_documents(batches: Sequence[BatchCount]) -> list[Span]:
    """Select the documents that one answer has room for: those of the first batches whole, of the next its first ones."""
    spans, room = [], MAX_DOCUMENTS
    for batch in batches:
        spans.append(Span(batch.uuid, 0, min(room, batch.n_positions)))
        room -= spans[-1].end
    return spans


def present_batches(
    batches: Sequence[BatchCount], spans: Sequence[Span], documents: Mapping[str, Sequence[Document]]
) -> list[BatchOut]:
    """Present batches with these of their documents; where some are left out, `next_cursor` tells where they begin."""
    cursors = [
        make_document_cursor(span.end) if span.end < batch.n_positions else None
        for batch, span in zip(batches, spans, strict=True)
    ]
    return [
        BatchOut.from_domain(batch, documents=documents[batch.uuid], next_cursor=cursor)
        for batch, cursor in zip(batches, cursors, strict=True)
    ]


def make_document_cursor(position: int) -> str:
    """Make the cursor of the documents of a batch from a position (the first is 0) on."""
    return make_cursor([LIST, position])


def parse_document_cursor(cursor: str | None) -> int:
    """Return the position that a cursor means; raises InputError for that of another list."""
    if cursor is None:
        return 0
    (position,) = parse_named_cursor(LIST, cursor, [int])
    return min(max(0, int(position)), MAX_POSITION)
