"""Pack all that there is under a reference, as a ZIP that is sent as it is made: originals, texts, findings, answers."""

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sake_ray.data.pages.media import ENDINGS
from sake_ray.data.stored_texts import fetch_text
from sake_ray.domain.documents import Document, Status
from sake_ray.domain.texts import Recipe
from sake_ray.errors import ObjectMissing
from sake_ray.serve.executors import OBJECTS
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import DocumentFilter, Records

PIECE_BYTES = 1_000_000
CHUNK = 100
DATA = "data.json"


class _Pipe:
    """A file that is written to, and read from as it grows; zipfile writes to it as to any that cannot go back."""

    def __init__(self) -> None:
        self._written: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Take what zipfile writes."""
        self._written.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Do nothing."""

    def take(self) -> bytes:
        """Take what was written since the last time."""
        taken, self._written = b"".join(self._written), []
        return taken


def pack_reference(
    records: Records, store: ObjectStore, reference: str, *, team: str | None, current: Recipe | None
) -> Iterator[bytes]:
    """Pack the documents of a reference, never more than a piece of one in memory.

    An original or a text that is gone is said to be so in data.json, which comes last.
    """
    pipe, entries, packed = _Pipe(), list[Mapping[str, Any]](), set[str]()
    with ZipFile(pipe, "w", ZIP_DEFLATED) as archive:  # type: ignore[call-overload]
        for document in _iterate(records, reference, team):
            original = f"originals/{document.root}{ENDINGS.get(document.media_type, '')}"
            if original not in packed and store.exists(document.original):
                packed.add(original)
                # Scans are packed already.
                for _ in _write(archive, store, document.original, original):
                    yield pipe.take()
            text = _find_text(store, document, current)
            name = f"texts/{document.id}.txt"
            if text is not None:
                archive.writestr(name, text.encode("utf-8", "replace"))
                yield pipe.take()
            entry = _describe(records, document)
            entry |= {"original": original if original in packed else None, "text": name if text is not None else None}
            entries.append(entry)
        content = {"reference": reference, "made_at": datetime.now(UTC).isoformat(), "documents": entries}
        archive.writestr(DATA, json.dumps(content, ensure_ascii=False, indent=1).encode("utf-8", "replace"))
    yield pipe.take()


async def send_on_threads(pieces: Iterator[bytes]) -> AsyncIterator[bytes]:
    """Yield the pieces, each made on a thread for objects."""
    while (piece := await OBJECTS.run(next, pieces, None)) is not None:
        if piece:
            yield piece


def _iterate(records: Records, reference: str, team: str | None) -> Iterator[Document]:
    # What is in the bin is there, too.
    for status in (None, Status.BINNED):
        criteria, after = DocumentFilter(team, status, reference=reference), None
        while True:
            found = records.documents.list(criteria, after=after, limit=CHUNK)
            yield from found.items
            after = found.next_cursor
            if after is None:
                break


def count_documents(records: Records, reference: str, team: str | None) -> int:
    """Count the documents of a reference, with those in the bin."""
    return sum(
        records.documents.list(DocumentFilter(team, status, reference=reference), limit=1).counted
        for status in (None, Status.BINNED)
    )


def _write(archive: ZipFile, store: ObjectStore, key: str, name: str) -> Iterator[None]:
    info = ZipInfo(name, datetime.now(UTC).timetuple()[:6])
    info.compress_type = ZIP_STORED
    size, start = store.size(key), 0
    with archive.open(info, "w") as member:
        while start < size:
            piece = store.get_range(key, start, PIECE_BYTES)
            if not piece:
                return  # it was deleted meanwhile
            member.write(piece)
            start += len(piece)
            yield
    yield


def _find_text(store: ObjectStore, document: Document, current: Recipe | None) -> str | None:
    if document.reading is None:
        return None
    try:
        found = fetch_text(
            store, document.sha256, document.reading.recipe, page_range=document.page_range, current=current
        )
    except ObjectMissing:
        return None
    return found.text if found else None


def _describe(records: Records, document: Document) -> dict[str, Any]:
    """Describe a document: without the accounts of who answered, which are of other persons."""
    answers = [
        {"answer": one.answer, "at": one.at.isoformat()} for one in records.answers.list_of_document(document.id)
    ]
    prediction, pages, reading = document.prediction, document.page_range, document.reading
    return {
        "id": document.id,
        "batch": document.batch,
        "team": document.team,
        "name": document.name,
        "media_type": document.media_type,
        "bytes": document.size,
        "sha256": document.sha256,
        "submitted_at": document.submitted_at.isoformat(),
        "ended_at": document.ended_at.isoformat() if document.ended_at else None,
        "status": document.status.value,
        "part_of": document.parent,
        "pages_of_file": [pages.first, pages.last] if pages else None,
        "pages": document.pages,
        "language": reading.language if reading else None,
        "recognition_confidence": reading.ocr_confidence if reading else None,
        "label": document.label,
        "probabilities": dict(document.probabilities),
        "needs_review": document.needs_review,
        "model_version": prediction.model_version if prediction else None,
        "answers": answers,
    }
