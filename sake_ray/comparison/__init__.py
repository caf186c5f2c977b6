"""Evaluate models on documents that they were not trained on: one against another, or against an error budget."""

from dataclasses import dataclass
from pathlib import Path

from sake_ray.domain.texts import Recipe
from sake_ray.registry import Registry
from sake_ray.storage.objects import ObjectStore
from sake_ray.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ComparisonContext:
    """What a comparison needs: where models, documents and their texts are, and how documents are read here."""

    registry: Registry
    workspace: Workspace
    store: ObjectStore
    models: Path
    recipe: Recipe
