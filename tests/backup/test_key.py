"""The key of the backups stays in its file, and what is noted of erasures can be read by whoever has it."""

import pickle
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sake_ray.backup import Repository, read_seal
from sake_ray.cli.startup import make_service_config
from sake_ray.errors import BackupDamaged, SetupError
from sake_ray.settings import Settings
from sake_ray.storage.objects import FolderStore
from tests.backup.small import Small
from tests.backup.test_command import sake
from tests.backup.test_repository import make_key
from tests.ledger.bureau import Bureau

Pair = tuple[Small, Bureau]


def damage_note(installation: Small) -> str:
    """Flip a bit of the only note; return its key."""
    store = installation.repository.store
    (key,) = store.list("erasures/")
    content = store.get(key)
    store.put(key, content[:-1] + bytes([content[-1] ^ 1]))
    return key


def test_what_is_sent_to_the_nodes_names_the_key_and_has_it_not(tmp_path: Path) -> None:
    key = make_key(tmp_path / "key")
    settings = Settings(home=tmp_path / "home", backup_url=str(tmp_path / "backups"), backup_key_file=str(key))
    settings.home.mkdir()
    config = make_service_config(settings)
    sent = pickle.dumps(config)
    secret = bytes.fromhex(key.read_text())
    seal = read_seal(key)
    assert pickle.loads(sent).backups.key_file == key  # noqa: S301 - our own
    assert not [one for one in (secret, secret.hex().encode(), seal._names, seal._content) if one in sent]  # type: ignore[attr-defined]
    assert config.backups
    assert config.backups.open().seal.proof == seal.proof
    with pytest.raises(TypeError, match="never sent"):
        pickle.dumps(config.backups.open())


def test_service_with_another_key_than_the_backups_is_refused(tmp_path: Path) -> None:
    Repository(FolderStore(tmp_path / "backups"), read_seal(make_key(tmp_path / "key"))).prepare()
    (tmp_path / "home").mkdir()
    for key, code in ((str(make_key(tmp_path / "other")), "backup-key-wrong"), ("", "backup-key-missing")):
        settings = Settings(home=tmp_path / "home", backup_url=str(tmp_path / "backups"), backup_key_file=key)
        with pytest.raises(SetupError) as caught:
            make_service_config(settings)
        assert caught.value.code == code
    assert not (tmp_path / "home/records.db").exists()


def test_service_starts_while_the_backups_cannot_be_reached(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "backups").write_text("no folder")
    assert make_service_config(Settings(home=tmp_path / "home", backup_url=str(tmp_path / "backups"))).backups


def test_erasure_waits_rather_than_be_noted_with_another_key(small: Pair, tmp_path: Path) -> None:
    installation, bureau = small
    encrypted = Small(
        installation.home, Repository(FolderStore(tmp_path / "locked"), read_seal(make_key(tmp_path / "k")))
    )
    encrypted.back_up()
    Small(installation.home, Repository(encrypted.repository.store, read_seal(None))).erase()
    (waiting,) = installation.source.records.erasures.list(limit=1).items
    assert waiting.error.code == "backup-key-missing"
    assert list(encrypted.repository.store.list("erasures/")) == []
    assert len([key for key in bureau.store.list() if "original_raw" in key]) == 4
    assert encrypted.eraser.run_next(now=datetime.now(UTC) + timedelta(hours=1))
    assert len(list(encrypted.repository.store.list("erasures/"))) == 1


def test_backups_with_another_key_are_not_begun_beside_a_note(small: Pair, tmp_path: Path) -> None:
    installation, _ = small
    installation.erase()
    other = Small(installation.home, Repository(installation.repository.store, read_seal(make_key(tmp_path / "key"))))
    with pytest.raises(SetupError, match="not encrypted"):
        other.back_up()


def test_damaged_note_is_found_before_anything_is_restored_and_can_be_passed_over(small: Pair, tmp_path: Path) -> None:
    installation, _ = small
    installation.back_up()
    installation.erase()
    key = damage_note(installation)
    verified = sake(installation, "backup", "--verify")
    assert (verified.returncode, f"-\t{key}\tA note of what was erased is damaged" in verified.stdout) == (1, True)
    refused = sake(installation, "restore-backup", home=tmp_path / "else")
    assert (refused.returncode != 0, key in refused.stdout) == (True, True)
    assert not list((tmp_path / "else").glob("objects/**/*"))
    restored = sake(installation, "restore-backup", "--without-damaged-notes", home=tmp_path / "else")
    assert (restored.returncode, "may be here again" in restored.stderr) == (1, True)
    assert len(installation.elsewhere(tmp_path / "else").source.records.ledger.list_documents(limit=10)) == 4


def test_damaged_note_is_written_anew_by_the_next_backup(small: Pair, tmp_path: Path) -> None:
    installation, _ = small
    installation.back_up()
    installation.erase()
    damage_note(installation)
    with pytest.raises(BackupDamaged):
        list(installation.notes.list_unknown(()))
    installation.back_up()
    elsewhere = installation.elsewhere(tmp_path / "else")
    assert elsewhere.restore(1).erased == 4
    assert elsewhere.faults() == {}
