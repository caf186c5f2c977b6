"""Watch in which order the transactions of a test lock rows, on both databases."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from sake_ray.storage.records.locks import LOCK_ORDER

RANKS = {table.name: rank for rank, group in enumerate(LOCK_ORDER) for table in group}
LOCKING = (
    re.compile(r"(?:UPDATE|DELETE FROM|LOCK TABLE) (\w+)"),
    re.compile(r"INSERT INTO (\w+).* ON CONFLICT", re.DOTALL),
    re.compile(r"SELECT .* FOR UPDATE OF (\w+)", re.DOTALL),
    re.compile(r"SELECT .*?FROM (\w+).* FOR UPDATE", re.DOTALL),
)


def find_locked(statement: str) -> str | None:
    """The table whose rows a statement locks and may wait for."""
    if "SKIP LOCKED" in statement:
        return None
    return next((found[1] for one in LOCKING if (found := one.match(statement))), None)


@pytest.fixture(autouse=True)
def locks_out_of_order() -> Iterator[list[tuple[str, str]]]:
    """Pairs of tables whose rows a transaction locked one after the other, against the order; none may be left at the end."""
    wrong: list[tuple[str, str]] = []

    def begin(connection: sa.Connection) -> None:
        connection.info.update(locked=None, migrates=False)

    def execute(connection: sa.Connection, _: object, statement: str, *__: Any) -> None:
        table, last = find_locked(statement), connection.info.get("locked")
        if "alembic_version" in statement:
            connection.info["migrates"] = True
        if table not in RANKS or connection.info.get("migrates"):
            return
        if last and RANKS[table] < RANKS[last]:
            wrong.append((last, table))
        connection.info["locked"] = table

    sa.event.listen(sa.Engine, "begin", begin)
    sa.event.listen(sa.Engine, "before_cursor_execute", execute)
    try:
        yield wrong
    finally:
        sa.event.remove(sa.Engine, "begin", begin)
        sa.event.remove(sa.Engine, "before_cursor_execute", execute)
    assert not wrong, f"locked one after the other, against LOCK_ORDER: {wrong}"
