"""Find documents by what they say."""

from typing import Any

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.search import FoundOut, MatchesOut


class SearchCalls(HttpConnection):
    """Calls that find."""

    def search(self, q: str, **criteria: Any) -> FoundOut:
        """Find documents by what they say; the criteria are those of GET /search."""
        return self._ask(FoundOut, "GET", "/search", params={"q": q} | criteria)

    def matches(self, id: str, q: str) -> list[int]:
        """The words of a document that answer a question, counted over all pages from 0."""
        return self._ask(MatchesOut, "GET", f"/documents/{segment(id)}/matches", params={"q": q}).words
