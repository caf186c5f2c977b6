"""Ask a database of the records how it is, and leave no trace in it."""

from dataclasses import dataclass
from datetime import UTC, datetime

import sqlalchemy as sa

from sake_ray.storage.records.database import Database
from sake_ray.storage.records.revisions import find_revision, list_revisions
from sake_ray.storage.records.tables import checks

PROBE = "probe"


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """What a database says of itself: its kind and version, the revision of its tables, and the seconds it is ahead of us."""

    kind: str
    version: tuple[int, ...]
    revision: str | None
    seconds_ahead: float

    @property
    def pending(self) -> tuple[str, ...]:
        """The migrations that its tables lack; none without tables, which are made as the newest."""
        return tuple(one for one in list_revisions() if self.revision and one > self.revision)

    @property
    def is_newer(self) -> bool:
        """Whether its tables are of a version of the program that this one does not know."""
        return self.revision is not None and self.revision not in list_revisions()


def probe_database(database: Database) -> DatabaseState:
    """Ask a database for its state. Raises StorageUnavailable."""
    with database.transaction(reads_only=True) as connection:
        version = connection.dialect.server_version_info or ()
        asked = datetime.now(UTC)
        ahead = 0.0
        if not database.is_sqlite:
            theirs = connection.execute(sa.text("SELECT clock_timestamp()")).scalar_one()
            ahead = (theirs - (asked + (datetime.now(UTC) - asked) / 2)).total_seconds()
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    return DatabaseState(kind, tuple(map(int, version)), find_revision(database), ahead)


def probe_writing(database: Database) -> None:
    """Write into a database, and take it back. Raises StorageUnavailable when that is refused."""
    newest = find_revision(database) == list_revisions()[-1]
    now = datetime.now(UTC)
    row = {"name": PROBE, "position": {}, "documents": 0, "started_at": now, "checked_at": now}
    with database.connect() as connection, connection.begin() as transaction:
        if newest:
            connection.execute(checks.insert().values(**row))
        else:
            connection.execute(sa.text("CREATE TABLE sake_probe (probe INTEGER)"))
        transaction.rollback()
