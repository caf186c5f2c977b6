"""Store the checksum of every model version that was registered here, so that a replaced one is noticed."""

from datetime import datetime

import sqlalchemy as sa

from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import models


class Models:
    """The registered model versions and their checksums."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def add(self, number: int, sha256: str, *, now: datetime) -> None:
        """Add a version; one of the same number, from an earlier MLflow, is replaced."""
        with self.database.transaction() as connection:
            connection.execute(models.delete().where(models.c.number == number))
            connection.execute(models.insert().values(number=number, sha256=sha256, noted=now))

    def list_checksums(self) -> dict[int, str]:
        """List the checksum of each version, by its number."""
        with self.database.transaction(reads_only=True) as connection:
            return {row.number: row.sha256 for row in connection.execute(sa.select(models))}
