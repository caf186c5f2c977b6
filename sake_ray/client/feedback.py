"""Make training images of what people answer."""

from typing import Any

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.feedback import DecisionOut, FeedbackOut, ImportedOut
from sake_ray.schemas.review import ReviewOut


class FeedbackCalls(HttpConnection):
    """Calls about answers and what is made of them."""

    def review(self, limit: int = 20) -> ReviewOut:
        """The unanswered documents that teach most, those first."""
        return self._ask(ReviewOut, "GET", "/admin/review", params={"limit": limit})

    def feedback(self, **criteria: Any) -> FeedbackOut:
        """What people answered: what an import would do, what waits for a decision; a page of each."""
        return self._ask(FeedbackOut, "GET", "/admin/feedback", params=criteria)

    def import_feedback(self) -> ImportedOut:
        """Make training images of the answers; sent again it does nothing more."""
        return self._ask(ImportedOut, "POST", "/admin/feedback/import")

    def decide_feedback(self, document: str, decision: str) -> DecisionOut:
        """Decide what a document trains."""
        path = f"/admin/feedback/{segment(document)}"
        return self._ask(DecisionOut, "POST", path, json={"decision": decision})
