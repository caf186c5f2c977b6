"""The same on PostgreSQL and S3: records as of one transaction, and everything in buckets."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from sake_ray.backup import Repository, read_seal
from sake_ray.errors import SetupError, StorageUnavailable
from sake_ray.registry import Registry
from sake_ray.storage.objects import FolderStore
from sake_ray.storage.records import Records
from sake_ray.storage.s3 import S3Store
from tests.backup.small import REFERENCE, Small
from tests.ledger.bureau import Bureau
from tests.storage.postgres import Postgres
from tests.storage.s3_servers import BUCKET, Server


def read_rows(records: Records) -> dict[str, list[tuple[Any, ...]]]:
    """All rows but those that a backup, a restore or a check writes."""
    with records.database.transaction(reads_only=True) as connection:
        names = set(sa.inspect(connection).get_table_names()) - {"audit", "audit_head", "checks", "faults"}
        queries = {name: sa.text(f'SELECT * FROM "{name}"') for name in names}  # noqa: S608 - names of ours
        return {name: sorted(map(repr, connection.execute(query))) for name, query in queries.items()}  # type: ignore[misc]


@pytest.fixture
def office(
    tmp_path: Path, postgres: Postgres, tables_on_server: str, moto: Server, registry: Registry
) -> Iterator[tuple[Small, Bureau, Small]]:
    """An installation on servers, what works in it, and an empty installation on servers."""

    def open_store(prefix: str) -> S3Store:
        return S3Store(
            BUCKET, f"{tmp_path.name}/{prefix}", endpoint=moto.endpoint, access_key="any", secret_key="thing"
        )

    (tmp_path / "key").write_text(os.urandom(32).hex())
    home = tmp_path / "home"
    home.mkdir()
    (home / "token_key").write_text("k" * 64)
    repository = Repository(open_store("backups"), read_seal(tmp_path / "key"))
    with ExitStack() as stack:
        url = stack.enter_context(postgres.empty_database(like=tables_on_server))
        other = stack.enter_context(postgres.empty_database())
        bureau = Bureau(home, url, registry)
        for content in ("one", "two", "three"):
            bureau.upload(content, key=content)
        bureau.process()
        objects = open_store("objects")
        for key in bureau.store.list():
            objects.put(key, bureau.store.get(key))
        installation = Small(home, repository, url, objects)
        elsewhere = installation.elsewhere(tmp_path / "else", other, open_store("else"))
        yield installation, bureau, elsewhere
        for records in (bureau.records, installation.source.records, elsewhere.source.records):
            records.database.close()


def test_servers_are_restored_into_servers_with_every_row(
    office: tuple[Small, Bureau, Small], registry: Registry
) -> None:
    installation, _, elsewhere = office
    before = read_rows(installation.source.records)
    made = installation.back_up()
    assert (made.kind, made.missing) == ("postgresql", 0)
    again = installation.back_up()
    assert again.written < made.written / 2
    assert elsewhere.restore(1).damaged == ()
    assert read_rows(elsewhere.source.records) == before
    assert elsewhere.faults() == {}
    assert (elsewhere.home / "token_key").read_text() == "k" * 64
    # Triggers count again, and refuse what they must; numbers go on after those that were given.
    here = Bureau(elsewhere.home, elsewhere.url, registry)
    here.upload("four")
    assert sum(one.documents for one in here.records.counts.list()) == 4
    with pytest.raises(StorageUnavailable, match="append-only"), here.records.database.transaction() as connection:
        connection.execute(sa.text("DELETE FROM audit"))
    here.records.database.close()


def test_on_servers_too_what_was_erased_since_is_erased_again(office: tuple[Small, Bureau, Small]) -> None:
    installation, _, elsewhere = office
    installation.back_up()
    installation.erase()
    assert elsewhere.restore().erased == 3
    assert elsewhere.faults() == {}
    assert [key for key in elsewhere.source.store.list() if "original_raw" in key or key.startswith("texts/")] == []
    (again,) = elsewhere.source.records.erasures.list(limit=5).items
    assert again.is_erased
    assert REFERENCE not in repr(read_rows(elsewhere.source.records))


def test_records_go_into_their_own_kind_of_database_only(office: tuple[Small, Bureau, Small], tmp_path: Path) -> None:
    installation, _, _ = office
    installation.back_up()
    on_sqlite = installation.elsewhere(tmp_path / "sqlite", store=FolderStore(tmp_path / "objects"))
    with pytest.raises(SetupError, match="of postgresql"):
        on_sqlite.restore()
    assert not (tmp_path / "sqlite").exists()
