"""Look at documents, and answer what they are."""

from collections.abc import Sequence
from typing import Any

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.answers import AnswerOut, LabelsOut
from sake_ray.schemas.documents import DocumentDetail, DocumentList, DocumentRow, SplitOut
from sake_ray.schemas.words import ExplanationOut, WordsOut


class DocumentCalls:
    """Calls about documents."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def list(self, **criteria: Any) -> DocumentList:
        """List documents; the criteria are those of GET /documents."""
        return self._connection.call(DocumentList, "GET", "/documents", params=criteria)

    def get(self, id: str) -> DocumentDetail:
        """Get a document with its text."""
        return self._connection.poll(DocumentDetail.model_validate_json, f"/documents/{segment(id)}")

    def words(self, id: str) -> WordsOut:
        """Get the words of a document."""
        return self._connection.call(WordsOut, "GET", f"/documents/{segment(id)}/words")

    def explain(self, id: str, label: str | None = None) -> ExplanationOut:
        """Explain the prediction of a document, or how it scores for another label."""
        params = {"label": label} if label else {}
        return self._connection.call(ExplanationOut, "GET", f"/documents/{segment(id)}/explanation", params=params)

    def page_image(self, id: str, number: int, *, small: bool = False) -> bytes:
        """Get the image of a page as JPEG."""
        path = f"/documents/{segment(id)}/pages/{number}{'/thumbnail' * small}"
        return self._connection.send("GET", path).content

    def original(self, id: str) -> bytes:
        """Get the bytes as they were submitted."""
        return self._connection.send("GET", f"/documents/{segment(id)}/original").content

    def export(self, *, format: str = "csv", **criteria: Any) -> bytes:
        """Get all documents that fit as CSV, or as JSON lines (jsonl); the criteria are those of GET /documents."""
        return self._connection.send("GET", "/documents/export", params={"format": format, **criteria}).content

    def searchable_pdf(self, id: str) -> bytes:
        """Get the page images as a PDF with the words invisibly in their places."""
        return self._connection.send("GET", f"/documents/{segment(id)}/searchable.pdf").content

    def answer(self, id: str, answer: str) -> AnswerOut:
        """Answer what a document is. An answer sent twice is stored twice and counts once: the newest counts."""
        return self._connection.call(AnswerOut, "POST", f"/documents/{segment(id)}/answers", json={"answer": answer})

    def split(self, id: str, parts: Sequence[tuple[int, int]] | None = None, *, key: str | None = None) -> SplitOut:
        """Split a document into parts (first and last page of each, as the file numbers them), by default as proposed."""
        pages = None if parts is None else [{"first_page": first, "last_page": last} for first, last in parts]
        return self._connection.call(
            SplitOut, "POST", f"/documents/{segment(id)}/split", json={"parts": pages}, key=key
        )

    def undo_split(self, id: str, *, key: str | None = None) -> SplitOut:
        """Make one document again of all parts of the file that this one is, or is a part of."""
        return self._connection.call(SplitOut, "DELETE", f"/documents/{segment(id)}/split", key=key)

    def remove(self, id: str) -> DocumentRow:
        """Put a document into the bin; in a batch or list it is no more."""
        return self._connection.call(DocumentRow, "DELETE", f"/documents/{segment(id)}")

    def restore(self, id: str) -> DocumentRow:
        """Take a document out of the bin; any other stays as it is."""
        return self._connection.call(DocumentRow, "POST", f"/documents/{segment(id)}/restore")

    def retry(self, id: str) -> DocumentRow:
        """Have a document tried again that needs ops; any other stays as it is."""
        return self._connection.call(DocumentRow, "POST", f"/documents/{segment(id)}/retry")

    def labels(self) -> LabelsOut:
        """List the labels of the model, and what can be answered."""
        return self._connection.call(LabelsOut, "GET", "/labels")
