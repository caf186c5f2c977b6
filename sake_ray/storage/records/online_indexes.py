"""Make and drop indexes while the service works: PostgreSQL does it concurrently, SQLite in the migration's transaction.

An index on a table that may be large has a migration of its own: what is made concurrently is in no transaction, so that a kill
leaves what was done before it. Each function may be called again after that.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op


def create_index(table: str, columns: Sequence[str], *, unique: bool = False, where: str = "") -> None:
    """Make an index, named by the convention of the tables; with `where` only of the rows for which that SQL is true."""
    name, condition = index_name(table, columns), sa.text(where) if where else None
    if not _is_postgresql():
        op.create_index(op.f(name), table, list(columns), unique=unique, sqlite_where=condition)
        return
    with op.get_context().autocommit_block():
        # What was killed leaves an index that is never used, and IF NOT EXISTS would take it for the real one.
        op.drop_index(op.f(name), table, if_exists=True, postgresql_concurrently=True)
        op.create_index(
            op.f(name), table, list(columns), unique=unique, postgresql_where=condition, postgresql_concurrently=True
        )


def drop_index(table: str, columns: Sequence[str]) -> None:
    """Drop an index that `create_index` made."""
    name = index_name(table, columns)
    if not _is_postgresql():
        op.drop_index(op.f(name), table)
        return
    with op.get_context().autocommit_block():
        op.drop_index(op.f(name), table, if_exists=True, postgresql_concurrently=True)


def index_name(table: str, columns: Sequence[str]) -> str:
    """Name an index as the tables do."""
    return f"ix_{table}_{'_'.join(columns)}"


def _is_postgresql() -> bool:
    return op.get_bind().dialect.name == "postgresql"
