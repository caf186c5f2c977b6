"""Erase references, and see how far that is."""

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.erasures import ErasureList, ErasureOut, ErasurePlanOut


class ErasureCalls:
    """Calls about erasures."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def plan(self, reference: str, *, team: str | None = None) -> ErasurePlanOut:
        """Ask what would be erased; nothing is."""
        path = f"/references/{segment(reference)}"
        return self._connection.call(ErasurePlanOut, "DELETE", path, params={"team": team})

    def erase(self, reference: str, *, confirm: str, team: str | None = None) -> ErasurePlanOut:
        """Erase what `plan` has shown, by its token; raises ErasureOutdated when there is something else by now."""
        path, params = f"/references/{segment(reference)}", {"team": team, "confirm": confirm}
        return self._connection.call(ErasurePlanOut, "DELETE", path, params=params)

    def list(self, *, cursor: str | None = None, page_size: int = 50) -> ErasureList:
        """List the erasures, newest first."""
        params = {"cursor": cursor, "page_size": page_size}
        return self._connection.call(ErasureList, "GET", "/admin/erasures", params=params)

    def get(self, number: int) -> ErasureOut:
        """Get one erasure."""
        return self._connection.call(ErasureOut, "GET", f"/admin/erasures/{number}")
