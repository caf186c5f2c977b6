"""Find documents by their words."""

from typing import Any

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.search import HitList, MatchesOut


class SearchCalls:
    """Calls about full-text search."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def find(self, q: str, **criteria: Any) -> HitList:
        """Find documents by their words; the criteria are those of GET /search."""
        return self._connection.call(HitList, "GET", "/search", params={"q": q} | criteria)

    def matches(self, id: str, q: str) -> list[int]:
        """Find the words of a document that match a query, counted over all pages from 0."""
        return self._connection.call(MatchesOut, "GET", f"/documents/{segment(id)}/matches", params={"q": q}).words
