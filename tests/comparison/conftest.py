"""A workspace as trainings leave it, for each test."""

from pathlib import Path

import pytest

from sake_ray.comparison import ComparisonContext
from sake_ray.data.reading import Reader
from sake_ray.storage.objects import FolderStore
from sake_ray.workspace import Workspace
from tests.comparison.place import Place
from tests.served_office import registry_copy


@pytest.fixture
def place(home: Path, tmp_path: Path, reader: Reader) -> Place:
    """A place with the first model as champion, and an empty workspace."""
    registry, store = registry_copy(home, tmp_path), FolderStore(tmp_path / "objects")
    return Place(
        ComparisonContext(registry, Workspace(tmp_path / "workspace"), store, tmp_path / "models", reader.recipe)
    )
