"""A text that raises fails alone, however many are classified with it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from sake_ray.batch.classification import classify_texts
from sake_ray.classifier import Classifier, fit
from sake_ray.classifier.isolation import predict_each
from sake_ray.domain.documents import Status
from sake_ray.domain.texts import DocumentText, Token
from sake_ray.domain.verdicts import Policy, Prediction
from sake_ray.errors import ModelRefused
from sake_ray.registry.versions import ModelVersion
from sake_ray.serve.champion import CHAMPION, ServedModel
from sake_ray.serve.classification import classify_each
from tests.handmade import make_corpus

POLICY = Policy()
PLACE = 7


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return fit(*make_corpus(6))


@pytest.fixture(scope="module")
def sound() -> list[DocumentText]:
    """Sixteen texts, as many as the predictor takes at once."""
    return make_corpus(4, seed=9)[0]


@pytest.fixture(scope="module")
def with_bad(sound: list[DocumentText]) -> list[DocumentText]:
    """The same, one of them with a token that is no text."""
    bad = replace(sound[PLACE], tokens=(Token(None, 0),))  # type: ignore[arg-type]
    return [*sound[:PLACE], bad, *sound[PLACE + 1 :]]


def test_neighbours_of_a_text_that_raises_get_their_verdicts(
    classifier: Classifier, sound: list[DocumentText], with_bad: list[DocumentText]
) -> None:
    with pytest.raises(Exception):  # noqa: B017, PT011 - together they all fail
        classifier.predict(with_bad, policy=POLICY)
    alone = [result.label for result in predict_each(classifier, sound, policy=POLICY)]  # type: ignore[union-attr]
    results = predict_each(classifier, with_bad, policy=POLICY)
    assert [place for place, result in enumerate(results) if isinstance(result, Exception)] == [PLACE]
    labels = [None if isinstance(result, Exception) else result.label for result in results]
    assert labels == [*alone[:PLACE], None, *alone[PLACE + 1 :]]


def test_text_of_another_recipe_is_refused_alone(
    classifier: Classifier, sound: list[DocumentText], with_bad: list[DocumentText]
) -> None:
    other = replace(sound[0], recipe=replace(sound[0].recipe, engine_version="9"))
    served = ServedModel(ModelVersion(3, "ab", "run", datetime.now(UTC)), classifier, CHAMPION)
    results = classify_each(served, [other, *with_bad], POLICY)
    assert isinstance(results[0], ModelRefused)
    assert isinstance(results[PLACE + 1], AttributeError | TypeError)
    assert sum(isinstance(result, Prediction) for result in results) == len(sound) - 1


def test_bulk_classification_fails_only_the_text_that_raises(
    classifier: Classifier, with_bad: list[DocumentText]
) -> None:
    results = list(classify_texts(with_bad, classifier, POLICY))
    failed = [place for place, result in enumerate(results) if result.status is Status.FAILED]
    assert failed == [PLACE]
