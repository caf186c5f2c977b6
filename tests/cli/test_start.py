"""What answers at once loads nothing heavy; the version is that of the package."""

import csv
import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import cast

import psutil
import pytest

from sake_ray.cli.bootstrap import open_registry, open_workspace
from sake_ray.cli.documents import load_classifier
from sake_ray.data.reading import Reader
from sake_ray.domain.texts import Recipe
from sake_ray.settings import Settings
from sake_ray.synthetic.sheet import sheets_to_pdf
from sake_ray.train.first_model.model import ensure_champion
from sake_ray.train.first_model.numbers import load_numbers
from tests.cli.loaded import HEAVY
from tests.command import run_sake
from tests.homes import make_tables
from tests.pages import letter
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


def test_a_new_home_classifies_by_the_model_of_the_package_without_mlflow(tmp_path: Path) -> None:
    (tmp_path / "letter.pdf").write_bytes(sheets_to_pdf([letter()]))
    table = tmp_path / "out.csv"
    words = ("classify", str(tmp_path / "letter.pdf"), "--output", str(table))
    found = start(*words, home=tmp_path / "home")
    (row,) = csv.DictReader(table.open(encoding="utf-8"))
    assert found["code"] == 0
    assert not {"mlflow", "ray", "sklearn", "pandas"} & set(cast(list[str], found["heavy"]))
    assert (row["status"], row["model_version"]) == ("COMPLETED", "first")


def test_a_registered_model_takes_the_place_of_that_of_the_package(home: Path, reader: Reader) -> None:
    version, classifier = load_classifier(Settings(home=home), recipe=reader.recipe, on_stage=print)
    packaged = load_numbers(reader.recipe)
    assert packaged
    assert (version, classifier.labels) == ("1", packaged.labels)
    assert classifier.sha256 != packaged.sha256


def test_a_home_without_models_says_how_there_will_be_one(tmp_path: Path) -> None:
    done = run_sake("models", home=tmp_path)
    assert (done.returncode, done.stdout) == (0, "")
    assert "sake up" in done.stderr
