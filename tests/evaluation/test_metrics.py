"""The metrics say what textbooks and scikit-learn say."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, log_loss, precision_score, recall_score

from sake_ray.errors import InputError
from sake_ray.evaluation import compute_calibration_error, compute_coverage, evaluate

LABELS = ("facture", "other", "resume")


def some(rows: int, seed: int) -> tuple[list[str], np.ndarray]:  # type: ignore[type-arg]
    random = np.random.default_rng(seed)
    return [str(label) for label in random.choice(LABELS, rows)], random.dirichlet(np.ones(3), rows)


@settings(deadline=None)
@given(rows=st.integers(3, 80), seed=st.integers(0, 10_000))
def test_metrics_agree_with_scikit_learn(rows: int, seed: int) -> None:
    y_true, y_prob = some(rows, seed)
    predicted = [LABELS[index] for index in y_prob.argmax(axis=1)]
    found = evaluate(y_true, y_prob, LABELS)
    present = sorted(set(y_true))
    assert found.accuracy == pytest.approx(accuracy_score(y_true, predicted))
    assert found.macro_f1 == pytest.approx(
        f1_score(y_true, predicted, labels=present, average="macro", zero_division=0)
    )
    assert found.log_loss == pytest.approx(log_loss(y_true, y_prob, labels=LABELS))
    assert np.array(found.confusion).tolist() == confusion_matrix(y_true, predicted, labels=LABELS).tolist()
    for label, precision, recall in zip(
        LABELS,
        precision_score(y_true, predicted, labels=LABELS, average=None, zero_division=0),
        recall_score(y_true, predicted, labels=LABELS, average=None, zero_division=0),
        strict=True,
    ):
        assert (found.labels[label].precision, found.labels[label].recall) == pytest.approx((precision, recall))


@settings(deadline=None)
@given(rows=st.integers(1, 80), seed=st.integers(0, 10_000))
def test_precision_and_recall_are_exactly_the_quotients_of_the_confusion_matrix(rows: int, seed: int) -> None:
    y_true, y_prob = some(rows, seed)
    y_true = [label if number % 5 else "unknown" for number, label in enumerate(y_true)]
    found = evaluate(y_true, y_prob, LABELS)
    confusion = np.array(found.confusion)
    for index, metrics in enumerate(found.labels.values()):
        hits, predicted, support = confusion[index, index], confusion[:, index].sum(), confusion[index].sum()
        assert metrics.precision == (hits / predicted if predicted else 0)
        assert metrics.recall == (hits / support if support else 0)
        assert metrics.f1 == pytest.approx(2 * hits / (predicted + support) if predicted + support else 0)
        assert metrics.documents == support


def test_perfect_classifier_covers_everything() -> None:
    found = evaluate(LABELS, np.eye(3), LABELS)
    assert (found.accuracy, found.macro_f1, found.coverage) == (1, 1, 1)
    assert (found.log_loss, found.calibration_error) == (0, 0)


def test_label_the_classifier_does_not_know_counts_as_wrong() -> None:
    found = evaluate(["facture", "payslip"], np.array([[0.9, 0.1, 0.0], [0.8, 0.1, 0.1]]), LABELS)
    assert found.accuracy == 0.5
    assert (found.labels["payslip"].documents, found.labels["payslip"].recall) == (1, 0)
    assert found.log_loss > 10


def test_confident_and_wrong_is_badly_calibrated() -> None:
    sure = np.full(100, 0.9)
    assert compute_calibration_error(sure, np.arange(100) < 90) == pytest.approx(0, abs=0.2)
    assert compute_calibration_error(sure, np.zeros(100, dtype=bool)) == pytest.approx(0.9)


def test_coverage_counts_only_thresholds_that_can_be_set() -> None:
    right = np.array([True, True, False, True])
    assert compute_coverage(np.array([0.9, 0.8, 0.7, 0.6]), right, 0.99) == 0.5
    assert compute_coverage(np.array([0.9, 0.8, 0.8, 0.6]), right, 0.99) == 0.25
    assert compute_coverage(np.array([0.9, 0.9, 0.9, 0.9]), right, 0.99) == 0
    assert compute_coverage(np.array([0.9, 0.8, 0.7, 0.6]), right, 0.75) == 1


def test_nothing_to_measure_is_an_error() -> None:
    with pytest.raises(InputError):
        evaluate([], np.zeros((0, 3)), LABELS)
    with pytest.raises(InputError):
        evaluate(["facture"], np.zeros((1, 2)), LABELS)
