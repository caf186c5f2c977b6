"""The parts of the service that only admins use: images, trainings, models."""

from dataclasses import dataclass
from pathlib import Path

from sake_ray.comparison import ComparisonContext
from sake_ray.domain.texts import Recipe
from sake_ray.registry import Registry
from sake_ray.serve.thumbnails import ThumbnailMaker
from sake_ray.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AdminServices:
    """The parts that only admins use; `job_logs` is the folder of the jobs' logs, `models` that of downloaded models.

    Without a rule documents are kept for `retention_months`, 0 for ever.
    """

    workspace: Workspace
    registry: Registry
    recipe: Recipe
    job_logs: Path
    thumbnails: ThumbnailMaker
    models: Path
    retention_months: int = 24

    @property
    def comparison_context(self) -> ComparisonContext:
        """What comparing models needs."""
        return ComparisonContext(self.registry, self.workspace, self.thumbnails.store, self.models, self.recipe)
