"""Look at trainings and model versions, compare them, let one serve."""

from pydantic import TypeAdapter

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.comparison import ComparisonOut
from sake_ray.schemas.models import ModelOut, ModelsOut, PromotionOut, RunOut

RUNS, PROMOTIONS = TypeAdapter(list[RunOut]), TypeAdapter(list[PromotionOut])


class ModelCalls(HttpConnection):
    """Calls about trainings and model versions."""

    def runs(self, *, limit: int = 100) -> list[RunOut]:
        """The trainings, newest first."""
        return RUNS.validate_json(self._send("GET", "/admin/runs", params={"limit": limit}).content)

    def run(self, id: str) -> RunOut:
        """One training."""
        return self._ask(RunOut, "GET", f"/admin/runs/{segment(id)}")

    def register(self, run: str) -> ModelOut:
        """Make a model version of a training."""
        return self._ask(ModelOut, "POST", f"/admin/runs/{segment(run)}/register")

    def models(self) -> ModelsOut:
        """The model versions, newest first."""
        return self._ask(ModelsOut, "GET", "/admin/models")

    def promote(self, version: int, *, why: str = "", force: bool = False) -> ModelOut:
        """Let a model version serve; one that is worse than the champion, or not known not to be, takes force and a reason."""
        said = {"why": why, "force": force}
        return self._ask(ModelOut, "POST", f"/admin/models/{version}/promote", json=said)

    def rollback(self, *, why: str = "") -> ModelOut:
        """Let the version that served before serve again."""
        return self._ask(ModelOut, "POST", "/admin/models/rollback", json={"why": why})

    def promotions(self, *, limit: int = 100) -> list[PromotionOut]:
        """Who let which version serve, newest first."""
        return PROMOTIONS.validate_json(self._send("GET", "/admin/models/log", params={"limit": limit}).content)

    def compare(self, a: str, b: str) -> ComparisonOut:
        """How model b stands against model a, each a version number, a run id or `champion`; for admins."""
        return self._ask(ComparisonOut, "GET", "/admin/runs/compare", params={"a": a, "b": b})
