"""List rows page by page: a page begins after a row's key instead of at a number, and counting has an end."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.listing import MAX_TOTAL, Listing, make_cursor, parse_named_cursor
from sake_ray.errors import InputError
from sake_ray.storage.records.metadata import UtcDateTime


@dataclass(frozen=True, slots=True)
class ListOrder:
    """How a list is ordered: by the columns of a unique key, all of them descending or all ascending.

    In one direction, since then one comparison of rows says what comes after, which both databases find by an index. The name
    is in the cursors, so that one of another list is refused.
    """

    name: str
    columns: tuple[sa.Column[Any], ...]
    is_descending: bool = True

    def list_rows(
        self, connection: sa.Connection, query: sa.Select[Any], *, after: str | None, limit: int
    ) -> Listing[sa.Row[Any]]:
        """List rows of a query, which has the columns of the key, after that cursor; raises InputError when it is none of ours.

        Counts all rows of the query, up to MAX_TOTAL + 1.
        """
        counted = count_rows(connection, query.with_only_columns(self.columns[0]))
        page = self.begin_after(query, after) if after is not None else query
        page = page.order_by(*(column.desc() if self.is_descending else column for column in self.columns))
        rows = connection.execute(page.limit(limit + 1)).all()
        next_cursor = self._make_cursor(rows[limit - 1]) if len(rows) > limit else None
        return Listing(tuple(rows[:limit]), next_cursor, counted)

    def begin_after(self, query: sa.Select[Any], cursor: str) -> sa.Select[Any]:
        """Leave out the rows up to that of the cursor."""
        parts = parse_named_cursor(self.name, cursor, list(map(_get_type, self.columns)))
        values = [_to_value(part, column) for part, column in zip(parts, self.columns, strict=True)]
        key, last = sa.tuple_(*self.columns), sa.tuple_(*values)
        return query.where(key < last if self.is_descending else key > last)

    def _make_cursor(self, row: sa.Row[Any]) -> str:
        return make_cursor([self.name, *(_to_part(row._mapping[column]) for column in self.columns)])


def _get_type(column: sa.Column[Any]) -> type[str] | type[int] | type[float]:
    return str if isinstance(column.type, UtcDateTime) else column.type.python_type


def _to_part(value: Any) -> str | int | float:
    # To the microsecond, as both databases store it.
    return value.isoformat() if isinstance(value, datetime) else value


def _to_value(part: str | float, column: sa.Column[Any]) -> sa.BindParameter[Any]:
    value: object = part
    if isinstance(column.type, UtcDateTime):
        try:
            value = datetime.fromisoformat(str(part)).astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise InputError("cursor-invalid") from error
    return sa.literal(value, column.type)


def count_rows(connection: sa.Connection, query: sa.Select[Any]) -> int:
    """Count the rows of a query, up to MAX_TOTAL + 1."""
    some = query.limit(MAX_TOTAL + 1).subquery()
    return int(connection.execute(sa.select(sa.func.count()).select_from(some)).scalar_one())
