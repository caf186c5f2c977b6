"""Databases of both kinds, with the tables of the records: SQLite in a file, and a real PostgreSQL."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from sake_ray.storage.records import Records
from tests.homes import make_tables
from tests.storage.postgres import Postgres


@pytest.fixture(scope="session")
def tables_on_server(postgres: Postgres) -> Iterator[str]:
    """The name of a database with the tables and nothing in them."""
    with postgres.empty_database() as address:
        make_tables(address)
        yield address.rpartition("/")[2]


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database of each kind with the tables, copied, and nothing in them; an `empty` one has no tables."""
    empty, path = request.param.startswith("empty"), tmp_path / "records.db"
    if request.param.endswith("sqlite"):
        if not empty:
            shutil.copyfile(request.getfixturevalue("tables"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    like = "template1" if empty else request.getfixturevalue("tables_on_server")
    with server.empty_database(like=like) as address:
        yield address


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    """Records with nothing in them."""
    records = Records(url)
    yield records
    records.database.close()


def explain(records: Records, query: sa.Select[Any]) -> list[str]:
    """How SQLite looks for it."""
    with records.database.transaction(reads_only=True) as connection:
        sql = query.compile(connection, compile_kwargs={"render_postcompile": True})
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", tuple(sql.params[n] for n in sql.positiontup))
        return [str(row.detail) for row in rows]
