"""The statistics of a comparison say what their sources say, and the verdict is the one a careful person would reach."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import f1_score

from sake_ray.domain.promotions import ComparisonOutcome
from sake_ray.errors import InputError
from sake_ray.evaluation import PairedComparison, compare
from sake_ray.evaluation.paired import ModelProbabilities, bootstrap_differences, bound_difference, compute_mcnemar

LABELS = ("facture", "other", "resume")


def predicting(predicted: list[str], labels: tuple[str, ...] = LABELS) -> ModelProbabilities:
    """A classifier that predicts these labels with a confidence of 0.9."""
    rest = 0.1 / (len(labels) - 1)
    return ModelProbabilities(
        labels, np.array([[0.9 if label == name else rest for name in labels] for label in predicted])
    )


def make(both: int, corrected: int, broken: int, *, neither: int = 0) -> PairedComparison:
    """Two classifiers of which one corrects and breaks so many documents of one label, among others they agree on."""
    y_true = [LABELS[number % 3] for number in range(both + neither)] + ["facture"] * (corrected + broken)
    wrong = {"facture": "other", "other": "resume", "resume": "other"}
    agreed = y_true[:both] + [wrong[label] for label in y_true[both : both + neither]]
    before = agreed + ["other"] * corrected + ["facture"] * broken
    after = agreed + ["facture"] * corrected + ["other"] * broken
    return compare([str(number) for number in range(len(y_true))], y_true, predicting(before), predicting(after))


def test_mcnemar_is_exact() -> None:
    # 2 · (1 + 10 + 45) / 2^10
    assert compute_mcnemar(2, 8) == pytest.approx(112 / 1024)
    assert (compute_mcnemar(0, 0), compute_mcnemar(3, 3)) == (1, 1)


def test_lower_bound_of_the_difference_is_tangos() -> None:
    # Without any change the end has a closed form: z² / (n + z²).
    assert bound_difference(200, 0, 0) == pytest.approx(-(1.6449**2) / (200 + 1.6449**2), abs=1e-5)
    assert bound_difference(5, 0, 5) == -1
    # Of all true differences it covers at least about 95 %, counted out over every outcome of 30 documents.
    for corrected, broken in ((0.0, 0.02), (0.05, 0.1), (0.3, 0.3)):
        assert covered(30, corrected, broken) > 0.93


def covered(documents: int, corrected: float, broken: float) -> float:
    """How often the true difference is above the lower end."""
    from scipy.stats import multinomial

    probabilities = [corrected, broken, 1 - corrected - broken]
    return float(
        sum(
            multinomial.pmf([c, b, documents - c - b], documents, probabilities)
            for c, b in product(range(documents + 1), repeat=2)
            if c + b <= documents and bound_difference(documents, c, b) <= corrected - broken
        )
    )


@pytest.mark.parametrize(
    ("both", "corrected", "broken", "expected"),
    [
        (180, 12, 1, ComparisonOutcome.BETTER),
        (180, 1, 12, ComparisonOutcome.WORSE),
        (400, 0, 0, ComparisonOutcome.NOT_WORSE),
        (600, 3, 4, ComparisonOutcome.NOT_WORSE),
        (20, 0, 0, ComparisonOutcome.TOO_FEW),
        (95, 2, 3, ComparisonOutcome.TOO_FEW),
        # Four of four are not enough to be called better, but no worse it is.
        (36, 4, 0, ComparisonOutcome.NOT_WORSE),
    ],
)
def test_verdict_holds_when_it_should(both: int, corrected: int, broken: int, expected: ComparisonOutcome) -> None:
    verdict = make(both, corrected, broken).verdict
    assert (verdict.standing, verdict.corrected, verdict.broken) == (expected, corrected, broken)
    assert verdict.documents == both + corrected + broken


def test_losing_a_label_of_a_few_documents_is_worse_even_when_few_documents_are_wrong() -> None:
    y_true = ["facture"] * 500 + ["resume"] * 500 + ["payslip"] * 5
    labels = (*LABELS, "payslip")
    after = y_true[:1000] + ["facture"] * 5
    found = compare([str(n) for n in range(1005)], y_true, predicting(y_true, labels), predicting(after, labels))
    assert found.verdict.chance > 0.05
    assert found.verdict.standing is ComparisonOutcome.WORSE
    assert (found.labels["payslip"].broken, found.labels["payslip"].after.recall) == (5, 0)


@settings(deadline=None, max_examples=40)
@given(rows=st.integers(2, 60), seed=st.integers(0, 1000))
def test_differences_are_those_of_scikit_learn_and_lie_in_their_intervals(rows: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    y_true, one, other = ([str(label) for label in random.choice(LABELS, rows)] for _ in range(3))
    found = bootstrap_differences(y_true, one, other, seed=1)
    scores = [
        f1_score(y_true, predicted, labels=sorted(set(y_true)), average="macro", zero_division=0)
        for predicted in (one, other)
    ]
    assert found["macro_f1"].value == pytest.approx(scores[1] - scores[0])
    assert found["accuracy"].low <= found["accuracy"].value <= found["accuracy"].high
    assert found == bootstrap_differences(y_true, one, other, seed=1)


def test_interval_of_the_accuracy_is_as_wide_as_theory_says() -> None:
    difference = make(300, 30, 10).differences["accuracy"]
    # The variance of a paired difference: (c + b - (c - b)²/n) / n².
    error = np.sqrt((40 - 400 / 340) / 340**2)
    assert difference.value == pytest.approx(20 / 340)
    assert (difference.low, difference.high) == pytest.approx(
        (20 / 340 - 1.96 * error, 20 / 340 + 1.96 * error), abs=0.004
    )


def test_documents_that_changed_sides_come_with_both_opinions() -> None:
    found = make(3, 1, 1)
    corrected, broken = found.changed
    assert (corrected.id, corrected.corrected, broken.id, broken.corrected) == ("3", True, "4", False)
    assert (corrected.before.label, corrected.before.confidence) == ("other", 0.9)
    assert (corrected.before.truth, corrected.after.truth) == pytest.approx((0.05, 0.9))


def test_label_only_one_of_them_knows_counts() -> None:
    y_true = ["facture", "payslip"] * 30
    found = compare(
        [str(n) for n in range(60)], y_true, predicting(["facture"] * 60), predicting(y_true, (*LABELS, "payslip"))
    )
    assert found.verdict.standing is ComparisonOutcome.BETTER
    assert (found.labels["payslip"].before.documents, found.labels["payslip"].corrected) == (30, 30)
    assert found.changed[0].before.truth == 0


def test_nothing_to_compare_by_is_too_few_and_rows_that_do_not_fit_are_refused() -> None:
    nothing = ModelProbabilities(LABELS, np.zeros((0, 3)))
    assert compare([], [], nothing, nothing).verdict.standing is ComparisonOutcome.TOO_FEW
    with pytest.raises(InputError):
        compare(["1"], ["facture"], predicting(["facture"]), nothing)
