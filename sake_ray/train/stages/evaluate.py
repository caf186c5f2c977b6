"""Judge the trained classifier by the documents that were kept from it."""

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
from sake_ray.data.corpus_tables import CorpusMember, features_of, read_table
from sake_ray.domain.progress import Progress
from sake_ray.domain.verdicts import Policy
from sake_ray.evaluation import BINS, Evaluation, evaluate
from sake_ray.files import atomic_path
from sake_ray.train.stages.split import TEST, TRAIN

LIBRARIES = ("ray", "scikit-learn", "numpy", "mlflow", "dvc")
AT_ONCE = 1000
RUN = "run.json"
COLUMNS = ("row", "label", "predicted", "confidence", "probabilities", "needs_review")


@dataclass(frozen=True, slots=True)
class EvaluationResult:
    """What a judging came to; without documents to judge by there is no evaluation."""

    evaluation: Evaluation | None
    truth: tuple[str, ...]
    chances: Any


def evaluate_model(
    classifier: Classifier, cleaned: Path, members: Path, predictions: Path, *, policy: Policy, on_progress: Progress
) -> EvaluationResult:
    """Predict every document of the test part, writing a line each to `predictions`, and measure."""
    total = sum(row["part"] == TEST for row in read_table(members, ("part",)))
    truth: list[str] = []
    chances: list[Any] = [np.empty((0, len(classifier.labels)))]
    with atomic_path(predictions) as part, part.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(COLUMNS)
        for batch in in_portions(tested(cleaned, members)):
            glimpses = [glimpse for _, glimpse in batch]
            rows = classifier.predict_proba(classifier.transform(glimpses))
            for (member, glimpse), row in zip(batch, rows, strict=True):
                writer.writerow(line_of(classifier, member, glimpse, row, policy))
            truth += [member.label for member, _ in batch]
            chances.append(rows)
            on_progress(len(truth), total)
    joined = np.vstack(chances)
    evaluation = evaluate(truth, joined, classifier.labels) if truth else None
    return EvaluationResult(evaluation, tuple(truth), joined)


def line_of(
    classifier: Classifier, member: CorpusMember, glimpse: TextFeatures, row: Any, policy: Policy
) -> Sequence[object]:
    """What is predicted for one document; one without text gets the likeliest label too, to be judged like the others."""
    verdict = classifier.to_verdict(glimpse, row, policy)
    probabilities = {label: round(float(chance), 6) for label, chance in zip(classifier.labels, row, strict=True)}
    predicted = verdict.label or classifier.labels[int(np.argmax(row))]
    confidence = f"{probabilities[predicted]:.6f}"
    return member.id, member.label, predicted, confidence, json.dumps(probabilities), str(verdict.needs_review).lower()


def tested(cleaned: Path, members: Path) -> Iterator[tuple[CorpusMember, TextFeatures]]:
    """The documents of the test part, in their order."""
    for member, row in zip(read_table(members), read_table(cleaned), strict=True):
        if member["part"] == TEST:
            yield CorpusMember(**member), features_of(row)


def in_portions(
    pairs: Iterator[tuple[CorpusMember, TextFeatures]],
) -> Iterator[list[tuple[CorpusMember, TextFeatures]]]:
    """Take some at a time."""
    while portion := list(islice(pairs, AT_ONCE)):
        yield portion


def write_evaluation(
    judgement: EvaluationResult, folder: Path, classifier: Classifier, *, members: Path, about: Mapping[str, object]
) -> None:
    """Write scores.json, confusion_matrix.json, run.json and the pictures; `about` is what else there is to say of the run."""
    folder.mkdir(parents=True, exist_ok=True)
    evaluation = judgement.evaluation
    parts = [row["part"] for row in read_table(members, ("part",))]
    scores: dict[str, Any] = {"documents": 0}
    if evaluation:
        labels = {label: asdict(score) for label, score in evaluation.labels.items()}
        scores = {"documents": evaluation.documents, **evaluation.metrics, "labels": labels}
    confusion = {
        "labels": list(evaluation.labels) if evaluation else [],
        "confusion": [list(row) for row in evaluation.confusion] if evaluation else [],
    }
    run = {
        **about,
        "documents": len(parts),
        "trained_on": parts.count(TRAIN),
        "judged_by": parts.count(TEST),
        "labels": list(classifier.labels),
        "recipe": classifier.recipe.name,
        "versions": {library: version(library) for library in LIBRARIES},
        "metrics": figures_of(scores),
    }
    contents: Mapping[str, object] = {"scores": scores, "confusion_matrix": confusion, "run": run}
    for name, content in contents.items():
        written = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        (folder / f"{name}.json").write_text(written, encoding="utf-8")
    draw(judgement, folder)


def figures_of(scores: Mapping[str, Any]) -> dict[str, float]:
    """The single figures of scores.json; none without documents to judge by."""
    labels = {f"f1.{label}": float(score["f1"]) for label, score in scores.get("labels", {}).items()}
    return {name: float(value) for name, value in scores.items() if isinstance(value, float)} | labels


def draw(judgement: EvaluationResult, folder: Path) -> None:
    """Draw the confusion matrix, and how far confidence and truth agree."""
    import matplotlib as mpl  # half a second, and this stage only

    mpl.use("agg")
    from matplotlib import pyplot as plt

    names = list(judgement.evaluation.labels) if judgement.evaluation else []
    confusion = np.array(judgement.evaluation.confusion if judgement.evaluation else np.zeros((1, 1)))
    size = max(4.0, 0.4 * len(names) + 2)
    figure, axes = plt.subplots(figsize=(size, size))
    axes.imshow(confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1), cmap="Blues", vmin=0, vmax=1)
    axes.set(xlabel="called", ylabel="is", title="Documents kept from the training")
    axes.set_xticks(range(len(names)), names, rotation=90)
    axes.set_yticks(range(len(names)), names)
    for (row, column), count in np.ndenumerate(confusion):
        if count:
            axes.text(column, row, f"{count:.0f}", ha="center", va="center", fontsize=8)
    # Without the metadata two pictures of the same figures are the same file.
    figure.savefig(folder / "confusion_matrix.png", bbox_inches="tight", dpi=100, metadata={"Software": None})
    plt.close(figure)

    figure, axes = plt.subplots(figsize=(4, 4))
    axes.plot([0, 1], [0, 1], color="lightgrey")
    if judgement.truth and judgement.evaluation:
        confidence = judgement.chances.max(axis=1)
        called = np.array([names[place] for place in judgement.chances.argmax(axis=1)])
        right = called == np.array(judgement.truth)
        order = np.argsort(confidence, kind="stable")
        parts = [part for part in np.array_split(order, min(BINS, len(order))) if len(part)]
        axes.plot([confidence[part].mean() for part in parts], [right[part].mean() for part in parts], marker="o")
    axes.set(
        xlabel="confidence", ylabel="share that is right", title="Confidence and truth", xlim=(0, 1), ylim=(0, 1.02)
    )
    figure.savefig(folder / "calibration.png", bbox_inches="tight", dpi=100, metadata={"Software": None})
    plt.close(figure)
