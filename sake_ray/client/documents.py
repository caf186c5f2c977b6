"""Look at a document, and say what it is."""

from typing import Any

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.answers import AnswerOut, LabelsOut
from sake_ray.schemas.documents import DocumentDetail, DocumentsOut
from sake_ray.schemas.words import ExplanationOut, WordsOut


class DocumentCalls(HttpConnection):
    """Calls about single documents."""

    def documents(self, **criteria: Any) -> DocumentsOut:
        """List documents; the criteria are those of GET /documents."""
        return self._ask(DocumentsOut, "GET", "/documents", params=criteria)

    def document(self, id: str) -> DocumentDetail:
        """A document with its text."""
        return self._ask(DocumentDetail, "GET", f"/documents/{segment(id)}")

    def words(self, id: str) -> WordsOut:
        """The words of a document."""
        return self._ask(WordsOut, "GET", f"/documents/{segment(id)}/words")

    def explanation(self, id: str, label: str | None = None) -> ExplanationOut:
        """Why a document was classified so."""
        params = {"label": label} if label else {}
        return self._ask(ExplanationOut, "GET", f"/documents/{segment(id)}/explanation", params=params)

    def picture(self, id: str, number: int, *, small: bool = False) -> bytes:
        """The image of a page as JPEG."""
        return self._send("GET", f"/documents/{segment(id)}/pages/{number}{'/thumbnail' * small}").content

    def original(self, id: str) -> bytes:
        """The bytes as they were handed in."""
        return self._send("GET", f"/documents/{segment(id)}/original").content

    def answer(self, id: str, answer: str) -> AnswerOut:
        """Say what a document is. Sent again it is kept twice, and counts once: the newest counts."""
        return self._ask(AnswerOut, "POST", f"/documents/{segment(id)}/answers", json={"answer": answer})

    def labels(self) -> LabelsOut:
        """What a document can be."""
        return self._ask(LabelsOut, "GET", "/labels")
