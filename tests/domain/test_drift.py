"""How far documents differ from others: the index, and what it is made of."""

import pytest

from sake_ray.domain.drift import (
    ALL,
    BOUNDS,
    MIN_DOCUMENTS,
    OCR,
    TEXT_LAYER,
    Traits,
    compute_psi,
    count_traits,
    find_bin,
    measure_drift,
)


def test_the_index_is_that_of_the_book() -> None:
    # (0.6 - 0.5)·ln(0.6/0.5) + (0.4 - 0.5)·ln(0.4/0.5)
    assert compute_psi({"a": 50_000, "b": 50_000}, {"a": 60_000, "b": 40_000}) == pytest.approx(0.040547, abs=1e-4)


def test_alike_is_zero_whatever_the_numbers() -> None:
    assert compute_psi({"a": 100, "b": 300}, {"a": 100, "b": 300}) == 0
    assert compute_psi({"a": 100, "b": 300}, {"a": 1000, "b": 3000}) < 0.001


def test_both_sides_count_alike() -> None:
    one, other = {"a": 30, "b": 70}, {"a": 70, "b": 30}
    assert compute_psi(one, other) == pytest.approx(compute_psi(other, one))


def test_a_bin_of_one_side_only_is_much_and_not_infinite() -> None:
    assert 0.25 < compute_psi({"a": 100}, {"a": 60, "new": 40}) < 5


def document(label: str = "cv", *, words: int | None = 120, ocr: float | None = None) -> Traits:
    return Traits(label, "fr", 1, words, ocr, 0.9)


def test_documents_are_counted_by_source() -> None:
    profile = count_traits([document(), document("id", ocr=92.0), document("id", ocr=40.0)])
    assert profile[ALL]["label"] == {"cv": 1, "id": 2}
    assert (profile[TEXT_LAYER]["label"], profile[OCR]["label"]) == ({"cv": 1}, {"id": 2})
    assert profile[OCR]["ocr_confidence"] == {"0": 1, "90": 1}
    assert "ocr_confidence" not in profile[TEXT_LAYER]


def test_what_is_not_known_is_not_counted() -> None:
    assert "words" not in count_traits([document(words=None)])[ALL]


@pytest.mark.parametrize("feature", BOUNDS)
def test_a_bin_begins_with_its_bound(feature: str) -> None:
    first, *_, last = BOUNDS[feature]
    assert find_bin(feature, 0) == "0"
    assert find_bin(feature, first) == f"{first:g}"
    assert find_bin(feature, last * 10) == f"{last:g}"


def test_few_documents_are_not_compared() -> None:
    few, enough = ([document()] * number for number in (MIN_DOCUMENTS - 1, MIN_DOCUMENTS))
    assert measure_drift(count_traits(few), count_traits(enough)) == {}
    assert measure_drift({}, count_traits(enough)) == {}
    found = measure_drift(count_traits(enough), count_traits(enough))
    assert found[ALL, "label"] == 0
    assert (OCR, "label") not in found


def test_drift_shows_in_the_feature_that_has_changed_alone() -> None:
    before = count_traits([document("cv")] * 100 + [document("id")] * 100)
    now = count_traits([document("cv")] * 20 + [document("id")] * 180)
    found = measure_drift(before, now)
    assert found[ALL, "label"] > 0.25
    assert found[ALL, "words"] < 0.01
