"""Compare two models on the same documents: read this file for the whole story."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from sake_ray.comparison import ComparisonContext
from sake_ray.comparison.candidates import CHAMPION, ComparedModel, find_candidate
from sake_ray.comparison.holdout import judge_held_out
from sake_ray.domain.promotions import ComparisonOutcome, ComparisonVerdict
from sake_ray.errors import InputError, ModelRefused, NotFound, WorkspaceError
from sake_ray.evaluation import PairedComparison, compare
from sake_ray.evaluation.paired import ModelProbabilities


@dataclass(frozen=True, slots=True)
class DataChange:
    """How the documents that two models learned from differ."""

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
    left_out: Mapping[str, int]
    parameters: Mapping[str, tuple[str | None, str | None]]
    data: DataChange | None


def compare_models(bench: ComparisonContext, before: str, after: str) -> ModelComparison:
    """Compare two models, each named by version number, run id or as the champion, on documents neither has learned from.

    Raises NotFound, InputError when it is not known what one of them learned from, ModelRefused when one does not fit here.
    """
    one, other = find_candidate(bench, before), find_candidate(bench, after)
    if one.classifier.sha256 == other.classifier.sha256:
        raise InputError(f"{one.name.capitalize()} and {other.name} are the same model.")
    documents = judge_held_out(bench, (one, other))
    first, second = (
        ModelProbabilities(candidate.classifier.labels, chances)
        for candidate, chances in zip((one, other), documents.chances, strict=True)
    )
    comparison = compare(documents.ids, documents.truth, first, second)
    return ModelComparison(
        one, other, comparison, documents.left_out, differing_parameters(one, other), change_of_data(one, other)
    )


def judge_for_promotion(bench: ComparisonContext, number: int) -> ComparisonVerdict | None:
    """How a version stands against the one that serves; None when none does, or it is that one.

    What keeps the two from being compared is told in the verdict.
    """
    champion = bench.registry.champion.get()
    if champion is None or champion.number == number:
        return None
    if any(each.number == number and each.sha256 == champion.sha256 for each in bench.registry.versions.all()):
        return ComparisonVerdict(
            ComparisonOutcome.NOT_WORSE, at_worst=0.0, remark="It is the same model.", against=champion.number
        )
    try:
        verdict = compare_models(bench, CHAMPION, str(number)).comparison.verdict
    except (InputError, NotFound, ModelRefused, WorkspaceError) as error:
        verdict = ComparisonVerdict(ComparisonOutcome.UNKNOWN, remark=str(error))
    return replace(verdict, against=champion.number)


def differing_parameters(one: ComparedModel, other: ComparedModel) -> dict[str, tuple[str | None, str | None]]:
    """The hyperparameters that are not the same; None where one has no such parameter."""
    before, after = one.run.parameters, other.run.parameters
    return {
        name: (before.get(name), after.get(name))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    }


def change_of_data(one: ComparedModel, other: ComparedModel) -> DataChange | None:
    """Count what came and went among the documents that were learned from."""
    if one.taught.generated_only or other.taught.generated_only:
        return None
    before, after = one.taught.learned, other.taught.learned
    both = before.keys() & after.keys()
    return DataChange(
        before=len(before),
        after=len(after),
        added=len(after) - len(both),
        removed=len(before) - len(both),
        relabelled=sum(before[id] != after[id] for id in both),
    )
