"""Look at documents, and answer what they are."""

from typing import Any

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.answers import AnswerOut, LabelsOut
from sake_ray.schemas.documents import DocumentDetail, DocumentList, DocumentRow
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

    def answer(self, id: str, answer: str) -> AnswerOut:
        """Answer what a document is. An answer sent twice is stored twice and counts once: the newest counts."""
        return self._connection.call(AnswerOut, "POST", f"/documents/{segment(id)}/answers", json={"answer": answer})

    def retry(self, id: str) -> DocumentRow:
        """Have a document tried again that needs ops; any other stays as it is."""
        return self._connection.call(DocumentRow, "POST", f"/documents/{segment(id)}/retry")

    def labels(self) -> LabelsOut:
        """List the labels of the model, and what can be answered."""
        return self._connection.call(LabelsOut, "GET", "/labels")
