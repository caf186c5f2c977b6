"""Present comparisons of models."""

from collections.abc import Sequence

from sake_ray.comparison.compare import ModelComparison
from sake_ray.comparison.compared_models import ComparedModel
from sake_ray.evaluation import Evaluation, PairedComparison
from sake_ray.registry.runs import COMMIT_TAG
from sake_ray.schemas.comparison import (
    CandidateOut,
    ChangedOut,
    ComparisonOut,
    ConfusionOut,
    DataChangeOut,
    LabelChangeOut,
    LeftOutOut,
    MeasureOut,
    VerdictOut,
)

MAX_CHANGED = 500


def present_comparison(models: ModelComparison, *, max_changed: int = MAX_CHANGED) -> ComparisonOut:
    """Present two models side by side, with at most so many of the documents that changed sides."""
    comparison = models.comparison
    changed = sorted(comparison.changed, key=lambda each: each.corrected)[:max_changed]
    return ComparisonOut(
        before=present_candidate(models.before),
        after=present_candidate(models.after),
        verdict=VerdictOut.model_validate(comparison.verdict),
        measures=present_measures(comparison),
        labels={name: LabelChangeOut.model_validate(change) for name, change in comparison.labels.items()},
        confusion=present_confusion(comparison),
        changed=[ChangedOut.model_validate(each) for each in changed],
        left_out={str(reason): documents for reason, documents in models.left_out.items()},
        left_out_reasons=[
            LeftOutOut(
                documents=documents, reason=str(reason), reason_code=reason.code, reason_params=reason.json_params
            )
            for reason, documents in models.left_out.items()
        ],
        parameters=dict(models.parameters),
        data=DataChangeOut.model_validate(models.data) if models.data else None,
    )


def present_candidate(candidate: ComparedModel) -> CandidateOut:
    """Present a model that is compared."""
    return CandidateOut(
        name=candidate.name,
        run=candidate.run.id,
        version=candidate.version.number if candidate.version else None,
        started=candidate.run.started,
        commit=candidate.run.tags.get(COMMIT_TAG),
        labels=list(candidate.classifier.labels),
    )


def present_measures(comparison: PairedComparison) -> dict[str, MeasureOut]:
    """Present every measure of both, with the interval of the difference where there is one."""
    if not (comparison.before and comparison.after):
        return {}
    before, after, measures = comparison.before.metrics, comparison.after.metrics, {}
    for name, value in before.items():
        difference = comparison.differences.get(name)
        measures[name] = MeasureOut(
            before=value,
            after=after[name],
            difference=after[name] - value,
            low=difference.low if difference else None,
            high=difference.high if difference else None,
        )
    return measures


def present_confusion(comparison: PairedComparison) -> ConfusionOut | None:
    """Present the confusion matrices of both over the same labels."""
    before, after = comparison.before, comparison.after
    if not (before and after):
        return None
    labels = sorted({*before.labels, *after.labels})
    return ConfusionOut(labels=labels, before=_reorder(before, labels), after=_reorder(after, labels))


def _reorder(evaluation: Evaluation, labels: Sequence[str]) -> list[list[int]]:
    """Reorder the confusion matrix by these labels; a label that the classifier does not know counts 0."""
    places = {label: place for place, label in enumerate(evaluation.labels)}
    return [
        [
            evaluation.confusion[places[truth]][places[called]] if {truth, called} <= places.keys() else 0
            for called in labels
        ]
        for truth in labels
    ]
