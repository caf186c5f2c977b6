"""Promotions: checked, logged, and whole after a kill; on a real MLflow and real records."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from sake_ray.classifier import Hyperparameters, fit
from sake_ray.domain.promotions import DONE, ComparisonOutcome, ComparisonVerdict
from sake_ray.domain.texts import Recipe
from sake_ray.errors import InputError, Message, ModelRefused, PromotionRefused
from sake_ray.promotion import OVERTAKEN, promote, reconcile, register, rollback
from sake_ray.registry import Registry
from sake_ray.registry.versions import ModelVersion, Versions
from sake_ray.storage.records import Records
from tests.handmade import RECIPE, make_corpus

NOW = datetime(2026, 11, 23, tzinfo=UTC)
OTHER_RECIPE = Recipe("pytesseract", "9.0", "deu", 7, 7)


@pytest.fixture(scope="module")
def three_versions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with three model versions, none of which serves."""
    home = tmp_path_factory.mktemp("three")
    registry = open_registry(home)
    registry.prepare()
    classifier = fit(*make_corpus(4), parameters=Hyperparameters(augmentations=0))
    for number in range(3):
        classifier.save(home / f"saved-{number}", created=NOW)
        run = registry.trainings.log(home / f"saved-{number}", name="a", parameters={}, metrics={}, tags={})
        registry.versions.register(run)
    return home


def open_registry(home: Path) -> Registry:
    return Registry(f"sqlite:///{home / 'mlflow.db'}", str(home / "artifacts"))


@pytest.fixture
def shelves(three_versions: Path, tmp_path: Path) -> tuple[Registry, Records]:
    # The database is this test's own; the artifacts, under their absolute paths, are shared and never changed.
    shutil.copy(three_versions / "mlflow.db", tmp_path)
    records = Records(f"sqlite:///{tmp_path / 'records.db'}")
    records.database.migrate()
    return Registry(f"sqlite:///{tmp_path / 'mlflow.db'}", str(tmp_path / "artifacts")), records


def let_serve(shelves: tuple[Registry, Records], number: int) -> None:
    """Promote a version that is better than the champion."""
    champion = shelves[0].champion.get()
    better = ComparisonVerdict(ComparisonOutcome.BETTER, 200, 12, 1, against=champion.number if champion else None)
    promote(*shelves, number, recipe=RECIPE, verdict=better, by="anne", why="better", now=NOW)


def numbers(registry: Registry) -> tuple[int | None, int | None]:
    champion, previous = registry.champion.get(), registry.champion.previous()
    return champion.number if champion else None, previous.number if previous else None


def test_promoted_version_serves_and_the_log_says_who_when_from_to_and_why(shelves: tuple[Registry, Records]) -> None:
    let_serve(shelves, 1)
    let_serve(shelves, 3)
    assert numbers(shelves[0]) == (3, 1)
    newest, first = shelves[1].promotions.list().items
    assert (first.version, first.before, first.outcome) == (1, None, DONE)
    assert (newest.version, newest.before, newest.by, newest.why, newest.at) == (3, 1, "anne", "better", NOW)
    assert (first.standing, newest.standing, newest.forced) == (None, ComparisonOutcome.BETTER, False)


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        (None, "not compared with version 1"),
        (
            ComparisonVerdict(ComparisonOutcome.WORSE, 200, 1, 12, against=1),
            "worse than version 1: of 200 documents it corrects 1",
        ),
        (ComparisonVerdict(ComparisonOutcome.TOO_FEW, 9, 1, 0, against=1), "too few documents"),
        (
            ComparisonVerdict(ComparisonOutcome.UNKNOWN, remark=Message.restore("It came by post."), against=1),
            "is not known. It came by post.",
        ),
        (
            ComparisonVerdict(ComparisonOutcome.BETTER, 200, 12, 1, against=3),
            "compared with version 3, but version 1 serves",
        ),
    ],
)
def test_version_that_nothing_speaks_for_takes_force_and_a_reason_which_the_log_keeps(
    shelves: tuple[Registry, Records], verdict: ComparisonVerdict | None, words: str
) -> None:
    let_serve(shelves, 1)
    for force, why in ((False, "I want it"), (True, " ")):
        with pytest.raises(PromotionRefused, match=words):
            promote(*shelves, 2, recipe=RECIPE, verdict=verdict, force=force, by="anne", why=why, now=NOW)
    assert numbers(shelves[0]) == (1, None)
    promote(*shelves, 2, recipe=RECIPE, verdict=verdict, force=True, by="anne", why="I want it", now=NOW)
    newest, _ = shelves[1].promotions.list().items
    assert (newest.forced, newest.why) == (True, "I want it")
    assert newest.standing == (verdict.standing if verdict and verdict.against == 1 else None)
    assert numbers(shelves[0]) == (2, 1)


