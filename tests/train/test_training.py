"""A training as the admin runs it: images in, a run in MLflow out, nothing done twice, and each can be brought back."""

import csv
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from random import Random

import numpy as np
import psutil
import pytest
from typer.testing import CliRunner

from sake_ray.classifier import load, read_manifest
from sake_ray.cli import app
from sake_ray.cli.bootstrap import open_records, open_registry, open_workspace
from sake_ray.data.reading import Reader
from sake_ray.domain.texts import Recipe
from sake_ray.errors import InputError, JobStopped, ModelRefused, NotFound
from sake_ray.jobs.ray_connection import open_ray
from sake_ray.jobs.runner import JobContext
from sake_ray.promotion import promote, register
from sake_ray.registry import Registry
from sake_ray.schemas.comparison import ComparisonOut
from sake_ray.settings import Settings
from sake_ray.train.csv_training import read_texts
from sake_ray.train.params import read_params
from sake_ray.train.restore import RestoreContext, restore
from sake_ray.train.run import TrainingContext, train
from sake_ray.train.stages.pipeline import STAGES
from sake_ray.workspace import Workspace
from tests.command import SAKE, run_sake
from tests.office import Office
from tests.pages import letter, png
from tests.service import processes_of
from tests.traces import find_traces
from tests.train.killing import PATIENCE, STAGE, TRAINING, kill

FULL = os.environ.get("SAKE_FAULTS") == "full"
KILLS = tuple((stage, victim) for stage in STAGES for victim in (STAGE, TRAINING)) if FULL else (("eval", STAGE),)
"""Where trainings are killed, and what of them: in `make faults` everywhere."""
MARK = "xzqvmarker"
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


def marked_scan() -> bytes:
    """A page of a letter that names somebody."""
    return png(
        letter((f"dear {MARK} sincerely {MARK}", "weather garden holiday summer", "travel regards love")).render(100)
    )


def add_scans(home: Path, folder: Path, label: str, numbers: range) -> None:
    """Add scans by the command."""
    files = []
    for number in numbers:
        path = folder / f"{label}{number}.png"
        path.write_bytes(scan(label, number))
        files.append(str(path))
    done = run_sake("images", "add", label, *files, home=home)
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(files)


def run_training(home: Path, **settings: str) -> dict[str, object]:
    """Run the training; what it printed."""
    done = run_sake("train", home=home, **settings)
    assert done.returncode == 0, done.stderr
    result: dict[str, object] = json.loads(done.stdout)
    return result


@dataclass(frozen=True)
class TrainedHome:
    """A home after two trainings; what they printed, the files after the first, and the scan that somebody answered for."""

    home: Path
    remotes: dict[str, str]
    first: dict[str, object]
    second: dict[str, object]
    files: dict[str, str]
    split: str
    answered: str
    """Its scan, name and reference have a word that nothing else has."""

    @property
    def workspace(self) -> Workspace:
        """Its workspace."""
        return open_workspace(self.settings)

    @property
    def settings(self) -> Settings:
        """Its settings."""
        return Settings(
            home=self.home, dvc_remote=self.remotes["SAKE_DVC_REMOTE"], git_remote=self.remotes["SAKE_GIT_REMOTE"]
        )

    @property
    def registry(self) -> Registry:
        """Its experiments and models."""
        return open_registry(self.settings)

    def training(self, recipe: Recipe) -> TrainingContext:
        """A training that may not need Ray."""
        return TrainingContext(
            self.workspace, self.registry, recipe, lambda: pytest.fail("there was something to do"), "test"
        )

    def restore(self, target: object, recipe: Recipe, report: JobContext | None = None) -> Mapping[str, object]:
        """Bring back a training."""
        restoring = RestoreContext(self.workspace, self.registry, recipe, self.settings.policy, "test")
        return restore(restoring, report or JobContext(), target=str(target))

    def commit(self, message: str) -> str:
        """Commit the results as they are, as if stages had made them so."""
        dvc = [str(SAKE.with_name("dvc")), "commit", "--force", "-q"]
        subprocess.run(dvc, cwd=self.workspace.folder, check=True, capture_output=True)
        return self.workspace.git.commit(message)


