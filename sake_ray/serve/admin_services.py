"""What the admin works with: the images, the trainings, the models."""

from dataclasses import dataclass
from pathlib import Path

from sake_ray.comparison import Bench
from sake_ray.domain.texts import Recipe
from sake_ray.registry import Registry
from sake_ray.serve.thumbnails import Previews
from sake_ray.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Workshop:
    """The parts that only the admin uses; `logs` is the folder of the jobs' logs, `models` that of
    fetched models."""

    workspace: Workspace
    registry: Registry
    recipe: Recipe
    logs: Path
    previews: Previews
    models: Path

    @property
    def bench(self) -> Bench:
        """What models are judged with."""
        return Bench(self.registry, self.workspace, self.previews.store, self.models, self.recipe)
