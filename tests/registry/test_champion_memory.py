"""The champion that was remembered is the one that serves, or is asked for again."""

import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sake_ray.registry.champion_memory import ChampionMemory
from sake_ray.registry.versions import ModelVersion

VERSION = ModelVersion(3, "12ab", "run", datetime(2026, 11, 27, 12, 30, tzinfo=UTC))


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A SQLite file as MLflow has one."""
    path = tmp_path / "mlflow.db"
    with sqlite3.connect(path) as connection:
        connection.execute("create table aliases (version int)")
    return path


def memory(database: Path, uri: str = "") -> ChampionMemory:
    return ChampionMemory(database.with_name("champion.json"), uri or f"sqlite:///{database}")


def test_champion_is_recalled_until_somebody_writes(database: Path) -> None:
    memory(database).remember(VERSION, memory(database).observe())
    assert memory(database).recall() == VERSION
    with sqlite3.connect(database) as connection:
        connection.execute("insert into aliases values (4)")
    assert memory(database).recall() is None


def test_champion_that_changed_while_it_was_asked_for_is_not_remembered(database: Path) -> None:
    before = memory(database).observe()
    with sqlite3.connect(database) as connection:
        connection.execute("insert into aliases values (4)")
    memory(database).remember(VERSION, before)
    assert memory(database).recall() is None


def test_another_mlflow_is_asked_itself(database: Path, tmp_path: Path) -> None:
    memory(database).remember(VERSION, memory(database).observe())
    assert memory(database, "http://127.0.0.1:5000").recall() is None
    other = tmp_path / "other.db"
    other.write_bytes(database.read_bytes())
    assert memory(database, f"sqlite:///{other}").recall() is None


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"uri": 1}', b"\xff"])
def test_damaged_memory_is_none(database: Path, content: bytes) -> None:
    database.with_name("champion.json").write_bytes(content)
    assert memory(database).recall() is None


def test_recalling_imports_no_mlflow(database: Path) -> None:
    memory(database).remember(VERSION, memory(database).observe())
    program = (
        "import sys\nfrom pathlib import Path\nfrom sake_ray.registry.champion_memory import ChampionMemory\n"
        f"assert ChampionMemory(Path({str(database.with_name('champion.json'))!r}), {f'sqlite:///{database}'!r}).recall()\n"
        "assert 'mlflow' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
