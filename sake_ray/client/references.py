"""Look at a candidate's file, and set what every file must have."""

from collections.abc import Sequence

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.references import ReferenceOut, RequiredOut


class ReferenceCalls:
    """Calls about candidates' files."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def get(
        self, reference: str, *, team: str | None = None, cursor: str | None = None, page_size: int = 200
    ) -> ReferenceOut:
        """Get a candidate's file over all its batches; `team` is for admin and ops, who see those of all."""
        path = f"/references/{segment(reference)}"
        return self._connection.poll(
            ReferenceOut.model_validate_json, path, team=team, cursor=cursor, page_size=page_size
        )

    def data(self, reference: str, *, team: str | None = None) -> bytes:
        """Get all that there is of a reference as a ZIP: originals, texts, and data.json."""
        path = f"/references/{segment(reference)}/data.zip"
        return self._connection.send("GET", path, params={"team": team}).content

    def required_labels(self) -> RequiredOut:
        """Get the labels that a candidate's file must have."""
        return self._connection.call(RequiredOut, "GET", "/admin/required-labels")

    def require_labels(self, labels: Sequence[str]) -> RequiredOut:
        """Set the labels that a candidate's file must have."""
        return self._connection.call(RequiredOut, "PUT", "/admin/required-labels", json={"labels": list(labels)})
