"""What answers at once loads nothing heavy; the version is that of the package."""

import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import psutil
import pytest

from sake_ray.cli.bootstrap import open_registry, open_workspace
from sake_ray.domain.texts import Recipe
from sake_ray.settings import Settings
from sake_ray.train.first_model.model import ensure_champion
from tests.cli.loaded import HEAVY
from tests.command import run_sake
from tests.homes import make_tables
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


@pytest.fixture(scope="module")
def used_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with records, images and a model version."""
    home = tmp_path_factory.mktemp("home")
    make_tables(f"sqlite:///{home / 'records.db'}")
    settings = Settings(home=home)
    open_workspace(settings).images.add("cv", b"%PDF-1.4", ending=".pdf")
    registry, recipe = open_registry(settings), Recipe("pytesseract", "5", "fra+eng", 1, 1)
    ensure_champion(registry, recipe=recipe, register=registry.versions.register, on_stage=print)
    return home


NEEDED = {
    "--version": [],
    "--help": [],
    "train --help": [],
    "user add --help": [],
    "corpus --help": [],
    "images labels": [],
    "images list": [],
    "models": ["sqlalchemy"],
    "jobs": ["sqlalchemy"],
    "user list": ["sqlalchemy"],
    "audit": ["sqlalchemy"],
}
"""Which of the heavy packages commands that answer at once may load: the records need SQLAlchemy."""


@pytest.mark.parametrize("words", NEEDED)
def test_what_answers_at_once_loads_only_what_it_needs(words: str, used_home: Path) -> None:
    assert start(*words.split(), home=used_home) == {"code": 0, "heavy": NEEDED[words]}


def test_status_without_a_service_loads_nothing_heavy(tmp_path: Path) -> None:
    assert start("status", home=tmp_path) == {"code": 2, "heavy": []}


def test_status_of_a_service_loads_what_speaks_http(tmp_path: Path) -> None:
    me, run = psutil.Process(), tmp_path / "run"
    run.mkdir()
    service = {"url": f"http://127.0.0.1:{free_port()}", "pid": me.pid, "started": me.create_time()}
    (run / "service.json").write_text(json.dumps(service))
    assert start("status", home=tmp_path) == {"code": 1, "heavy": ["httpx", "rich"]}


def test_heavy_packages_are_noticed(tmp_path: Path) -> None:
    """Otherwise the tests above could not fail: `samples` draws with Pillow and Faker."""
    found = start("samples", "--count", "1", "--out", str(tmp_path / "out"), home=tmp_path)
    assert {"faker", "PIL"} <= set(found["heavy"]) <= HEAVY  # type: ignore[call-overload]


def test_version_is_that_of_the_package(tmp_path: Path) -> None:
    done = run_sake("--version", home=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"sake {version('sake-ray')}\n")
