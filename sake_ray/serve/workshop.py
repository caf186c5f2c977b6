"""What the admin works with: the images, the trainings, the models."""

from dataclasses import dataclass
from pathlib import Path

from sake_ray.domain import Recipe
from sake_ray.registry import Registry
from sake_ray.serve.previews import Previews
from sake_ray.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Workshop:
    """The parts that only the admin uses; `logs` is the folder of the jobs' logs."""

    workspace: Workspace
    registry: Registry
    recipe: Recipe
    logs: Path
    previews: Previews
