"""See what a candidate's file has, and say what it must have."""

from collections.abc import Sequence
from typing import Any

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.references import ReferenceOut, RequiredOut


class ReferenceCalls(HttpConnection):
    """Calls about candidates' files."""

    def reference(self, reference: str, *, team: str | None = None, page: int = 1) -> ReferenceOut:
        """A candidate's file over all its batches; `team` is for admin and ops, who see those of all."""
        params: dict[str, Any] = {"page": page} | ({"team": team} if team is not None else {})
        return self._ask(ReferenceOut, "GET", f"/references/{segment(reference)}", params=params)

    def required_labels(self) -> RequiredOut:
        """What a candidate's file must have."""
        return self._ask(RequiredOut, "GET", "/admin/required-labels")

    def require_labels(self, labels: Sequence[str]) -> RequiredOut:
        """Say what a candidate's file must have."""
        return self._ask(RequiredOut, "PUT", "/admin/required-labels", json={"labels": list(labels)})
