"""Settings that are secrets may be files, as containers get them."""

from pathlib import Path

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
