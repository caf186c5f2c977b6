"""Move the records from SQLite to PostgreSQL, so that a move that was killed goes on, and nothing differs at its end."""

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

import sqlalchemy as sa

from sake_ray.domain.progress import Progress, ignore_progress
from sake_ray.errors import SetupError, StorageError
from sake_ray.storage.records.counts import Counts
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.move_progress import SOURCE, begin_move, end_move, find_move, has_move, read_progress
from sake_ray.storage.records.moved_index import PART, copy_index, measure_mine, measure_theirs
from sake_ray.storage.records.moved_tables import (
    MOVED,
    TableSum,
    copy_table,
    empty_tables,
    find_rows,
    measure_tables,
    name_differing,
    set_sequences,
)
from sake_ray.storage.records.revisions import migrate_tables


@contextmanager
def hold_records(database: Database) -> Iterator[sa.Connection]:
    """Keep all others from writing to a SQLite file, for the duration of the block; give the connection that reads it."""
    with database.transaction() as connection:
        yield connection


def claim_target(target: Database, move: str) -> None:
    """Raises SetupError when the target is not empty and holds no unfinished move of that id."""
    found = find_move(target)
    if found == move:
        return
    with target.transaction(reads_only=True) as connection:
        taken = find_rows(connection)
    if found or taken:
        raise SetupError("move-target-not-empty", target=repr(target), found=taken or "sake_move")


def begin_records(target: Database, move: str) -> None:
    """Claim the target, and let nobody else open it until the move is finished."""
    claim_target(target, move)
    if not has_move(target):
        with target.transaction() as connection:
            begin_move(connection, move, source="")


def move_records(
    source: sa.Connection, target: Database, move: str, *, on_progress: Progress = ignore_progress
) -> dict[str, TableSum]:
    """Copy all that is in the source and not in the target, compare both, and return the counts and checksums of each table.

    `source` is held. A source that has changed since the move began is copied anew. Raises StorageError when they differ.
    """
    begin_records(target, move)
    migrate_tables(target)  # which others may not before the end
    mine = measure_tables(source) | {PART: measure_mine(source)}
    state = sha256(repr(sorted(mine.items())).encode()).hexdigest()
    if read_progress(target, SOURCE) != state:
        with target.transaction() as connection:
            empty_tables(connection)
            begin_move(connection, move, state)
    total, done = sum(found.rows for found in mine.values()), 0

    def count(rows: int) -> None:
        nonlocal done
        done += rows
        on_progress(done, total)

    for table in MOVED:
        copy_table(source, target, table, count)
    copy_index(source, target, count)
    set_sequences(target)
    _compare(mine, target)
    return mine


def finish_records(target: Database) -> None:
    """Let the target be like any other database; again is fine."""
    Counts(target).fold()
    end_move(target)
    with target.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(sa.text("ANALYZE"))


def _compare(mine: dict[str, TableSum], target: Database) -> None:
    with target.transaction(reads_only=True) as connection:
        theirs = measure_tables(connection) | {PART: measure_theirs(connection)}
    differing = name_differing(mine, theirs) + ["document_counts"] * bool(Counts(target).find_differences())
    if differing:
        raise StorageError("move-differs", parts=", ".join(differing))
