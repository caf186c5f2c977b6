"""Look at training runs, compare their models, register one."""

from pydantic import TypeAdapter

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.comparison import ComparisonOut
from sake_ray.schemas.models import ModelOut, RunOut

RUNS = TypeAdapter(list[RunOut])


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

    def list(self, *, limit: int = 100) -> list[RunOut]:
        """List the runs, newest first."""
        return RUNS.validate_json(self._connection.send("GET", "/admin/runs", params={"limit": limit}).content)
