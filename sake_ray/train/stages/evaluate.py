"""Evaluate the trained classifier on the test part, which it was not fitted on."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from sake_ray.classifier import Classifier
from sake_ray.classifier.text_features import TextFeatures
from sake_ray.data.corpus_tables import TEST, TRAIN, CorpusMember, read_table, to_features
from sake_ray.domain.progress import Progress
from sake_ray.domain.verdicts import Policy
from sake_ray.evaluation import BINS, Evaluation, evaluate
from sake_ray.files import atomic_path
from sake_ray.workspace import WorkspaceLayout

LIBRARIES = ("ray", "scikit-learn", "numpy", "mlflow", "dvc")
CHUNK_ROWS = 1000
COLUMNS = ("row", "label", "predicted", "confidence", "probabilities", "needs_review")
TestDocument = tuple[CorpusMember, TextFeatures]


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """The true labels and predicted probabilities of the test part; without documents there is no evaluation."""

    evaluation: Evaluation | None
    truth: tuple[str, ...]
    probabilities: Any


def evaluate_model(
    classifier: Classifier, cleaned: Path, members: Path, predictions: Path, *, policy: Policy, on_progress: Progress
) -> EvaluationResult:
    """Predict every document of the test part, writing a line each to `predictions`, and measure."""
    total = sum(row["part"] == TEST for row in read_table(members, ("part",)))
    truth: list[str] = []
    probabilities: list[Any] = [np.empty((0, len(classifier.labels)))]
    with atomic_path(predictions) as part, part.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        for chunk in read_chunks(read_test_part(cleaned, members)):
            rows = classifier.predict_proba(classifier.transform([features for _, features in chunk]))
            for (member, features), row in zip(chunk, rows, strict=True):
                writer.writerow(to_line(classifier, member, features, row, policy))
            truth += [member.label for member, _ in chunk]
            probabilities.append(rows)
            on_progress(len(truth), total)
    stacked = np.vstack(probabilities)
    evaluation = evaluate(truth, stacked, classifier.labels) if truth else None
    return EvaluationResult(evaluation, tuple(truth), stacked)


def read_test_part(cleaned: Path, members: Path) -> Iterator[TestDocument]:
    """Read the documents of the test part, in their order."""
    for member, row in zip(read_table(members), read_table(cleaned), strict=True):
        if member["part"] == TEST:
            yield CorpusMember(**member), to_features(row)


def read_chunks(documents: Iterator[TestDocument]) -> Iterator[list[TestDocument]]:
    """Read some documents at a time."""
    while chunk := list(islice(documents, CHUNK_ROWS)):
        yield chunk


def to_line(
    classifier: Classifier, member: CorpusMember, features: TextFeatures, row: Any, policy: Policy
) -> Sequence[object]:
    """Make the line of one document; one without text gets the likeliest label too, to be evaluated like the others."""
    verdict = classifier.to_verdict(features, row, policy)
    probabilities = {label: round(float(each), 6) for label, each in zip(classifier.labels, row, strict=True)}
    predicted = verdict.label or classifier.labels[int(np.argmax(row))]
    confidence = f"{probabilities[predicted]:.6f}"
    return member.id, member.label, predicted, confidence, json.dumps(probabilities), str(verdict.needs_review).lower()


def write_evaluation(
    result: EvaluationResult, layout: WorkspaceLayout, classifier: Classifier, *, facts: Mapping[str, object]
) -> None:
    """Write scores.json, confusion_matrix.json, run.json and the plots; run.json begins with the `facts`."""
    layout.metrics.mkdir(parents=True, exist_ok=True)
    evaluation = result.evaluation
    parts = [row["part"] for row in read_table(layout.members, ("part",))]
    scores: dict[str, Any] = {"documents": 0}
    if evaluation:
        labels = {label: asdict(score) for label, score in evaluation.labels.items()}
        scores = {"documents": evaluation.documents, **evaluation.metrics, "labels": labels}
    confusion = {
        "labels": list(evaluation.labels) if evaluation else [],
        "confusion": [list(row) for row in evaluation.confusion] if evaluation else [],
    }
    summary = {
        **facts,
        "documents": len(parts),
        "trained_on": parts.count(TRAIN),
        "judged_by": parts.count(TEST),
        "labels": list(classifier.labels),
        "recipe": classifier.recipe.name,
        "versions": {library: version(library) for library in LIBRARIES},
        "metrics": flatten_scores(scores),
    }
    contents = {layout.scores: scores, layout.confusion_matrix: confusion, layout.run_summary: summary}
    for path, content in contents.items():
        path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    plot(result, layout)


def flatten_scores(scores: Mapping[str, Any]) -> dict[str, float]:
    """Name each number of scores.json as a metric of MLflow; none without a test part."""
    labels = {f"f1.{label}": float(score["f1"]) for label, score in scores.get("labels", {}).items()}
    return {name: float(value) for name, value in scores.items() if isinstance(value, float)} | labels


def plot(result: EvaluationResult, layout: WorkspaceLayout) -> None:
    """Plot the confusion matrix and the calibration."""
    import matplotlib as mpl  # half a second, and this stage only

    mpl.use("agg")
    plot_confusion_matrix(result.evaluation, layout.confusion_matrix_plot)
    plot_calibration(result, layout.calibration_plot)


def plot_confusion_matrix(evaluation: Evaluation | None, path: Path) -> None:
    """Plot how often each label was predicted as each, coloured by the share of its documents."""
    from matplotlib import pyplot as plt  # as above

    names = list(evaluation.labels) if evaluation else []
    confusion = np.array(evaluation.confusion if evaluation else np.zeros((1, 1)))
    size = max(4.0, 0.4 * len(names) + 2)
    figure, axes = plt.subplots(figsize=(size, size))
    axes.imshow(confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1), cmap="Blues", vmin=0, vmax=1)
    axes.set(xlabel="predicted label", ylabel="true label", title="Documents of the test part")
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    for (row, column), count in np.ndenumerate(confusion):
        if count:
            axes.text(column, row, f"{count:.0f}", ha="center", va="center", fontsize=8)
    # Without the metadata two plots of the same figures are the same file.
    figure.savefig(path, bbox_inches="tight", dpi=100, metadata={"Software": None})
    plt.close(figure)


def plot_calibration(result: EvaluationResult, path: Path) -> None:
    """Plot how far confidence and accuracy agree, in bins of equally many documents."""
    from matplotlib import pyplot as plt  # as above

    figure, axes = plt.subplots(figsize=(4, 4))
    axes.plot([0, 1], [0, 1], color="lightgrey")
    if result.truth and result.evaluation:
        names = list(result.evaluation.labels)
        confidence = result.probabilities.max(axis=1)
        predicted = np.array([names[column] for column in result.probabilities.argmax(axis=1)])
        correct = predicted == np.array(result.truth)
        order = np.argsort(confidence, kind="stable")
        bins = [rows for rows in np.array_split(order, min(BINS, len(order))) if len(rows)]
        axes.plot([confidence[rows].mean() for rows in bins], [correct[rows].mean() for rows in bins], marker="o")
    axes.set(xlabel="confidence", ylabel="accuracy", title="Calibration", xlim=(0, 1), ylim=(0, 1.02))
    figure.savefig(path, bbox_inches="tight", dpi=100, metadata={"Software": None})
    plt.close(figure)
