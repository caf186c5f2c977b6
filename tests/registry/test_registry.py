"""Experiments and model versions, in a real MLflow: on a SQLite file, and as a server on SQLite, and on PostgreSQL and S3."""

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from subprocess import Popen, run

import pytest
import sqlalchemy as sa

from sake_ray.classifier import Classifier, Hyperparameters, fit, load
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import InputError, ModelRefused, StorageUnavailable
from sake_ray.registry import Registry, local_file
from sake_ray.registry.versions import ModelVersion
from sake_ray.serve.presenters.models import present_models
from sake_ray.storage.s3 import S3Store
from tests.handmade import RECIPE, make_corpus
from tests.registry.mlflow_servers import MlflowServer
from tests.storage.s3_servers import BUCKET, Server

NOW = datetime(2026, 11, 23, tzinfo=UTC)
# Forked after the imports: four interpreters that import MLflow keep two cores busy for half a minute.
PREPARE = """
import os, sys
import mlflow.store.tracking.sqlalchemy_store
from sake_ray.registry import Registry
children = []
for _ in range(4):
    child = os.fork()
    if not child:
        Registry(sys.argv[1], sys.argv[2]).prepare()
        os._exit(0)
    children.append(child)
sys.exit(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    """Trained on a few documents."""
    return fit(*make_corpus(4), parameters=Hyperparameters(augmentations=0))


@pytest.fixture(scope="module")
def saved(classifier: Classifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a saved classifier."""
    folder = tmp_path_factory.mktemp("saved") / "classifier"
    classifier.save(folder, created=NOW)
    return folder


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home four processes prepared at once: to make the tables takes seconds, so once for all tests."""
    home = tmp_path_factory.mktemp("fresh")
    command = [sys.executable, "-c", PREPARE, f"sqlite:///{home / 'mlflow.db'}", str(home / "artifacts")]
    environment = os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"}
    done = run(command, cwd=home, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return home


@pytest.fixture
def registry(prepared: Path, tmp_path: Path) -> Registry:
    """A prepared registry without any model."""
    shutil.copy(prepared / "mlflow.db", tmp_path / "mlflow.db")
    (tmp_path / "artifacts").mkdir()
    found = Registry(f"sqlite:///{tmp_path / 'mlflow.db'}", str(tmp_path / "artifacts"))
    found.prepare()
    return found


@pytest.fixture(params=["file", "server", "postgresql and s3"])
def any_registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    """A prepared registry of each kind, without any model: a file, a server on a file, and one on PostgreSQL and S3."""
    if request.param == "file":
        yield request.getfixturevalue("registry")
        return
    server: MlflowServer = request.getfixturevalue(
        "mlflow_on_sqlite" if request.param == "server" else "mlflow_on_servers"
    )
    found = Registry(server.url, str(tmp_path / "unused"))
    found.prepare()
    yield found
    server.clear()


def register(registry: Registry, folder: Path) -> ModelVersion:
    """Log and register a classifier."""
    run_id = registry.trainings.log(
        folder, name="a run", parameters={"c": 20.0}, metrics={"accuracy": 0.9}, tags={"by": "us"}
    )
    return registry.versions.register(run_id)


def artifact(registry: Registry, name: str) -> Path:
    """Find a file of the only model."""
    (path,) = Path(registry.connection.artifacts).rglob(name)
    return path


def test_four_processes_prepare_a_fresh_home_at_once(prepared: Path) -> None:
    with sqlite3.connect(prepared / "mlflow.db") as database:
        (count,) = database.execute("SELECT count(*) FROM experiments WHERE name = 'sake'").fetchone()
    assert count == 1
    assert sorted(path.name for path in prepared.iterdir()) == ["artifacts", "mlflow.db", "mlflow.db.lock"]


def test_preparing_again_changes_nothing(any_registry: Registry, saved: Path) -> None:
    version = register(any_registry, saved)
    any_registry.prepare()
    assert any_registry.versions.all() == (version,)


def test_empty_registry_has_no_champion(any_registry: Registry) -> None:
    assert any_registry.champion.get() is None
    assert any_registry.champion.previous() is None
    assert any_registry.versions.all() == ()


def test_first_version_is_promoted_to_champion(any_registry: Registry, classifier: Classifier, saved: Path) -> None:
    version = register(any_registry, saved)
    assert version.number == 1
    assert version.sha256 == load(saved, recipe=RECIPE).sha256
    assert (datetime.now(UTC) - version.created).total_seconds() < 60
    any_registry.champion.promote(1)
    assert any_registry.champion.get() == version
    assert any_registry.champion.previous() is None


def test_promoting_keeps_the_one_before_as_previous(any_registry: Registry, saved: Path) -> None:
    first, second = register(any_registry, saved), register(any_registry, saved)
    any_registry.champion.promote(first.number)
    any_registry.champion.promote(second.number)
    assert (any_registry.champion.get(), any_registry.champion.previous()) == (second, first)
    any_registry.champion.promote(second.number)
    assert (any_registry.champion.get(), any_registry.champion.previous()) == (second, first)
    any_registry.champion.promote(first.number)
    assert (any_registry.champion.get(), any_registry.champion.previous()) == (first, second)
    assert any_registry.versions.all() == (second, first)


def test_roles_are_those_of_champion_and_previous(any_registry: Registry, saved: Path) -> None:
    assert any_registry.champion.find_roles() == {}
    first, second, _ = (register(any_registry, saved) for _ in range(3))
    any_registry.champion.promote(first.number)
    assert any_registry.champion.find_roles() == {first.number: "champion"}
    any_registry.champion.promote(second.number)
    assert any_registry.champion.find_roles() == {first.number: "previous", second.number: "champion"}


def test_more_versions_take_no_more_questions_for_their_roles(
    registry: Registry, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MLflow is asked once for all versions, not once or twice for each."""
    monkeypatch.setattr(local_file, "REVISION", "of a server")
    registry.champion.promote(register(registry, saved).number)
    few = count_alias_queries(registry)
    assert few
    for _ in range(3):
        registry.champion.promote(register(registry, saved).number)
    assert len(registry.versions.all()) == 4
    assert count_alias_queries(registry) == few


