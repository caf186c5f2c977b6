"""An installation is backed up, wiped, and restored elsewhere: it answers the same to everybody, and its trainings are whole."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from sake_ray.backup import Repository, read_seal
from sake_ray.domain.accounts import Role
from sake_ray.domain.answers import Answer
from sake_ray.domain.jobs import JobState
from sake_ray.registry import Registry
from sake_ray.workspace import Workspace
from tests.backup.small import REFERENCE, Small
from tests.ledger.bureau import NOW, Bureau, make_registry
from tests.small_service import SmallService
from tests.storage.example_jobs import finish, running
from tests.traces import find_traces
from tests.workspace.test_remotes import train
from tests.workspace.test_workspace import make_workspace

Pair = tuple[Small, Bureau]
OF_ADMIN = ("users", "jobs", "erasures", "images", "retention", "feedback", "keys", "webhooks", "review")


def ask(service: SmallService, admin: dict[str, str], user: dict[str, str]) -> dict[str, Any]:
    """What it answers to an admin and a user who ask for everything."""
    found: dict[str, Any] = {}

    def get(path: str, sign: dict[str, str]) -> Any:
        answer = service.http.get(path, headers=sign)
        assert answer.status_code == 200, (path, answer.text)
        found[path] = answer.json() if "json" in answer.headers["content-type"] else answer.content
        return found[path]

    for name in OF_ADMIN:
        get(f"/admin/{name}", admin)
    get("/documents/export?format=csv", user)
    for document in get("/documents", user)["items"]:
        for part in ("", "/words", "/original", "/pages/1", "/pages/1/thumbnail"):
            get(f"/documents/{document['id']}{part}", user)
        word = found[f"/documents/{document['id']}"]["text"].split()[0]
        assert get(f"/search?q={word}", user)["items"], word
    for batch in get("/batches", user)["items"]:
        get(f"/predict/{batch['uuid']}", user)
    return found


def modes_of(home: Path) -> dict[str, int]:
    """The rights of keys, and of what DVC keeps read-only."""
    files = [home / "token_key", *sorted((home / "workspace/.dvc/cache").rglob("*"))]
    return {str(path.relative_to(home)): path.stat().st_mode for path in files if path.is_file()}


def list_versions(home: Path) -> list[tuple[int, str]]:
    registry = Registry(f"sqlite:///{home / 'mlflow.db'}", str(home / "artifacts"))
    return [(version.number, version.sha256) for version in registry.versions.all()]


@pytest.mark.parametrize("encrypted", [False, True], ids=["plain", "encrypted"])
def test_what_is_restored_elsewhere_answers_the_same(small: Pair, tmp_path: Path, encrypted: bool) -> None:
    installation, bureau = small
    if encrypted:
        (tmp_path / "key").write_text(os.urandom(32).hex() + "\n")
        installation.repository = Repository(installation.repository.store, read_seal(tmp_path / "key"))
    home, elsewhere = installation.home, installation.elsewhere(tmp_path / "else" / "where")
    make_registry(home)
    with make_workspace(home / "workspace").hold("test", seconds=1):
        commit = train(Workspace(home / "workspace"), b"two")
    service = SmallService(home)
    admin, user = service.sign("anne", Role.ADMIN), service.sign("marie")
    first = service.records.ledger.list_documents(limit=1)[0].id
    service.records.answers.add(Answer(first, "resume", "marie", NOW))
    finish(bureau.records, running(bureau.records), JobState.SUCCEEDED)
    before, modes, versions = ask(service, admin, user), modes_of(home), list_versions(home)
    installation.back_up()
    assert bool(find_traces(tmp_path / "backups", REFERENCE)) is not encrypted
    for records in (service.records, bureau.records, installation.source.records):
        records.database.close()
    shutil.rmtree(home)
    assert elsewhere.restore().damaged == ()
    assert elsewhere.faults() == {}
    after = ask(SmallService(elsewhere.home), admin, user)
    assert after.keys() == before.keys()
    assert [path for path in before if after[path] != before[path]] == []
    assert len(before) > 30
    assert (modes_of(elsewhere.home), list_versions(elsewhere.home)) == (modes, versions)
    restored = Workspace(elsewhere.home / "workspace")
    assert restored.git.list_commits() == (commit,)
    assert restored.dvc.outputs.find_missing(commit)[0] == []


def test_second_backup_writes_only_what_is_new(small: Pair) -> None:
    installation, bureau = small
    first = installation.back_up()
    bureau.upload("five")
    bureau.process()
    second = installation.back_up()
    # The records' file once more, a document, and the list.
    records = (installation.home / "records.db").stat().st_size
    assert second.files > first.files
    assert 0 < second.written <= records + 60_000
    (installation.home / "large").write_bytes(os.urandom(5_000_000))
    third, fourth = installation.back_up(), installation.back_up()
    assert third.written > 5_000_000 > records + 60_000 > fourth.written
