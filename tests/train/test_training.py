"""A training as the admin runs it: images in, a run in MLflow out, and nothing done twice."""

import csv
import json
import subprocess
from pathlib import Path
from random import Random

import pytest
from typer.testing import CliRunner

from sake_ray.classifier import read_manifest
from sake_ray.cli import app
from sake_ray.cli.assembly import registry_of
from sake_ray.errors import InputError
from sake_ray.schemas import ComparisonOut
from sake_ray.settings import Settings
from sake_ray.train.texts import read_texts
from tests.conftest import SAKE, letter, png, run_sake
from tests.feedback.desk import Desk

WORDS = {
    "invoice": ("invoice", "amount", "payable", "total", "customer", "vat", "net", "price", "due", "bank"),
    "letter": (
        "dear",
        "sincerely",
        "weather",
        "holiday",
        "grandmother",
        "garden",
        "summer",
        "travel",
        "regards",
        "love",
    ),
    "minutes": ("meeting", "agenda", "present", "absent", "chair", "motion", "vote", "adjourned", "secretary", "item"),
}


def scan(label: str, number: int) -> bytes:
    """A page of words of that label."""
    random = Random(f"{label} {number}")
    lines = [" ".join(random.choices(WORDS[label], k=6)) for _ in range(6)]
    return png(letter(tuple(lines)).render(100))


def add(home: Path, folder: Path, label: str, numbers: range) -> None:
    """Add scans by the command."""
    files = []
    for number in numbers:
        path = folder / f"{label}{number}.png"
        path.write_bytes(scan(label, number))
        files.append(str(path))
    done = run_sake("images", "add", label, *files, home=home)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(files)


def trained(home: Path, *words: str) -> dict[str, object]:
    """Run the training; what it printed."""
    done = run_sake("train", *words, home=home)
    assert done.returncode == 0, done.stderr
    result: dict[str, object] = json.loads(done.stdout)
    return result


@pytest.mark.timeout(500)
def test_training_does_what_changed_and_its_run_is_found_again(tmp_path: Path) -> None:
    home = tmp_path / "home"
    workspace = home / "workspace"
    for label in ("invoice", "letter"):
        add(home, tmp_path, label, range(5))
    first = trained(home)
    assert first["ran"] == ["ingest", "clean", "preprocess", "train", "eval"]
    assert json.loads((workspace / "metrics" / "ingest.json").read_text())["read_now"] == 10
    (run,) = registry_of(Settings(home=home)).runs()
    assert (run.id, run.tags["sake.commit"]) == (first["run"], first["commit"])
    split = (workspace / "split.csv").read_text()

    # `dvc repro` by hand, and the same training again: nothing to do, and no second run.
    dvc = subprocess.run(
        [str(SAKE.with_name("dvc")), "repro"], cwd=workspace, capture_output=True, text=True, check=True
    )
    assert "up to date" in dvc.stdout
    again = trained(home)
    assert (again["run"], again["commit"], again["ran"]) == (first["run"], first["commit"], [])

    # A new label and an answer: only these scans are read, and no earlier document changes sides.
    add(home, tmp_path, "minutes", range(5))
    desk = Desk(home)
    answered = desk.accept(scan("letter", 77), "letter.png")
    desk.say(answered.id, "letter")
    second = trained(home)
    assert json.loads((workspace / "metrics" / "ingest.json").read_text())["read_now"] == 6
    assert desk.workspace.find_image(answered.sha256).label == "letter"
    assert second["run"] != first["run"]
    now = set((workspace / "split.csv").read_text().splitlines())
    assert set(split.splitlines()) <= now

    # The first knows no minutes; what judges both, neither has learned from.
    compared = CliRunner().invoke(
        app, ["compare", str(first["run"]), str(second["run"]), "--json"], env={"SAKE_HOME": str(home)}
    )
    found = ComparisonOut.model_validate_json(compared.stdout)
    parts = [line.split(",")[2] for line in (workspace / "split.csv").read_text().splitlines()[1:]]
    assert found.verdict.documents + sum(found.left_out.values()) == parts.count("test")
    assert found.labels["minutes"].corrected > 0
    assert found.data
    assert found.data.after == parts.count("train")

    assert run_sake("register", str(second["run"]), home=home).stdout.startswith("Version 1")
    assert run_sake("promote", "1", home=home).returncode == 0
    (version,) = registry_of(Settings(home=home)).versions()
    manifest = read_manifest(registry_of(Settings(home=home)).download(version, tmp_path / "model"))
    assert manifest.labels == ("invoice", "letter", "minutes")

    jobs = run_sake("jobs", home=home).stdout.splitlines()
    assert [line.split("\t")[4] for line in jobs] == ["succeeded"] * 3
    assert run_sake("logs", "1", home=home).returncode == 0


def test_texts_read_elsewhere_are_trained_on_and_judged(tmp_path: Path) -> None:
    random = Random(5)
    texts, predictions = tmp_path / "texts.csv", tmp_path / "predictions.csv"
    with texts.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["text", "label", "part"])
        for number in range(90):
            label = sorted(WORDS)[number % 3]
            part = "test" if number >= 60 else "train"
            writer.writerow([" ".join(random.choices(WORDS[label], k=8)), label, part])
        writer.writerow(["rare words only", "rare", "train"])
    done = run_sake("train", "--texts", str(texts), "--predictions", str(predictions), home=tmp_path / "home")
    assert done.returncode == 0, done.stderr
    scores = json.loads(done.stdout)
    assert scores["documents"] == 30
    assert scores["accuracy"] > 0.9
    with predictions.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["row"] for row in rows] == [str(number) for number in range(60, 90)]
    assert all(abs(sum(json.loads(row["probabilities"]).values()) - 1) < 1e-4 for row in rows)
    right = sum(row["label"] == row["predicted"] for row in rows) / len(rows)
    assert abs(right - scores["accuracy"]) < 1e-9


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("text\nhello\n", "needs the columns text and label"),
        ("text,label\nhello,\n", "line 2: there is no label"),
        ("text,label,part\nhello,a,valid\n", "it is train, test or empty"),
    ],
)
def test_texts_that_make_no_corpus_are_refused(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "texts.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=words):
        list(read_texts(path))
