"""Which model serves: a bad one never replaces a good one, and MLflow being down changes nothing."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sake_ray.classifier import Classifier
from sake_ray.domain.texts import Recipe
from sake_ray.errors import ModelRefused, NoChampion, NotFound, StorageUnavailable
from sake_ray.registry import Registry
from sake_ray.registry.champion import CHAMPION, PREVIOUS, ChampionAlias
from sake_ray.registry.versions import ModelVersion, Versions
from sake_ray.serve.champion import Champion

Trained = tuple[ModelVersion, Classifier]


class FolderRegistry(Registry):
    """A registry whose versions lie in folders; `down` plays MLflow being away."""

    def __init__(self, folder: Path) -> None:
        super().__init__("", str(folder))
        self.folder, self.down = folder, False
        self.kept: dict[str, ModelVersion] = {}
        self.aliases: dict[str, str] = {}
        self.champion, self.versions = FolderAlias(self), FolderVersions(self)

    def add(self, classifier: Classifier, number: int, *, damaged: bool = False) -> ModelVersion:
        folder = self.folder / str(number)
        sha256 = classifier.save(folder, created=datetime(2026, 1, number, tzinfo=UTC))
        if damaged:
            (folder / "model.npz").write_bytes(b"broken")
        self.kept[sha256] = ModelVersion(number, sha256, "run", datetime.now(UTC))
        return self.kept[sha256]


class FolderAlias(ChampionAlias):
    def __init__(self, registry: FolderRegistry) -> None:
        self.registry = registry

    def get(self) -> ModelVersion | None:
        return self._find(CHAMPION)

    def previous(self) -> ModelVersion | None:
        return self._find(PREVIOUS)

    def _find(self, alias: str) -> ModelVersion | None:
        if self.registry.down:
            raise StorageUnavailable("mlflow-failed", url="here", error="no")
        return self.registry.kept.get(self.registry.aliases.get(alias, ""))


class FolderVersions(Versions):
    def __init__(self, registry: FolderRegistry) -> None:
        self.registry = registry

    def all(self) -> tuple[ModelVersion, ...]:
        return tuple(self.registry.kept.values())

    def download(self, version: ModelVersion, folder: Path) -> Path:
        shutil.copytree(self.registry.folder / str(version.number), folder, dirs_exist_ok=True)
        return folder


@pytest.fixture
def registry(tmp_path: Path) -> FolderRegistry:
    return FolderRegistry(tmp_path / "registry")


def follower(registry: FolderRegistry, tmp_path: Path, recipe: Recipe) -> Champion:
    return Champion(registry, tmp_path / "models", recipe, lambda version: None)


def test_new_champion_is_taken_up(registry: FolderRegistry, tmp_path: Path, trained: Trained) -> None:
    champion = follower(registry, tmp_path, trained[1].recipe)
    for number in (1, 2):
        registry.aliases[CHAMPION] = registry.add(trained[1], number).sha256
        champion.follow()
        assert champion.served
        assert (champion.served.version.number, champion.served.role) == (number, CHAMPION)


def test_damaged_champion_leaves_the_good_one_in_place(
    registry: FolderRegistry, tmp_path: Path, trained: Trained
) -> None:
    champion = follower(registry, tmp_path, trained[1].recipe)
    good, bad = registry.add(trained[1], 1), registry.add(trained[1], 2, damaged=True)
    registry.aliases[CHAMPION] = good.sha256
    champion.follow()
    registry.aliases[CHAMPION] = bad.sha256
    champion.follow()
    champion.follow()
    assert champion.served
    assert champion.served.version == good
    assert champion.refused
    registry.aliases[CHAMPION] = good.sha256
    champion.follow()
    assert not champion.refused


def test_at_the_start_a_damaged_champion_lets_the_previous_serve(
    registry: FolderRegistry, tmp_path: Path, trained: Trained
) -> None:
    champion = follower(registry, tmp_path, trained[1].recipe)
    registry.aliases[PREVIOUS] = registry.add(trained[1], 1).sha256
    registry.aliases[CHAMPION] = registry.add(trained[1], 2, damaged=True).sha256
    champion.follow()
    assert champion.served
    assert (champion.served.version.number, champion.served.role) == (1, PREVIOUS)


def test_with_neither_there_is_a_sentence(registry: FolderRegistry, tmp_path: Path, trained: Trained) -> None:
    champion = follower(registry, tmp_path, trained[1].recipe)
    with pytest.raises(NoChampion, match="No model serves"):
        champion.follow()
    registry.aliases[CHAMPION] = registry.add(trained[1], 1, damaged=True).sha256
    with pytest.raises(NoChampion, match="no earlier version"):
        champion.follow()


def test_model_of_another_recipe_is_refused(registry: FolderRegistry, tmp_path: Path, trained: Trained) -> None:
    other = Recipe("pytesseract", "9.0.0", "deu", 1, 1)
    champion = follower(registry, tmp_path, other)
    registry.aliases[CHAMPION] = registry.add(trained[1], 1).sha256
    with pytest.raises(NoChampion, match="refused"):
        champion.follow()


def test_mlflow_being_down_changes_nothing(registry: FolderRegistry, tmp_path: Path, trained: Trained) -> None:
    champion = follower(registry, tmp_path, trained[1].recipe)
    registry.aliases[CHAMPION] = registry.add(trained[1], 1).sha256
    champion.follow()
    registry.down = True
    champion.follow()
    assert champion.served


def test_files_damaged_on_this_machine_are_fetched_again(
    registry: FolderRegistry, tmp_path: Path, trained: Trained
) -> None:
    version = registry.add(trained[1], 1)
    registry.aliases[CHAMPION] = version.sha256
    follower(registry, tmp_path, trained[1].recipe).follow()
    (tmp_path / "models" / version.sha256 / "model.npz").write_bytes(b"broken")
    champion = follower(registry, tmp_path, trained[1].recipe)
    champion.follow()
    assert champion.served
    assert not champion.refused


def test_earlier_model_explains_what_it_said(registry: FolderRegistry, tmp_path: Path, trained: Trained) -> None:
    first, second = registry.add(trained[1], 1), registry.add(trained[1], 2)
    champion = follower(registry, tmp_path, trained[1].recipe)
    registry.aliases[CHAMPION] = second.sha256
    champion.follow()
    assert champion.find_classifier(first.sha256)[1] == "1"
    assert champion.find_classifier(second.sha256)[1] == "2"
    with pytest.raises(NotFound):
        champion.find_classifier("f" * 64)


def test_version_that_is_not_known_here_never_replaces_the_champion(
    registry: FolderRegistry, tmp_path: Path, trained: Trained
) -> None:
    known: list[int] = [1]

    def check(version: ModelVersion) -> None:
        if version.number not in known:
            raise ModelRefused("model-not-registered", version=version.number)

    champion = Champion(registry, tmp_path / "models", trained[1].recipe, check)
    registry.aliases[CHAMPION] = registry.add(trained[1], 1).sha256
    champion.follow()
    registry.aliases[CHAMPION] = registry.add(trained[1], 2).sha256
    champion.follow()
    assert champion.served
    assert champion.served.version.number == 1
    assert champion.refused.code == "model-not-registered"
    registry.aliases[CHAMPION] = registry.add(trained[1], 3).sha256
    known.append(3)
    champion.follow()
    assert champion.served.version.number == 3
    assert not champion.refused
