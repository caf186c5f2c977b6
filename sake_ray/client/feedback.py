"""Turn people's answers into training images."""

from typing import Any

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.feedback import DecisionOut, FeedbackList, ImportedOut
from sake_ray.schemas.review import ReviewList


class FeedbackCalls:
    """Calls about answers and what becomes of them."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def reviews(self, limit: int = 20) -> ReviewList:
        """List the unanswered documents whose answers help training most, best first."""
        return self._connection.call(ReviewList, "GET", "/admin/review", params={"limit": limit})

    def list(self, **criteria: Any) -> FeedbackList:
        """List what waits for a decision, then what an import would do; one page of them."""
        return self._connection.call(FeedbackList, "GET", "/admin/feedback", params=criteria)

    def import_answers(self) -> ImportedOut:
        """Make training images of the answers; a second import changes nothing more."""
        return self._connection.call(ImportedOut, "POST", "/admin/feedback/import")

    def decide(self, document: str, decision: str) -> DecisionOut:
        """Decide what a document trains."""
        path = f"/admin/feedback/{segment(document)}"
        return self._connection.call(DecisionOut, "POST", path, json={"decision": decision})