def test_version_that_is_not_worse_serves_and_so_does_the_champion_again(shelves: tuple[Registry, Records]) -> None:
    let_serve(shelves, 1)
    same = ComparisonVerdict(ComparisonOutcome.NOT_WORSE, 300, against=1)
    promote(*shelves, 2, recipe=RECIPE, verdict=same, by="anne", why="", now=NOW)
    promote(*shelves, 2, recipe=RECIPE, verdict=None, by="anne", why="", now=NOW)
    assert not any(entry.forced for entry in shelves[1].promotions.list().items)
    assert numbers(shelves[0]) == (2, 1)


def test_rollback_brings_the_version_before_and_again_undoes_that(shelves: tuple[Registry, Records]) -> None:
    let_serve(shelves, 1)
    let_serve(shelves, 2)
    for expected in ((1, 2), (2, 1)):
        rollback(*shelves, recipe=RECIPE, by="anne", why="", now=NOW)
        assert numbers(shelves[0]) == expected


def test_rollback_sent_twice_with_the_champion_it_meant_is_done_once(shelves: tuple[Registry, Records]) -> None:
    let_serve(shelves, 1)
    let_serve(shelves, 2)
    rollback(*shelves, recipe=RECIPE, expected=2, by="anne", why="", now=NOW)
    with pytest.raises(PromotionRefused, match="version 1 serves by now, not version 2"):
        rollback(*shelves, recipe=RECIPE, expected=2, by="anne", why="", now=NOW)
    assert numbers(shelves[0]) == (1, 2)


def test_version_is_not_promoted_over_another_champion_than_expected(shelves: tuple[Registry, Records]) -> None:
    let_serve(shelves, 1)
    let_serve(shelves, 2)
    with pytest.raises(PromotionRefused, match="version 2 serves by now, not version 1"):
        promote(*shelves, 3, recipe=RECIPE, verdict=None, force=True, expected=1, by="anne", why="x", now=NOW)
    assert numbers(shelves[0]) == (2, 1)


def test_promotion_sent_twice_succeeds_twice(shelves: tuple[Registry, Records]) -> None:
    let_serve(shelves, 1)
    for _ in range(2):
        promote(*shelves, 2, recipe=RECIPE, verdict=None, force=True, expected=1, by="anne", why="x", now=NOW)
    assert numbers(shelves[0]) == (2, 1)


def test_of_two_rollbacks_at_the_same_time_one_is_carried_out(shelves: tuple[Registry, Records]) -> None:
    """Another one is recorded while this one checks the version: as it would be by another process."""
    let_serve(shelves, 1)
    let_serve(shelves, 2)
    registry, records = shelves
    download = registry.versions.download

    def overtake(*given: Any) -> Path:
        records.promotions.start(1, before=2, by="jean", why="", now=NOW)
        return download(*given)

    registry.versions.download = overtake  # type: ignore[method-assign]
    with pytest.raises(PromotionRefused, match="Another promotion or rollback came first"):
        rollback(registry, records, recipe=RECIPE, by="anne", why="", now=NOW)


