"""An error budget is kept as often as it says, and refused where too few documents can show it."""

import numpy as np
import pytest

from sake_ray.evaluation.thresholds import ScoredDocument, bound_error, choose_sizes, count_needed, find_error_budget


def scored(right: int, wrong: int, *, sure: float = 0.9) -> list[ScoredDocument]:
    """Documents of falling confidence, the wrong ones last."""
    everything = [True] * right + [False] * wrong
    return [ScoredDocument(sure - 0.0001 * place, good) for place, good in enumerate(everything)]


def test_bound_is_clopper_and_pearsons() -> None:
    # Without errors it has a closed form, and the rule of three: 1 - alpha^(1/n), about 3/n.
    assert bound_error(0, 100, 0.05) == pytest.approx(1 - 0.05 ** (1 / 100))
    # The probability of so few errors at the bound is alpha.
    from scipy.stats import binom

    assert binom.cdf(3, 500, bound_error(3, 500, 0.05)) == pytest.approx(0.05)
    assert bound_error(5, 5, 0.05) == 1


def test_threshold_leaves_the_uncertain_documents_to_review() -> None:
    found = find_error_budget("facture", scored(400, 40), wrong_in=20)
    assert found.threshold is not None
    # The bound is what may be wrong; what was wrong is less.
    assert found.wrong / found.accepted < found.at_most <= 0.05
    assert 370 <= found.accepted < 440
    assert find_error_budget("facture", scored(400, 0), wrong_in=20).accepted == 400


def test_too_few_documents_keep_no_budget_and_say_how_many_it_takes() -> None:
    needed = count_needed(200)
    assert 600 < needed < 700
    few = find_error_budget("facture", scored(needed - 1, 0), wrong_in=200)
    assert (few.threshold, few.accepted, few.needed) == (None, 0, needed)
    assert find_error_budget("facture", scored(needed, 0), wrong_in=200).threshold is not None
    assert find_error_budget("facture", scored(0, 0), wrong_in=200).threshold is None
    assert find_error_budget("facture", scored(300, 300)[::-1], wrong_in=3).threshold is not None
    assert (
        find_error_budget("facture", [ScoredDocument(0.9, n % 2 == 0) for n in range(600)], wrong_in=20).threshold
        is None
    )


def test_documents_of_equal_confidence_are_accepted_together() -> None:
    equal = [ScoredDocument(0.9, True)] * 100 + [ScoredDocument(0.8, True)] * 300 + [ScoredDocument(0.7, False)]
    assert find_error_budget("facture", equal, wrong_in=20).accepted in {100, 400, 401}
    assert choose_sizes([0.9] * 10 + [0.8] * 5, 3) == [10, 15]
    assert choose_sizes([0.9, 0.8], 3) == []


@pytest.mark.parametrize("steepness", [2.0, 4.0, 8.0])
def test_budget_is_exceeded_no_more_often_than_it_says(steepness: float) -> None:
    """Draw verified documents, set the threshold, and compare with what is truly wrong above it."""
    random = np.random.default_rng(3)
    broken = made = 0
    for _ in range(400):
        confidence = random.uniform(0.5, 1.0, 250)
        right = random.random(250) > error_at(confidence, steepness)
        found = find_error_budget(
            "a", [ScoredDocument(float(c), bool(r)) for c, r in zip(confidence, right, strict=True)], wrong_in=20
        )
        if found.threshold is not None:
            made += 1
            broken += float(error_at(np.linspace(found.threshold, 1.0, 500), steepness).mean()) > 1 / 20
    # With 2 no threshold keeps the budget, with 4 hardly one, with 8 many do.
    assert made > 40 if steepness > 4 else made < 40
    assert broken / 400 < 0.075


def error_at(confidence: np.ndarray, steepness: float) -> np.ndarray:  # type: ignore[type-arg]
    """How often a document of that confidence is truly wrong."""
    return 0.3 * np.exp(-steepness * (confidence - 0.5))
