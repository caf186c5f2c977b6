"""Look at training runs, compare their models, register one."""

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.comparison import ComparisonOut
from sake_ray.schemas.models import ModelOut, RunList, RunOut


class RunCalls:
    """Calls about training runs."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def get(self, id: str) -> RunOut:
        """Get one run."""
        return self._connection.call(RunOut, "GET", f"/admin/runs/{segment(id)}")

    def register(self, id: str, *, key: str | None = None) -> ModelOut:
        """Register the model of a run as a model version."""
        return self._connection.call(ModelOut, "POST", f"/admin/runs/{segment(id)}/register", key=key)

    def compare(self, a: str, b: str) -> ComparisonOut:
        """Compare model b with model a, each a version number, a run id or `champion`; for admins."""
        return self._connection.call(ComparisonOut, "GET", "/admin/runs/compare", params={"a": a, "b": b})

    def list(self, *, cursor: str | None = None, page_size: int = 100) -> RunList:
        """List the runs, newest first."""
        params = {"cursor": cursor, "page_size": page_size}
        return self._connection.call(RunList, "GET", "/admin/runs", params=params)
