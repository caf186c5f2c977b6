"""Read the audit log."""

from datetime import datetime

from sake_ray.client.connection import HttpConnection
from sake_ray.schemas.audit import AuditEntryList


class AuditCalls:
    """Calls about who did what, for admins."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def list(
        self,
        *,
        by: str = "",
        action: str = "",
        subject: str = "",
        since: datetime | None = None,
        until: datetime | None = None,
        cursor: str | None = None,
        page_size: int = 100,
    ) -> AuditEntryList:
        """List the entries that fit, newest first."""
        wanted: dict[str, str | int | None] = {
            "by": by,
            "action": action,
            "subject": subject,
            "cursor": cursor,
            "page_size": page_size,
        }
        wanted |= {name: moment.isoformat() for name, moment in (("since", since), ("until", until)) if moment}
        params = {name: value for name, value in wanted.items() if value not in (None, "")}
        return self._connection.call(AuditEntryList, "GET", "/admin/audit", params=params)
