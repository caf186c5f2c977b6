"""Two models are compared on documents that neither has learned from, whatever the workspace has been through."""

import shutil
from dataclasses import replace

import pytest

from sake_ray.comparison.compare import compare_models, compare_with_champion
from sake_ray.data.corpus_tables import TEST, TRAIN
from sake_ray.data.text_cache import store_pages
from sake_ray.domain.promotions import ComparisonOutcome
from sake_ray.domain.texts import Recipe
from sake_ray.errors import InputError, ModelRefused, NotFound
from tests.comparison.place import Place, Trained, corpus_of
from tests.handmade import make_text

LEARNED, JUDGES = corpus_of(6, part=TRAIN, seed=1), corpus_of(6, part=TEST, seed=2)
BILINGUAL = corpus_of(6, part=TRAIN, seed=3, labels=("id_pieces",))
NEW_JUDGES = corpus_of(20, part=TEST, seed=4, labels=("id_pieces",))


def ids(corpus: list[Trained]) -> set[str]:
    return {each.id for each in corpus}


def test_model_that_knows_a_label_more_is_better_and_what_differs_is_told(place: Place) -> None:
    first = place.commit([*LEARNED, *JUDGES])
    one = place.log(LEARNED, first, c=1.0, seed=7)
    second = place.commit([*LEARNED, *JUDGES, *BILINGUAL, *NEW_JUDGES])
    other = place.log([*LEARNED, *BILINGUAL], second, c=2.0, seed=7)
    match = compare_models(place.context, one, other)
    verdict = match.comparison.verdict
    assert (verdict.standing, verdict.documents) == (ComparisonOutcome.BETTER, len(JUDGES) + len(NEW_JUDGES))
    assert verdict.corrected == sum(change.corrected for change in match.comparison.labels.values()) >= 15
    assert match.comparison.labels["id_pieces"].before.recall == 0
    assert match.parameters == {"c": ("1.0", "2.0")}
    assert match.data
    assert (match.data.before, match.data.after, match.data.added) == (12, 18, 6)
    assert match.left_out == {}
    assert compare_models(place.context, other, one).comparison.verdict.standing is ComparisonOutcome.WORSE


def test_documents_one_has_learned_from_and_those_like_them_do_not_judge(place: Place) -> None:
    first = place.commit([*LEARNED, *JUDGES])
    one = place.log(LEARNED, first)
    # By now what the first learned from is on the other side, and has near-duplicates there.
    swapped = [replace(each, part=TEST) for each in LEARNED[:4]]
    alike = [replace(each, text=each.text + " copie", group=each.id) for each in swapped[:2]]
    taught = [replace(each, part=TRAIN) for each in JUDGES[:8]] + LEARNED[4:]
    second = place.commit([*swapped, *alike, *taught, *JUDGES[8:]])
    other = place.log(taught, second)
    match = compare_models(place.context, one, other)
    assert match.comparison.verdict.documents == len(JUDGES[8:])
    assert list(match.left_out.values()) == [6]
    assert "has learned from them" in next(iter(match.left_out))


def test_generated_documents_do_not_judge_the_first_model(place: Place) -> None:
    commit = place.commit([*LEARNED, *JUDGES])
    shutil.rmtree(place.workspace.layout.images / "facture")
    other = place.log(LEARNED, commit)
    match = compare_models(place.context, "champion", other)
    assert (match.before.name, match.before.version) == ("version 1", place.context.registry.champion.get())
    # What is no image of the workspace is, as far as anybody knows, one of the generated documents.
    assert match.comparison.verdict.documents == 6
    assert set(match.left_out.values()) == {6}
    assert match.data is None


def test_texts_come_from_the_text_cache_where_the_table_is_not_kept(place: Place) -> None:
    commit = place.commit([*LEARNED, *JUDGES])
    one, other = place.log(LEARNED, commit), place.log(LEARNED[:-1], commit)
    whole = compare_models(place.context, one, other)
    shutil.rmtree(place.workspace.folder / ".dvc")
    assert compare_models(place.context, one, other).left_out == {"their text is gone": len(JUDGES)}
    for each in JUDGES:
        pages = make_text(each.text, recipe=place.context.recipe).pages
        store_pages(place.context.store, each.id, place.context.recipe, media_type="image/png", pages=pages)
    again = compare_models(place.context, one, other)
    assert (again.comparison.after, again.left_out) == (whole.comparison.after, {})


def test_what_cannot_be_compared_says_why(place: Place) -> None:
    with pytest.raises(NotFound, match="no model version 7; there are: 1"):
        compare_models(place.context, "7", "8")
    with pytest.raises(NotFound):
        compare_models(place.context, "f" * 32, "8")
    foreign = place.log(LEARNED, "0" * 40)
    with pytest.raises(InputError, match="not trained in this workspace"):
        compare_models(place.context, foreign, foreign)
    commit = place.commit([*LEARNED, *JUDGES])
    with pytest.raises(InputError, match="not trained in this workspace"):
        compare_models(place.context, place.log(LEARNED, "--help"), foreign)
    mine = place.log(LEARNED, commit)
    with pytest.raises(InputError, match="the same model"):
        compare_models(place.context, mine, mine)
    elsewhere = replace(place.context, recipe=Recipe("pytesseract", "9.0", "deu", 7, 7))
    with pytest.raises(ModelRefused, match=f"Run {mine[:8]} cannot be compared"):
        compare_models(elsewhere, mine, mine)


def test_promotion_gets_a_verdict_against_the_champion_or_why_there_is_none(place: Place) -> None:
    commit = place.commit([*LEARNED, *JUDGES])
    registry = place.context.registry
    assert compare_with_champion(place.context, 1) is None
    registry.versions.register(registry.runs.get(registry.versions.all()[0].run_id).id)
    same = compare_with_champion(place.context, 2)
    assert same
    assert (same.standing, same.remark) == (ComparisonOutcome.NOT_WORSE, "It is the same model.")
    mine, another, foreign = place.log(LEARNED, commit), place.log(LEARNED[1:], commit), place.log(LEARNED, "0" * 40)
    for run in (mine, another, foreign):
        registry.versions.register(run)
    registry.champion.promote(3)
    verdict = compare_with_champion(place.context, 4)
    assert verdict
    assert (verdict.standing, verdict.against, verdict.documents) == (ComparisonOutcome.TOO_FEW, 3, len(JUDGES))
    unknown = compare_with_champion(place.context, 5)
    assert unknown
    assert (unknown.standing, unknown.against) == (ComparisonOutcome.UNKNOWN, 3)
    assert "not trained in this workspace" in unknown.remark
