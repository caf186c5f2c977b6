"""What a home needs before it serves: the tables of its records, and a model."""

from pathlib import Path

from sake_ray.classifier import Classifier
from sake_ray.cli.bootstrap import open_registry
from sake_ray.data.reading import Reader
from sake_ray.registry.versions import ModelVersion
from sake_ray.settings import Settings
from sake_ray.storage.records import Records
from sake_ray.train.first_model.model import load_champion


def make_tables(address: str) -> None:
    """Make the tables of the records in a database."""
    records = Records(address)
    records.database.migrate()
    records.database.close()


def champion_of(home: Path, reader: Reader) -> tuple[ModelVersion, Classifier]:
    """The model that serves in a home; made first in an empty one."""
    registry = open_registry(Settings(home=home))
    return load_champion(registry, home, recipe=reader.recipe, on_stage=print)
