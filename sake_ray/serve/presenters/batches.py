"""Present batches with their documents, as the original system does; how many there may be in one answer."""

from collections.abc import Mapping, Sequence

from sake_ray.domain.documents import Document
from sake_ray.schemas.batches import BatchOut
from sake_ray.storage.records import BatchCount, Span

MAX_DOCUMENTS = 1000
"""In one answer: as many as a batch may have."""


def select_documents(batches: Sequence[BatchCount]) -> list[Span]:
    """Select the documents that one answer has room for: those of the first batches whole, of the next its first ones."""
    spans, room = [], MAX_DOCUMENTS
    for batch in batches:
        spans.append(Span(batch.uuid, 0, min(room, batch.n_files)))
        room -= spans[-1].end
    return spans


def present_batches(
    batches: Sequence[BatchCount], spans: Sequence[Span], documents: Mapping[str, Sequence[Document]]
) -> list[BatchOut]:
    """Present batches with these of their documents; where some are left out, `next_cursor` tells where they begin."""
    return [
        BatchOut.from_domain(
            batch, documents=documents[batch.uuid], next_cursor=span.end if span.end < batch.n_files else None
        )
        for batch, span in zip(batches, spans, strict=True)
    ]
