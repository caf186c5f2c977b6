"""Note in the target of a move whose it is and how far, in a table that is there as long as the move is unfinished."""

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from sake_ray.errors import SetupError

if TYPE_CHECKING:
    from sake_ray.storage.records.database import Database

MOVE = "move"
SOURCE = "source"
progress = sa.Table(
    "sake_move",
    sa.MetaData(),  # no table of the records: it goes with the move
    sa.Column("part", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
)


def has_move(database: "Database") -> bool:
    """Whether the database is the target of an unfinished move."""
    with database.transaction(reads_only=True) as connection:
        return sa.inspect(connection).has_table(progress.name)


def find_move(database: "Database") -> str | None:
    """Find whose unfinished move this database has; None without one."""
    return str(read_progress(database, MOVE)) if has_move(database) else None


def check_arrived(database: "Database") -> None:
    """Raise SetupError when records are still to move into the database: none that serves may hold a part of them."""
    if not database.is_sqlite and has_move(database):
        raise SetupError("move-unfinished", target=repr(database))


def begin_move(connection: sa.Connection, move: str, source: str) -> None:
    """Make the table, and note the move and the state of its source; in the caller's transaction."""
    progress.create(connection, checkfirst=True)
    connection.execute(progress.delete())
    save_progress(connection, MOVE, move)
    save_progress(connection, SOURCE, source)


def end_move(database: "Database") -> None:
    """Remove the table; none is fine."""
    with database.transaction() as connection:
        progress.drop(connection, checkfirst=True)


def read_progress(database: "Database", part: str) -> Any:
    """Read what was noted of a part; None for nothing."""
    with database.transaction(reads_only=True) as connection:
        found = connection.execute(sa.select(progress.c.state).where(progress.c.part == part)).scalar()
    return json.loads(found) if found else None


def save_progress(connection: sa.Connection, part: str, state: Any) -> None:
    """Note how far a part is, in the transaction that brings it there."""
    connection.execute(progress.delete().where(progress.c.part == part))
    connection.execute(progress.insert().values(part=part, state=json.dumps(state)))