def test_rollback_without_an_earlier_version_is_refused(shelves: tuple[Registry, Records]) -> None:
    let_serve(shelves, 1)
    with pytest.raises(InputError, match="only one"):
        rollback(*shelves, recipe=RECIPE, by="anne", why="", now=NOW)


def test_unknown_version_is_refused_naming_those_there_are(shelves: tuple[Registry, Records]) -> None:
    with pytest.raises(InputError, match=r"no model version 9; there are: 1, 2, 3"):
        let_serve(shelves, 9)


def test_version_of_another_recipe_is_refused_and_the_old_one_serves_on(shelves: tuple[Registry, Records]) -> None:
    let_serve(shelves, 1)
    with pytest.raises(ModelRefused, match="Model version 2 is refused"):
        promote(*shelves, 2, recipe=OTHER_RECIPE, verdict=None, force=True, by="anne", why="I want it", now=NOW)
    assert numbers(shelves[0]) == (1, None)
    assert [entry.version for entry in shelves[1].promotions.list().items] == [1]


def test_damaged_version_is_refused_and_the_old_one_serves_on(
    shelves: tuple[Registry, Records], monkeypatch: pytest.MonkeyPatch
) -> None:
    let_serve(shelves, 1)
    download = Versions.download

    def damage(versions: Versions, version: ModelVersion, folder: Path) -> Path:
        files = download(versions, version, folder)
        model = files / "model.npz"
        model.write_bytes(model.read_bytes()[:-1])
        return files

    monkeypatch.setattr(Versions, "download", damage)
    with pytest.raises(ModelRefused, match="Model version 2 is refused"):
        let_serve(shelves, 2)
    assert numbers(shelves[0]) == (1, None)


@pytest.mark.parametrize("moved", [False, True])
def test_promotion_killed_before_or_after_the_alias_moved_is_finished(
    shelves: tuple[Registry, Records], moved: bool
) -> None:
    registry, records = shelves
    let_serve(shelves, 1)
    records.promotions.start(2, before=1, by="anne", why="", now=NOW)
    if moved:
        registry.champion.promote(2)
    reconcile(registry, records)
    assert numbers(registry) == (2, 1)
    assert [entry.outcome for entry in records.promotions.list().items] == [DONE, DONE]
    reconcile(registry, records)
    assert numbers(registry) == (2, 1)


def test_intent_overtaken_by_a_later_promotion_is_not_carried_out(shelves: tuple[Registry, Records]) -> None:
    registry, records = shelves
    records.promotions.start(2, before=1, by="anne", why="", now=NOW)
    later = records.promotions.start(3, before=1, by="jean", why="", now=NOW)
    registry.champion.promote(3)
    records.promotions.finish(later, DONE)
    reconcile(registry, records)
    assert numbers(registry)[0] == 3
    assert [entry.outcome for entry in records.promotions.list().items] == [DONE, OVERTAKEN]


def test_version_put_in_place_of_a_registered_one_is_refused(shelves: tuple[Registry, Records]) -> None:
    registry, records = shelves
    let_serve(shelves, 1)
    records.models.add(2, "0" * 64, now=NOW)  # what was registered as version 2 had another checksum than MLflow tells
    with pytest.raises(ModelRefused, match="version 2 is refused: MLflow has another in its place"):
        let_serve(shelves, 2)
    assert numbers(registry)[0] == 1


def test_version_that_somebody_else_registered_is_refused_until_its_training_is_registered(
    shelves: tuple[Registry, Records],
) -> None:
    registry, records = shelves
    let_serve(shelves, 1)  # from here on the office knows its versions
    foreign = registry.versions.register(registry.versions.all()[0].run_id)
    with pytest.raises(ModelRefused, match="version 4 was not registered by this office"):
        let_serve(shelves, foreign.number)
    ours = register(registry, records, foreign.run_id, now=NOW)
    let_serve(shelves, ours.number)
    assert numbers(registry) == (5, 1)
