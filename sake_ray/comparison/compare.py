"""Compare two models on the same documents: read this file for the whole story."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sake_ray.comparison import ComparisonContext
from sake_ray.comparison.compared_models import CHAMPION, ComparedModel, load_compared_model
from sake_ray.comparison.holdout import predict_holdout
from sake_ray.domain.promotions import ComparisonOutcome, ComparisonVerdict
from sake_ray.errors import InputError, Message, ModelRefused, NotFound, WorkspaceError
from sake_ray.evaluation import PairedComparison, compare
from sake_ray.evaluation.paired import ModelProbabilities


@dataclass(frozen=True, slots=True)
class DataChange:
    """How the documents that two models were trained on differ."""

    before: int
    after: int
    added: int
    removed: int
    relabelled: int


@dataclass(frozen=True, slots=True)
class ModelComparison:
    """Two models side by side. `parameters` holds those that differ; `data` is None where a model is not of this workspace."""

    before: ComparedModel
    after: ComparedModel
    comparison: PairedComparison
    left_out: Mapping[Message, int]
    parameters: Mapping[str, tuple[str | None, str | None]]
    data: DataChange | None


def compare_models(context: ComparisonContext, before: str, after: str) -> ModelComparison:
    """Compare two models, each named by version number, run id or as the champion, on documents that neither was trained on.

    Raises NotFound, InputError when it is not known what one of them was trained on, ModelRefused when one does not fit here.
    """
    one, other = load_compared_model(context, before), load_compared_model(context, after)
    if one.classifier.sha256 == other.classifier.sha256:
        raise InputError("same-model-twice", one=one.name.capitalize(), other=other.name)
    holdout = predict_holdout(context, (one, other))
    first, second = (
        ModelProbabilities(model.classifier.labels, probabilities)
        for model, probabilities in zip((one, other), holdout.probabilities, strict=True)
    )
    comparison = compare(holdout.ids, holdout.true_labels, first, second)
    return ModelComparison(
        one, other, comparison, holdout.left_out, diff_parameters(one, other), diff_training_data(one, other)
    )


def compare_with_champion(context: ComparisonContext, number: int) -> ComparisonVerdict | None:
    """Compare a version with the champion; None when there is none, or it is that one.

    The verdict says so when the two cannot be compared.
    """
    champion = context.registry.champion.get()
    if champion is None or champion.number == number:
        return None
    if any(
        version.number == number and version.sha256 == champion.sha256 for version in context.registry.versions.all()
    ):
        return ComparisonVerdict(
            ComparisonOutcome.NOT_WORSE, at_worst=0.0, remark=Message("same-model"), against=champion.number
        )
    try:
        verdict = compare_models(context, CHAMPION, str(number)).comparison.verdict
    except (InputError, NotFound, ModelRefused, WorkspaceError) as error:
        verdict = ComparisonVerdict(ComparisonOutcome.UNKNOWN, remark=error.message)
    return replace(verdict, against=champion.number)


def diff_parameters(one: ComparedModel, other: ComparedModel) -> dict[str, tuple[str | None, str | None]]:
    """List the hyperparameters that differ; None where a model has no such parameter."""
    before, after = one.run.parameters, other.run.parameters
    return {
        name: (before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def diff_training_data(one: ComparedModel, other: ComparedModel) -> DataChange | None:
    """Count which training documents were added, removed and relabelled."""
    if one.history.generated_only or other.history.generated_only:
        return None
    before, after = one.history.training_labels, other.history.training_labels
    both = before.keys() & after.keys()
    return DataChange(
        before=len(before),
        after=len(after),
        added=len(after) - len(both),
        removed=len(before) - len(both),
        relabelled=sum(before[id] != after[id] for id in both),
    )
