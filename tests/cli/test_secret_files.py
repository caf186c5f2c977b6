"""Settings that are secrets may be files, as containers get them."""

import os
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sake_ray.errors import SetupError
from sake_ray.settings import read_settings

URL = "postgresql://sake:secret@postgres:5432/sake"


@pytest.fixture
def secrets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SAKE_SECRETS", str(tmp_path))
    (tmp_path / "sake_records_url").write_text(URL + "\n")
    return tmp_path


def test_setting_is_read_from_the_file_of_its_name(secrets: Path) -> None:
    assert read_settings().records_url == URL


def test_variable_goes_before_its_file(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAKE_RECORDS_URL", "sqlite:///records.db")
    assert read_settings().records_url == "sqlite:///records.db"


def test_other_files_there_are_no_settings(secrets: Path) -> None:
    (secrets / "postgres_password").write_text("secret")
    (secrets / "sake_").mkdir()
    assert read_settings().records_url == URL


def test_wrong_setting_in_a_file_is_refused_without_its_content(secrets: Path) -> None:
    (secrets / "sake_port").write_text("secret-word")
    with pytest.raises(SetupError, match="SAKE_PORT") as refused:
        read_settings()
    assert "secret-word" not in str(refused.value)


def test_links_within_the_folder_are_followed(secrets: Path) -> None:
    """So Kubernetes mounts a Secret."""
    (secrets / "..data").mkdir()
    (secrets / "sake_records_url").rename(secrets / "..data" / "sake_records_url")
    (secrets / "sake_records_url").symlink_to("..data/sake_records_url")
    assert read_settings().records_url == URL


def break_off(secrets: Path) -> str:
    """Misspell the folder."""
    return f"{secrets}-typo"


def name_file(secrets: Path) -> str:
    """Name a file in place of its folder."""
    return str(secrets / "sake_records_url")


def lead_out(secrets: Path) -> str:
    """Make the file a link out of the folder."""
    outside = secrets.parent / f"{secrets.name}-outside"
    (secrets / "sake_records_url").rename(outside)
    (secrets / "sake_records_url").symlink_to(outside)
    return str(secrets)


def loop(secrets: Path) -> str:
    """Make the file a link to itself."""
    (secrets / "sake_records_url").unlink()
    (secrets / "sake_records_url").symlink_to("sake_records_url")
    return str(secrets)


def lay_folder(secrets: Path) -> str:
    """Make the file a folder, as a container does for a file that is missing."""
    (secrets / "sake_records_url").unlink()
    (secrets / "sake_records_url").mkdir()
    return str(secrets)


def garble(secrets: Path) -> str:
    """Write bytes that are no text."""
    (secrets / "sake_records_url").write_bytes(b"secret\xff")
    return str(secrets)


@pytest.mark.parametrize("spoil", [break_off, name_file, lead_out, loop, lay_folder, garble])
def test_nothing_is_started_with_defaults_in_place_of_secrets(
    secrets: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Path], str]
) -> None:
    monkeypatch.setenv("SAKE_SECRETS", folder := spoil(secrets))
    with pytest.raises(SetupError) as refused:
        read_settings()
    assert refused.value.code == "secrets-unreadable"
    assert f"SAKE_SECRETS={folder}" in str(refused.value)
    assert "sake:secret" not in str(refused.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be another user")
@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o755, 0o600), (0o700, 0o644), (0o711, 0o644)])
def test_what_this_user_may_not_read_is_refused_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch, folder_mode: int, file_mode: int
) -> None:
    with TemporaryDirectory() as folder:  # pytest's own are closed to others
        (file := Path(folder, "sake_records_url")).write_text(URL)
        file.chmod(file_mode)
        Path(folder).chmod(folder_mode)
        monkeypatch.setenv("SAKE_SECRETS", folder)
        os.seteuid(65534)
        try:
            with pytest.raises(SetupError) as refused:
                read_settings()
        finally:
            os.seteuid(0)
    assert f"SAKE_SECRETS={folder}: Permission denied: {folder}" in str(refused.value)