def hash_files(workspace: Path) -> dict[str, str]:
    """The checksums of all files of a training."""
    kept = [path for path in workspace.rglob("*") if path.is_file()]
    mine = [path for path in kept if path.relative_to(workspace).parts[0] not in {".git", ".dvc", ".sake"}]
    return {str(path.relative_to(workspace)): sha256(path.read_bytes()).hexdigest() for path in mine}


@pytest.fixture(scope="module")
def trainings(tmp_path_factory: pytest.TempPathFactory, own_ray: dict[str, str]) -> TrainedHome:
    """Two trainings: of ten scans; of five more under a new label, and one that an answer gave its label."""
    folder = tmp_path_factory.mktemp("trainings")
    home, history = folder / "home", folder / "history.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(history)], check=True)
    remotes = {"SAKE_DVC_REMOTE": str(folder / "data"), "SAKE_GIT_REMOTE": str(history)}
    for label in ("invoice", "letter"):
        add_scans(home, folder, label, range(5))
    first = run_training(home, **remotes, **own_ray)
    files, split = hash_files(home / "workspace"), (home / "workspace" / "split.csv").read_text()
    add_scans(home, folder, "minutes", range(5))
    office = Office(home)
    answered = office.accept(marked_scan(), f"{MARK}.png", reference=MARK)
    office.say(answered.id, "letter")
    return TrainedHome(home, remotes, first, run_training(home, **remotes, **own_ray), files, split, answered.sha256)


@pytest.fixture
def trained_home(trainings: TrainedHome, tmp_path: Path) -> TrainedHome:
    """A copy for each test; MLflow's artifacts stay where they were made."""
    return replace(trainings, home=Path(shutil.copytree(trainings.home, tmp_path / "home", symlinks=True)))


def test_training_does_what_changed_and_its_run_is_found_again(trained_home: TrainedHome, tmp_path: Path) -> None:
    home, workspace, first, second = (
        trained_home.home,
        trained_home.workspace.folder,
        trained_home.first,
        trained_home.second,
    )
    assert first["ran"] == ["ingest", "clean", "preprocess", "train", "eval"]
    # A new label and an answer: only these scans were read, and no earlier document changed sides.
    assert json.loads((workspace / "metrics" / "ingest.json").read_text())["read_now"] == 6
    assert trained_home.workspace.images.find(trained_home.answered).label == "letter"
    assert set(trained_home.split.splitlines()) <= set((workspace / "split.csv").read_text().splitlines())
    newest, oldest = trained_home.registry.runs.list()
    assert (oldest.id, oldest.tags["sake.commit"]) == (first["run"], first["commit"])
    assert (newest.id, newest.tags["sake.commit"]) == (second["run"], second["commit"])

    # `dvc repro` by hand, and the same training again: nothing to do, and no third run.
    dvc = subprocess.run(
        [str(SAKE.with_name("dvc")), "repro"], cwd=workspace, capture_output=True, text=True, check=True
    )
    assert "up to date" in dvc.stdout
    again = run_training(home, **trained_home.remotes)
    assert (again["run"], again["commit"], again["ran"]) == (second["run"], second["commit"], [])

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
    (version,) = trained_home.registry.versions.all()
    manifest = read_manifest(trained_home.registry.versions.download(version, tmp_path / "model"))
    assert manifest.labels == ("invoice", "letter", "minutes")

    jobs = run_sake("jobs", home=home).stdout.splitlines()
    assert [line.split("\t")[4] for line in jobs] == ["succeeded"] * 3
    assert run_sake("logs", "1", home=home).returncode == 0


def test_restored_training_is_whole_and_can_be_promoted(trained_home: TrainedHome, reader: Reader) -> None:
    with trained_home.workspace.hold("test", seconds=1):
        trained_home.workspace.images.add("minutes", scan("minutes", 99), ending=".png")
    now = hash_files(trained_home.workspace.folder)

    result = trained_home.restore(trained_home.first["run"], reader.recipe)

    assert hash_files(trained_home.workspace.folder) == trained_home.files
    assert (result["judged"], result["differing"], result["doubt"]) == (2, 0, "")
    assert result["metrics"] == trained_home.first["metrics"]
    again = train(trained_home.training(reader.recipe), JobContext())
    assert (again["ran"], again["run"], again["commit"]) == ([], result["run"], result["commit"])
    register_and_promote(trained_home, str(result["run"]), reader.recipe)
    champion = trained_home.registry.champion.get()
    assert champion
    assert champion.run_id == result["run"]

    # The image that was there has not been lost, nor has anything else.
    back = trained_home.restore(result["kept"], reader.recipe)
    now.pop("data/raw.dvc")
    assert now.items() <= hash_files(trained_home.workspace.folder).items()
    assert back["run"] is None
    assert str(back["remark"]).startswith("That state was never trained on")


