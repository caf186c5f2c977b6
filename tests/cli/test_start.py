"""What answers at once loads nothing heavy; the version is that of the package."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import psutil
import pytest

from tests.cli.loaded import HEAVY
from tests.command import run_sake
from tests.ports import free_port

TOP = Path(__file__).parents[2]


def start(*words: str, home: Path) -> dict[str, object]:
    """The exit code of a command, and the heavy packages that it loaded."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.loaded", *words],
        cwd=TOP, env=os.environ | {"SAKE_HOME": str(home)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, object] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("words", ["--version", "--help", "train --help", "user add --help", "corpus --help"])
def test_help_and_version_load_nothing_heavy(words: str, tmp_path: Path) -> None:
    assert start(*words.split(), home=tmp_path) == {"code": 0, "heavy": []}


def test_status_without_a_service_loads_nothing_heavy(tmp_path: Path) -> None:
    assert start("status", home=tmp_path) == {"code": 2, "heavy": []}


def test_status_of_a_service_loads_nothing_heavy(tmp_path: Path) -> None:
    me, run = psutil.Process(), tmp_path / "run"
    run.mkdir()
    service = {"url": f"http://127.0.0.1:{free_port()}", "pid": me.pid, "started": me.create_time()}
    (run / "service.json").write_text(json.dumps(service))
    assert start("status", home=tmp_path) == {"code": 1, "heavy": []}


def test_heavy_packages_are_noticed(tmp_path: Path) -> None:
    """Otherwise the tests above could not fail: `samples` draws with Pillow and Faker."""
    found = start("samples", "--count", "1", "--out", str(tmp_path / "out"), home=tmp_path)
    assert {"faker", "PIL"} <= set(found["heavy"]) <= HEAVY  # type: ignore[call-overload]


def test_version_is_that_of_the_package(tmp_path: Path) -> None:
    done = run_sake("--version", home=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"sake {version('sake-ray')}\n")
