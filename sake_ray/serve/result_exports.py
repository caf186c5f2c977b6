"""Write results as CSV or JSON lines, some documents at a time, however many there are."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from enum import StrEnum

from sake_ray.domain.documents import Document
from sake_ray.schemas.documents import DocumentRow
from sake_ray.serve.executors import RECORDS
from sake_ray.spreadsheets import escape_formula
from sake_ray.storage.records import DocumentFilter, Records, Span

CHUNK = 500
"""Documents that are read, and sent, at a time."""
COLUMNS = (
    *("id", "uuid", "reference", "name", "submitted_at", "status", "label", "confidence", "needs_review", "answer"),
    *("language", "pages", "ocr_confidence", "model_version", "policy_version", "parent", "first_page", "last_page"),
    *("error_code", "error"),
)
"""Of a CSV, as `GET /documents` names them; what is no single value is in the JSON lines only."""

NextChunk = Callable[[str | None], tuple[Sequence[Document], str | None]]
"""Reads the documents from a cursor on (None: the first), and returns the cursor of those that follow, None at the end."""


class ExportFormat(StrEnum):
    """In which form results are written."""

    CSV = "csv"
    JSONL = "jsonl"

    @property
    def media_type(self) -> str:
        """What it is over HTTP."""
        return "text/csv; charset=utf-8; header=present" if self is ExportFormat.CSV else "application/x-ndjson"


def read_batch(records: Records, uuid: str) -> NextChunk:
    """Read the documents of a batch in the order they came."""

    def read(cursor: str | None) -> tuple[Sequence[Document], str | None]:
        start = int(cursor or 0)
        found = records.batches.list_documents([Span(uuid, start, start + CHUNK)])[uuid]
        end = start + CHUNK
        return found, str(end) if records.batches.count_positions(uuid) > end else None

    return read


def read_list(records: Records, wanted: DocumentFilter | None) -> NextChunk:
    """Read the documents that fit, newest first; None fits nothing."""

    def read(cursor: str | None) -> tuple[Sequence[Document], str | None]:
        if wanted is None:
            return (), None
        page = records.documents.list(wanted, after=cursor, limit=CHUNK)
        return page.items, page.next_cursor

    return read


async def write_results(read: NextChunk, form: ExportFormat) -> AsyncIterator[bytes]:
    """Write the documents as they are read; before the first piece comes, the first of them are read."""
    write = write_csv if form is ExportFormat.CSV else write_json_lines
    found, cursor = await RECORDS.run(read, None)
    yield await RECORDS.run(write, found, head=True)
    while cursor is not None:
        found, cursor = await RECORDS.run(read, cursor)
        yield await RECORDS.run(write, found)


def write_csv(documents: Sequence[Document], *, head: bool = False) -> bytes:
    """Write a line for each document (RFC 4180), for spreadsheets too: what one would run as a formula is text."""
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\r\n")
    if head:
        writer.writerow(COLUMNS)
    writer.writerows(map(_cells, documents))
    return table.getvalue().encode("utf-8", "replace")


def write_json_lines(documents: Sequence[Document], *, head: bool = False) -> bytes:  # noqa: ARG001 - as of the CSV
    """Write a line for each document, as `GET /documents` has it."""
    return b"".join(DocumentRow.model_validate(document).model_dump_json().encode() + b"\n" for document in documents)


def _cells(document: Document) -> Iterator[str]:
    row = DocumentRow.model_validate(document).model_dump(mode="json", include=set(COLUMNS))
    for name in COLUMNS:
        value = row[name]
        if isinstance(value, str):
            yield escape_formula(value)
        elif isinstance(value, bool):
            yield "true" if value else "false"
        else:
            yield "" if value is None else str(value)
