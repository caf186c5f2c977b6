"""Transactions lock in one order; those that a database breaks off for others are repeated by the records."""

import ast
import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

import sake_ray
from sake_ray.domain.answers import Answer
from sake_ray.domain.audit import AuditAction
from sake_ray.errors import StorageUnavailable
from sake_ray.storage.records import Records, conflicts, database
from sake_ray.storage.records.conflicts import MAX_ATTEMPTS, repeatable
from sake_ray.storage.records.locks import LOCK_ORDER
from sake_ray.storage.records.tables import batches, documents, metadata
from tests.storage.example_records import NOW, completed
from tests.storage.lock_watch import find_locked
from tests.waiting import wait_until

SQLITE = pytest.mark.parametrize("url", ["sqlite"], indirect=True)
POSTGRESQL = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
SOURCES = Path(sake_ray.__file__).parent
ALONE = {"moved_index", "moved_tables", "move_progress", "moving", "snapshots"}
"""Modules that fill an empty database, which nobody else has opened; a move or a restore that fails is begun again as a whole."""


def writes(node: ast.AST) -> bool:
    """Whether it opens a transaction that writes."""
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "transaction"
        and "reads_only" not in [keyword.arg for keyword in node.keywords]
    )


def find_writing() -> Iterator[tuple[str, ast.FunctionDef]]:
    """The functions of the program that open a transaction that writes. Migrations are not repeated: `sake migrate` is."""
    for path in SOURCES.rglob("*.py"):
        if path.stem in ALONE:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef) and any(map(writes, ast.walk(node))) and node.name != "_run":
                yield f"{path.stem}.{node.name}", node


def test_every_method_that_writes_makes_one_transaction_and_is_repeated() -> None:
    found = dict(find_writing())
    assert len(found) > 40
    for name, function in found.items():
        assert [ast.unparse(one) for one in function.decorator_list] == ["repeatable"], name
        assert sum(map(writes, ast.walk(function))) == 1, name
        loops = [node for node in ast.walk(function) if isinstance(node, ast.For | ast.While)]
        assert not any(writes(node) for loop in loops for node in ast.walk(loop)), name


def test_every_table_has_its_place_in_the_order_of_locks() -> None:
    assert {table.name for group in LOCK_ORDER for table in group} == set(metadata.tables)
    assert LOCK_ORDER[-1][-1].name == "audit_head"


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("UPDATE documents SET name=%(name)s", "documents"),
        ("DELETE FROM sessions WHERE x", "sessions"),
        ("LOCK TABLE policies IN SHARE ROW EXCLUSIVE MODE", "policies"),
        ("INSERT INTO requests (a) VALUES (1) ON CONFLICT (a) DO UPDATE SET a = 2", "requests"),
        ("SELECT documents.id \nFROM documents ORDER BY documents.id FOR UPDATE", "documents"),
        ("SELECT documents.id \nFROM documents FOR UPDATE SKIP LOCKED", None),
        ("INSERT INTO documents (a) VALUES (1)", None),
        ("SELECT documents.id \nFROM documents", None),
    ],
)
def test_watch_of_the_tests_knows_what_locks(statement: str, table: str | None) -> None:
    assert find_locked(statement) == table


@POSTGRESQL
def test_method_that_postgresql_ends_because_of_a_deadlock_is_run_again(
    records: Records, caplog: pytest.LogCaptureFixture, locks_out_of_order: list[tuple[str, str]]
) -> None:
    batch = completed(records)
    (document,) = batch.documents
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )

    def count(query: sa.TextClause) -> int:
        # Anew each time: within a transaction PostgreSQL answers as it did the first time.
        with records.database.transaction(reads_only=True) as watching:
            return int(watching.execute(query).scalar_one())

    with records.database.transaction() as connection:
        name = connection.execute(sa.text("SELECT current_database()")).scalar_one()
        connection.execute(sa.text(f"ALTER DATABASE {name} SET deadlock_timeout = '3s'"))
    records.database.close()  # so that new connections have it
    answering = threading.Thread(target=records.answers.add, args=[Answer(document.id, "letter", "ann", NOW)])
    other = Records(records.database._url.render_as_string(hide_password=False))
    with other.database.transaction() as connection:
        # Whoever looks first is ended; this one looks much later.
        connection.execute(sa.text("SET LOCAL deadlock_timeout = '10min'"))
        connection.execute(batches.update().where(batches.c.uuid == batch.uuid).values(owner="by hand"))
        answering.start()
        wait_until(lambda: count(waiting) == 1, interval=0.01)
        connection.execute(documents.update().where(documents.c.id == document.id).values(name="by hand"))
    answering.join()
    other.database.close()
    repeated = [record for record in caplog.records if record.name == conflicts.__name__]
    assert [(record.levelno, record.__dict__["attempt"]) for record in repeated] == [(logging.WARNING, 1)]
    assert "deadlock" in repeated[0].__dict__["error"]
    assert [answer.answer for answer in records.answers.list_of_batch(batch.uuid)] == ["letter"]
    found = records.documents.get(document.id, team=None)
    assert (found.answer, found.name) == ("letter", "by hand")
    assert locks_out_of_order == [("batches", "documents")]
    locks_out_of_order.clear()


@SQLITE
def test_method_that_sqlite_refuses_because_another_writes_is_run_again(
    records: Records, url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 10)
    records.audit.find_head()
    other = Records(url)
    adding = threading.Thread(target=lambda: records.audit.add(AuditAction.SIGNED_IN, by="ann"))
    with other.database.transaction():
        adding.start()
        wait_until(lambda: "repeated after a conflict" in caplog.text, interval=0.001)
    adding.join()
    other.database.close()
    assert [entry.by for entry in records.audit.list().items] == ["ann"]


@SQLITE
def test_conflict_that_goes_on_ends_as_unavailable_storage(
    records: Records, url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "BUSY_MS", 1)
    other = Records(url)
    with other.database.transaction(), pytest.raises(StorageUnavailable, match="locked"):
        records.audit.add(AuditAction.SIGNED_IN, by="ann")
    other.database.close()
    assert caplog.text.count("repeated after a conflict") == MAX_ATTEMPTS - 1
    assert records.audit.list().items == ()


def test_what_is_no_conflict_is_not_repeated() -> None:
    calls = []

    @repeatable
    def fail() -> None:
        calls.append(1)
        raise StorageUnavailable("records-unreachable", error="gone")

    with pytest.raises(StorageUnavailable):
        fail()
    assert calls == [1]
