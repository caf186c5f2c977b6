"""Store which files of watched places were handed in, and how each place fares.

A file is known by a hash over where it was found and its content. It is recorded by the transaction that accepts its document, so
that of any number of watchers, and of tries after a kill, one hands it in. There is no name and no path in these rows.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from sake_ray.domain.documents import Status
from sake_ray.errors import NOTHING, Message
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.locks import delete_unlocked
from sake_ray.storage.records.tables import documents, watched_files, watched_places

CHUNK = 500
WORKED_ON = {Status.PENDING.value, Status.IN_PROGRESS.value, Status.NEEDS_OPS.value}
FORGET_AFTER = timedelta(days=7)
"""A place that nobody has looked at for so long is no longer told of."""


@dataclass(frozen=True, slots=True)
class WatchedFile:
    """A file of a watched place and its document: hashes of place and content, and of place, size and time of change."""

    identity: str
    stamp: str
    document: str


@dataclass(frozen=True, slots=True)
class WatchedPlace:
    """How a place fares: files handed in and failed since it was first looked at, and files that wait since when.

    `id` is a hash of its address. `away` is why it could not be looked at the last time; empty when it could.
    """

    id: str
    name: str
    team: str
    looked_at: datetime
    handed_in: int = 0
    failed: int = 0
    waiting: int = 0
    oldest_at: datetime | None = None
    away: str = ""


@dataclass(frozen=True, slots=True)
class WatchedOutcome:
    """What became of a file that was handed in: whether its document has ended, and the sentence of one that failed."""

    has_ended: bool
    error: Message = NOTHING


class AlreadyHandedIn(Exception):
    """Some of the files were handed in before; `documents` are the ids that those would have got now."""

    def __init__(self, documents: Collection[str]) -> None:
        super().__init__(documents)
        self.documents = frozenset(documents)


class Watched:
    """The files that were handed in from watched places, and the places."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find_outcomes(self, stamps: Sequence[str]) -> dict[str, WatchedOutcome]:
        """Find what became of the files with these stamps, of those that were handed in."""
        of = documents.c
        query = sa.select(watched_files.c.stamp, of.status, of.error, of.error_code, of.error_params)
        query = query.select_from(watched_files.outerjoin(documents, of.id == watched_files.c.document))
        found: dict[str, WatchedOutcome] = {}
        with self.database.transaction(reads_only=True) as connection:
            for start in range(0, len(stamps), CHUNK):
                part = query.where(watched_files.c.stamp.in_(stamps[start : start + CHUNK]))
                found |= {row.stamp: _outcome(row) for row in connection.execute(part)}
        return found

    @repeatable
    def restamp(self, files: Sequence[WatchedFile]) -> None:
        """Record that files which were handed in before are there again, with another time of change."""
        with self.database.transaction() as connection:
            for file in sorted(files, key=lambda file: file.identity):
                known = watched_files.update().where(watched_files.c.identity == file.identity)
                connection.execute(known.values(stamp=file.stamp))

    @repeatable
    def record_look(self, place: WatchedPlace) -> None:
        """Record a look at a place; its files handed in and failed are added to those of before."""
        values = {
            "name": place.name,
            "team": place.team,
            "looked_at": place.looked_at,
            "waiting": place.waiting,
            "oldest_at": place.oldest_at,
            "away": place.away,
        }
        with self.database.transaction() as connection:
            delete_unlocked(connection, watched_places, watched_places.c.looked_at < place.looked_at - FORGET_AFTER)
            new = values | {"handed_in": place.handed_in, "failed": place.failed}
            insert = _insert(connection, watched_places).values(place=place.id, **new)
            added = {
                "handed_in": watched_places.c.handed_in + place.handed_in,
                "failed": watched_places.c.failed + place.failed,
            }
            connection.execute(insert.on_conflict_do_update(index_elements=["place"], set_=values | added))

    @repeatable
    def forget_places(self, places: Collection[str]) -> None:
        """Forget how the places of these ids fare: nobody is to look at them any more. Their files stay known."""
        with self.database.transaction() as connection:
            for place in sorted(places):
                connection.execute(watched_places.delete().where(watched_places.c.place == place))

    def list_places(self, now: datetime) -> tuple[WatchedPlace, ...]:
        """List the places by name, as the last look at each has found them; without those that nobody has looked at for long."""
        query = sa.select(watched_places).where(watched_places.c.looked_at > now - FORGET_AFTER)
        query = query.order_by(watched_places.c.name, watched_places.c.place)
        with self.database.transaction(reads_only=True) as connection:
            rows = connection.execute(query).all()
        return tuple(
            WatchedPlace(
                row.place,
                row.name,
                row.team,
                row.looked_at,
                row.handed_in,
                row.failed,
                row.waiting,
                row.oldest_at,
                row.away,
            )
            for row in rows
        )


def record_files(connection: sa.Connection, files: Sequence[WatchedFile], *, batch: str, at: datetime) -> None:
    """Record the files of a batch in the transaction that accepts it; raises AlreadyHandedIn, which undoes it."""
    known = []
    for file in sorted(files, key=lambda file: file.identity):
        row = {"identity": file.identity, "stamp": file.stamp, "batch": batch, "document": file.document, "at": at}
        insert = _insert(connection, watched_files).values(**row).on_conflict_do_nothing()
        if connection.execute(insert.returning(watched_files.c.identity)).first() is None:
            known.append(file.document)
    if known:
        raise AlreadyHandedIn(known)


def _outcome(row: Any) -> WatchedOutcome:
    if row.status == Status.FAILED.value:
        return WatchedOutcome(True, Message.restore(row.error, row.error_code, row.error_params))
    # One that is gone was deleted: there is nothing more to wait for.
    return WatchedOutcome(row.status not in WORKED_ON)


def _insert(connection: sa.Connection, table: sa.Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