def count_alias_queries(registry: Registry) -> int:
    """How often presenting all versions asks MLflow's database for aliases."""
    versions, asked = registry.versions.all(), []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append("registered_model_aliases" in statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        present_models(versions, registry)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    return sum(asked)


def test_refused_promotion_changes_neither_champion_nor_previous(any_registry: Registry, saved: Path) -> None:
    first, second = register(any_registry, saved), register(any_registry, saved)
    any_registry.champion.promote(first.number)
    any_registry.champion.promote(second.number)
    with pytest.raises(InputError, match="99"):
        any_registry.champion.promote(99)
    assert (any_registry.champion.get(), any_registry.champion.previous()) == (second, first)


def test_classifier_comes_back_the_same(
    any_registry: Registry, classifier: Classifier, saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    version = register(any_registry, saved)
    folder = any_registry.versions.download(version, tmp_path / "models" / version.sha256)
    loaded = load(folder, recipe=RECIPE, sha256=version.sha256)
    texts, _ = make_corpus(3, seed=5)
    assert loaded.predict(texts, policy=Policy()) == classifier.predict(texts, policy=Policy())
    assert sorted(path.name for path in folder.iterdir()) == ["manifest.json", "model.npz"]
    assert list((tmp_path / "models").iterdir()) == [folder]
    assert list(elsewhere.iterdir()) == []


def test_download_replaces_what_is_there(any_registry: Registry, saved: Path, tmp_path: Path) -> None:
    version = register(any_registry, saved)
    stale = tmp_path / "model"
    stale.mkdir()
    (stale / "model.npz").write_bytes(b"damaged")
    assert load(any_registry.versions.download(version, stale), recipe=RECIPE).sha256 == version.sha256


@pytest.mark.parametrize("name", ["model.npz", "manifest.json"])
def test_damaged_artifact_is_refused_and_leaves_nothing(
    registry: Registry, saved: Path, tmp_path: Path, name: str
) -> None:
    version = register(registry, saved)
    content = bytearray(artifact(registry, name).read_bytes())
    content[len(content) // 2] ^= 1
    artifact(registry, name).write_bytes(content)
    with pytest.raises(ModelRefused, match=r"Model version 1 is refused\. The model"):
        registry.versions.download(version, tmp_path / "models" / "one")
    assert list((tmp_path / "models").iterdir()) == []
    with pytest.raises(ModelRefused):
        registry.versions.register(version.run_id)
    assert registry.versions.all() == (version,)


def test_lost_artifact_is_refused(registry: Registry, saved: Path, tmp_path: Path) -> None:
    version = register(registry, saved)
    artifact(registry, "model.npz").unlink()
    with pytest.raises(ModelRefused, match=r"no readable model\.npz"):
        registry.versions.download(version, tmp_path / "one")
    shutil.rmtree(registry.connection.artifacts)
    with pytest.raises((ModelRefused, StorageUnavailable)):
        registry.versions.download(version, tmp_path / "one")


def test_damaged_classifier_is_not_logged(any_registry: Registry, saved: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(saved, tmp_path / "copy"))
    with (copy / "model.npz").open("ab") as file:
        file.write(b"x")
    with pytest.raises(ModelRefused, match="is not the file"):
        register(any_registry, copy)


def test_unknown_run_and_version_are_named(any_registry: Registry, saved: Path) -> None:
    with pytest.raises(InputError, match=r"Run with id=0+ not found"):
        any_registry.versions.register("0" * 32)
    register(any_registry, saved)
    with pytest.raises(InputError, match="2"):
        any_registry.champion.promote(2)
    assert any_registry.champion.get() is None


def test_registry_that_was_never_prepared_says_so(prepared: Path, saved: Path, tmp_path: Path) -> None:
    shutil.copy(prepared / "mlflow.db", tmp_path / "mlflow.db")
    with sqlite3.connect(tmp_path / "mlflow.db") as database:
        database.execute("DELETE FROM experiments WHERE name = 'sake'")
    with pytest.raises(StorageUnavailable, match="never prepared"):
        register(Registry(f"sqlite:///{tmp_path / 'mlflow.db'}", str(tmp_path)), saved)


def test_run_carries_what_was_logged(registry: Registry, saved: Path) -> None:
    version = register(registry, saved)
    with sqlite3.connect(registry.connection.uri.removeprefix("sqlite:///")) as database:
        (name, status) = database.execute(
            "SELECT name, status FROM runs WHERE run_uuid = ?", (version.run_id,)
        ).fetchone()
        parameters = database.execute("SELECT key, value FROM params").fetchall()
        metrics = database.execute("SELECT key, value FROM latest_metrics").fetchall()
        places = database.execute("SELECT artifact_location FROM logged_models").fetchall()
    assert (name, status) == ("a run", "FINISHED")
    assert ("c", "20.0") in parameters
    assert ("accuracy", 0.9) in metrics
    assert all(place.startswith(Path(registry.connection.artifacts).as_uri()) for (place,) in places)


def test_importing_the_registry_does_not_import_mlflow() -> None:
    code = "import sys, sake_ray.registry; sys.exit('mlflow' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0


def test_trainings_from_erased_documents_and_their_versions_are_flagged(any_registry: Registry, saved: Path) -> None:
    commits = ("a" * 40, "b" * 40)
    runs = [
        any_registry.trainings.log(saved, name="a run", parameters={}, metrics={}, tags={"sake.commit": commit})
        for commit in commits
    ]
    any_registry.versions.register(runs[0])
    any_registry.versions.register(runs[1])
    flagged = any_registry.erased_trainings.flag([commits[1], "c" * 40], now=NOW)
    assert (flagged.runs, flagged.versions) == ((runs[1],), (2,))
    assert "sake.erased" in any_registry.runs.get(runs[1]).tags
    assert [version.learned_from_erased for version in any_registry.versions.all()] == [True, False]
    # One that is registered later is flagged, too.
    any_registry.versions.register(runs[1])
    assert [version.learned_from_erased for version in any_registry.versions.all()] == [True, True, False]
    assert [model.learned_from_erased for model in present_models(any_registry.versions.all(), any_registry)] == [
        True,
        True,
        False,
    ]


def test_runs_are_listed_newest_first_with_their_version(any_registry: Registry, saved: Path) -> None:
    first = any_registry.trainings.log(
        saved, name="one", parameters={"c": 1}, metrics={"f1": 0.5}, tags={"corpus": "a"}
    )
    second = any_registry.trainings.log(saved, name="two", parameters={}, metrics={}, tags={})
    version = any_registry.versions.register(first)
    newest, oldest = any_registry.runs.list()
    assert (newest.id, newest.version) == (second, None)
    assert (oldest.id, oldest.name, oldest.status, oldest.version) == (first, "one", "FINISHED", version.number)
    assert (oldest.parameters, oldest.metrics, oldest.tags) == ({"c": "1"}, {"f1": 0.5}, {"corpus": "a"})


def test_runs_are_paged_by_what_came_last(any_registry: Registry, saved: Path) -> None:
    logged = [any_registry.trainings.log(saved, name=name, parameters={}, metrics={}, tags={}) for name in "abc"]
    newest, middle = any_registry.runs.list(limit=2)
    any_registry.trainings.log(saved, name="d", parameters={}, metrics={}, tags={})
    assert [newest.id, middle.id] == logged[:0:-1]
    assert [run.id for run in any_registry.runs.list(limit=2, after=middle.key)] == logged[:1]
    assert any_registry.runs.list(limit=2, after=any_registry.runs.get(logged[0]).key) == ()


@pytest.fixture
def home(prepared: Path, tmp_path: Path) -> Path:
    """A prepared home without any model, which others may be beside."""
    copy = tmp_path / "home"
    shutil.copytree(prepared, copy)
    Registry(f"sqlite:///{copy / 'mlflow.db'}", str(copy / "artifacts")).prepare()
    return copy


def registered(saved: Path, home: Path) -> Registry:
    """A registry with one version, which is the champion."""
    registry = Registry(f"sqlite:///{home / 'mlflow.db'}", str(home / "artifacts"))
    run_id = registry.trainings.log(saved, name="a", parameters={}, metrics={}, tags={})
    registry.champion.promote(registry.versions.register(run_id).number)
    return registry


def test_the_file_is_read_as_mlflow_reads_it(saved: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registry = registered(saved, home)
    second = registry.versions.register(registry.runs.list()[0].id)
    registry.champion.promote(second.number)
    connection = registry.connection
    mine = (
        registry.versions.all(),
        registry.champion.get(),
        registry.champion.previous(),
        registry.champion.find_roles(),
    )
    assert connection.read_versions() is not None
    monkeypatch.setattr(local_file, "REVISION", "a later one")
    assert connection.read_versions() is None
    assert mine == (
        registry.versions.all(), registry.champion.get(), registry.champion.previous(), registry.champion.find_roles()
    )  # fmt: skip
    assert [version.number for version in mine[0]] == [2, 1]


def test_the_revision_of_the_tables_is_that_of_the_installed_mlflow(home: Path) -> None:
    with closing(sqlite3.connect(home / "mlflow.db")) as tables:
        assert tables.execute("SELECT version_num FROM alembic_version").fetchall() == [(local_file.REVISION,)]


def test_a_moved_home_keeps_its_models_and_logs_new_ones_where_it_is_now(
    saved: Path, home: Path, tmp_path: Path
) -> None:
    run_id = registered(saved, home).runs.list()[0].id
    moved = tmp_path / "moved é"
    shutil.move(home, moved)
    registry = Registry(f"sqlite:///{moved / 'mlflow.db'}", str(moved / "artifacts"))
    registry.prepare()
    version = registry.champion.get()
    assert version
    assert registry.versions.load(version, moved / "models", recipe=None).sha256 == version.sha256
    assert registry.versions.register(run_id).number == 2
    registry.trainings.log(saved, name="b", parameters={}, metrics={}, tags={})
    assert not home.exists()
    with closing(sqlite3.connect(moved / "mlflow.db")) as tables:
        assert f"{home.as_uri()}/" not in "".join(tables.iterdump())


def test_a_home_that_was_copied_writes_nothing_into_the_first(saved: Path, home: Path, tmp_path: Path) -> None:
    registered(saved, home)
    copy = tmp_path / "copy"
    shutil.copytree(home, copy)
    before = sorted(home.rglob("*"))
    registry = Registry(f"sqlite:///{copy / 'mlflow.db'}", str(copy / "artifacts"))
    registry.prepare()
    registry.trainings.log(saved, name="b", parameters={}, metrics={}, tags={})
    assert sorted(home.rglob("*")) == before


def test_a_database_that_was_copied_alone_has_its_artifacts_where_they_were(
    saved: Path, home: Path, tmp_path: Path
) -> None:
    registered(saved, home)
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(home / "mlflow.db", alone)
    registry = Registry(f"sqlite:///{alone / 'mlflow.db'}", str(alone / "artifacts"))
    registry.prepare()
    registry.prepare()  # as every command does
    version = registry.champion.get()
    assert version
    assert registry.versions.load(version, alone / "models", recipe=None).sha256 == version.sha256


def test_nobody_meets_tables_that_are_half_made(tmp_path: Path) -> None:
    registry = Registry(f"sqlite:///{tmp_path / 'mlflow.db'}", str(tmp_path / "artifacts"))
    code = "import sys; from sake_ray.registry import Registry; Registry(sys.argv[1], sys.argv[2]).prepare()"
    making = Popen([sys.executable, "-c", code, registry.connection.uri, registry.connection.artifacts])
    answers = [registry.connection.read_versions()]
    while making.poll() is None:
        answers.append(registry.connection.read_versions())
    assert making.returncode == 0
    assert registry.reads_without_mlflow
    assert None not in answers
    assert sorted(path.name for path in tmp_path.iterdir()) == ["artifacts", "mlflow.db", "mlflow.db.lock"]


def test_a_home_that_is_reached_by_a_link_stays_as_it_is(home: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(home)
    before = (home / "mlflow.db").read_bytes()
    Registry(f"sqlite:///{tmp_path / 'link' / 'mlflow.db'}", str(tmp_path / "link" / "artifacts")).prepare()
    assert (home / "mlflow.db").read_bytes() == before


def test_the_champion_is_found_and_loaded_without_importing_mlflow(saved: Path, home: Path, tmp_path: Path) -> None:
    registered(saved, home)
    code = (
        "import sys; from pathlib import Path; from sake_ray.registry import Registry; r = Registry(sys.argv[1], sys.argv[2]);"
        "r.prepare(); r.versions.load(r.champion.get(), Path(sys.argv[3]), recipe=None); sys.exit('mlflow' in sys.modules)"
    )
    words = f"sqlite:///{home / 'mlflow.db'}", str(home / "artifacts"), str(tmp_path / "models")
    assert run([sys.executable, "-c", code, *words], check=False).returncode == 0


def test_artifacts_of_a_server_lie_in_its_bucket_and_reach_us_by_the_server(
    mlflow_on_servers: MlflowServer, rclone: Server, saved: Path, tmp_path: Path
) -> None:
    registry = Registry(mlflow_on_servers.url, str(tmp_path / "unused"))
    registry.prepare()
    version = register(registry, saved)
    keys = {"access_key": rclone.access_key, "secret_key": rclone.secret_key}
    stored = [key.rpartition("/")[2] for key in S3Store(BUCKET, "mlflow", endpoint=rclone.endpoint, **keys).list()]
    assert {"model.npz", "manifest.json"} <= set(stored)
    assert registry.versions.download(version, tmp_path / "model").is_dir()
    mlflow_on_servers.clear()