def test_training_comes_back_on_an_empty_machine(trained_home: TrainedHome, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    done = run_sake("restore", str(trained_home.first["commit"])[:12], home=empty, **trained_home.remotes)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert hash_files(empty / "workspace") == trained_home.files
    (run,) = open_registry(Settings(home=empty)).runs.list()
    assert (run.id, run.tags["sake.restored"]) == (result["run"], trained_home.first["commit"])
    assert run.metrics.items() >= dict(trained_home.first["metrics"]).items()  # type: ignore[call-overload]


def test_restored_model_that_predicts_otherwise_is_never_promoted(trained_home: TrainedHome, reader: Reader) -> None:
    folder = trained_home.workspace.folder
    predictions, run = folder / "data" / "predictions.csv", folder / "metrics" / "run.json"
    header, row, *others = predictions.read_text().splitlines()
    probabilities = json.loads(row[row.index('"{') + 1 : row.index('}"') + 1].replace('""', '"'))
    before, after = (
        f"{number:.6f}".rstrip("0") for number in (probabilities["letter"], probabilities["letter"] + 0.25)
    )
    predictions.write_text(
        "\n".join([header, row.replace(f'""letter"": {before}', f'""letter"": {after}'), *others, ""])
    )
    run.write_text(run.read_text().replace('"numpy": "', '"numpy": "0.'))
    commit = trained_home.commit("Predict otherwise")

    result = trained_home.restore(commit, reader.recipe)

    doubt = str(result["doubt"])
    assert f"1 of {len(others) + 1} documents differ, {row[:12]} by 0.250000; numpy was 0." in doubt
    with pytest.raises(ModelRefused, match="does not predict what it did"):
        register_and_promote(trained_home, str(result["run"]), reader.recipe)
    # Another commit of the same model is no way around that.
    plan = folder / "params.yaml"
    plan.write_text(plan.read_text() + "# a remark\n")
    again = train(trained_home.training(reader.recipe), JobContext())
    assert again["run"] != result["run"]
    with pytest.raises(ModelRefused, match="does not predict what it did"):
        register_and_promote(trained_home, str(again["run"]), reader.recipe)


def test_erased_document_is_in_no_training_and_what_learned_from_it_is_flagged(
    trained_home: TrainedHome, reader: Reader, tmp_path: Path, own_ray: dict[str, str]
) -> None:
    home, workspace = trained_home.home, trained_home.workspace
    remotes = {name: str(tmp_path / name) for name in trained_home.remotes}
    for name, place in trained_home.remotes.items():
        shutil.copytree(place, remotes[name])
    assert run_sake("register", str(trained_home.second["run"]), home=home).returncode == 0
    shown = run_sake("erase", "--reference", MARK, home=home, **remotes)
    assert "documents\t1\n" in shown.stdout
    assert "training_images\t1\n" in shown.stdout
    assert find_traces(home / "workspace", MARK)
    erased = run_sake("erase", "--reference", MARK, "--yes", home=home, **remotes)
    assert erased.returncode == 0, erased.stderr
    assert "trainings_flagged\t1\n" in erased.stdout
    assert "learned from it, and may know single words of it: 1." in erased.stderr
    # The artifacts stay where they were made: of so few documents a model knows every word.
    places = {path.split("/")[0] for path in find_traces(home, MARK)} | set(
        find_traces(tmp_path / "SAKE_DVC_REMOTE", MARK)
    )
    assert places <= {"mlflow-artifacts"}
    assert find_traces(tmp_path / "SAKE_GIT_REMOTE", MARK) == []
    assert run_sake("models", home=home).stdout.splitlines()[0].endswith("learned from erased documents")
    with pytest.raises(NotFound, match="learned from documents that were erased since"):
        trained_home.restore(trained_home.second["run"], reader.recipe)
    again = run_training(home, **remotes, **own_ray)
    assert again["commit"] not in workspace.erasures.list_commits()
    assert trained_home.answered not in (workspace.folder / "split.csv").read_text()
    (newest, *_) = trained_home.registry.runs.list()
    assert "sake.erased" not in newest.tags
    assert MARK not in " ".join(load(workspace.layout.model, recipe=None).model.vocabulary.tokens)
    # What did not learn from it comes back.
    assert trained_home.restore(trained_home.first["run"], reader.recipe)["doubt"] == ""


def test_stopped_restore_leaves_everything_as_it_was(trained_home: TrainedHome, reader: Reader) -> None:
    class Stopped(JobContext):
        def check_abort(self) -> None:
            if self.progress.stage == "prove":
                raise JobStopped("job-stopped", job=1)

    now = hash_files(trained_home.workspace.folder)
    with pytest.raises(JobStopped):
        trained_home.restore(trained_home.first["commit"], reader.recipe, Stopped())
    assert hash_files(trained_home.workspace.folder) == now
    for unknown in ("0123456789abcdef", "no such thing"):
        with pytest.raises(NotFound):
            trained_home.restore(unknown, reader.recipe)


@pytest.mark.timeout(3000)
def test_killed_training_is_made_up_for_and_two_at_once_both_succeed(
    trainings: TrainedHome, tmp_path: Path, start_sake: Callable[..., subprocess.Popen[str]], own_ray: dict[str, str]
) -> None:
    home = tmp_path / "home"
    if not FULL:  # what was read once need not be read again for this
        shutil.copytree(trainings.home / "objects", home / "objects")
    for label in ("invoice", "letter"):
        add_scans(home, tmp_path, label, range(5))
    for stage, victim in KILLS:
        worker = (stage, victim) == ("eval", STAGE)
        kill(lambda: start_sake("train", home=home), home, stage, victim, worker=worker)
    both = [start_sake("train", home=home, **own_ray) for _ in range(2)]
    results = []
    for one in both:
        out, errors = one.communicate(timeout=2 * PATIENCE)
        assert one.returncode == 0, errors
        results.append(json.loads(out))
    assert sorted(len(result["ran"]) for result in results) == [0, 1]
    assert len({result["run"] for result in results}) == 1
    assert results[0]["metrics"] == trainings.first["metrics"]
    assert hash_files(home / "workspace")["data/predictions.csv"] == trainings.files["data/predictions.csv"]
    assert processes_of(home) == []


@pytest.mark.skipif(not FULL, reason="part of `make faults`")
def test_killed_worker_is_replaced_and_the_model_is_the_same(
    trained_home: TrainedHome, tmp_path: Path, own_ray: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RAY_AUTH_TOKEN_PATH", own_ray["RAY_AUTH_TOKEN_PATH"])
    folder, killed = trained_home.workspace.folder, list[int]()

    def kill_once(done: int, total: int) -> None:
        if 0 < done < total and not killed:
            killed.append(done)
            for child in psutil.Process().children(recursive=True):
                if child.cmdline()[:1] and child.cmdline()[0].startswith("ray::RayTrainWorker"):
                    child.kill()
                    killed.append(child.pid)

    with open_ray(tmp_path, address=own_ray["SAKE_RAY_ADDRESS"]):
        from sake_ray.train.stages import fit  # Ray reads its environment when it is imported

        monkeypatch.setattr(fit, "POLL_SECONDS", 0.02)
        params = read_params(trained_home.workspace.layout.params)
        again = fit.fit_on_ray(
            trained_home.workspace.layout.vectorized,
            params.hyperparameters,
            seed=params.seed,
            scratch=tmp_path / "steps",
            on_progress=kill_once,
        )
    assert len(killed) == 2, killed
    before = load(folder / "model", recipe=None).model
    assert np.array_equal(again.model.coef, before.coef)
    assert again.model.temperature == before.temperature


def register_and_promote(trained_home: TrainedHome, run: str, recipe: Recipe) -> None:
    """Register the model of a run, and let it serve."""
    records, now = open_records(trained_home.settings), datetime.now(UTC)
    number = register(trained_home.registry, records, run, now=now).number
    promote(
        trained_home.registry, records, number, recipe=recipe, verdict=None, force=True, by="test",
        why="restored", now=now,
    )  # fmt: skip


def test_texts_read_elsewhere_are_trained_on_and_judged(tmp_path: Path, own_ray: dict[str, str]) -> None:
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
    words = ["--texts", str(texts), "--predictions", str(predictions)]
    done = run_sake("train", *words, home=tmp_path / "home", **own_ray)
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
