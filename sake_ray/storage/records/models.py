"""Keep the checksum of every model version that was registered here, so that another in its place is noticed."""

from datetime import datetime

import sqlalchemy as sa

from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import models


class Models:
    """Which model versions are known, and by which checksum."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def note(self, number: int, sha256: str, *, now: datetime) -> None:
        """Know a version from now on by this checksum; in an MLflow begun anew the numbers begin anew, too."""
        with self.database.transaction() as connection:
            connection.execute(models.delete().where(models.c.number == number))
            connection.execute(models.insert().values(number=number, sha256=sha256, noted=now))

    def checksums(self) -> dict[int, str]:
        """The checksum of each known version, by its number."""
        with self.database.transaction(reads_only=True) as connection:
            return {row.number: row.sha256 for row in connection.execute(sa.select(models))}
