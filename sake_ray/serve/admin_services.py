"""What the admin works with: the images, the trainings, the models."""

from dataclasses import dataclass
from pathlib import Path

from sake_ray.comparison import ComparisonContext
from sake_ray.domain.texts import Recipe
from sake_ray.registry import Registry
from sake_ray.serve.thumbnails import ThumbnailMaker
from sake_ray.workspace import Workspace


@dataclass(frozen=True, slots=True)
class AdminServices:
    """The parts that only the admin uses; `logs` is the folder of the jobs' logs, `models` that of
    fetched models."""

    workspace: Workspace
    registry: Registry
    recipe: Recipe
    logs: Path
    previews: ThumbnailMaker
    models: Path

    @property
    def bench(self) -> ComparisonContext:
        """What models are judged with."""
        return ComparisonContext(self.registry, self.workspace, self.previews.store, self.models, self.recipe)
