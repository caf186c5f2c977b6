"""Say how long documents are kept."""

from sake_ray.client.connection import HttpConnection
from sake_ray.schemas.retention import RetentionOut


class RetentionCalls:
    """Calls about how long documents are kept."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def get(self) -> RetentionOut:
        """Get the rules."""
        return self._connection.call(RetentionOut, "GET", "/admin/retention")

    def set(self, *, months: int | None, team: str = "", label: str = "", with_waiting: bool = False) -> RetentionOut:
        """Keep documents of a team and label, or of all, for so many months; None: for ever."""
        body = {"team": team, "label": label, "months": months, "with_waiting": with_waiting}
        return self._connection.call(RetentionOut, "PUT", "/admin/retention", json=body)

    def withdraw(self, *, team: str = "", label: str = "") -> RetentionOut:
        """Remove a rule."""
        body = {"team": team, "label": label, "withdraw": True}
        return self._connection.call(RetentionOut, "PUT", "/admin/retention", json=body)
