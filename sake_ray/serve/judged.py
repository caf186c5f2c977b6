"""Show comparisons of models as they travel over HTTP."""

from dataclasses import asdict

from sake_ray.domain import ModelVerdict
from sake_ray.evaluation import Comparison
from sake_ray.judging.candidates import Candidate
from sake_ray.judging.compare import Match
from sake_ray.registry import COMMIT_TAG
from sake_ray.schemas import (
    CandidateOut,
    ChangedOut,
    ComparisonOut,
    DataChangeOut,
    LabelChangeOut,
    MeasureOut,
    VerdictOut,
)

MOST_CHANGED = 500


def show_match(match: Match, *, most: int = MOST_CHANGED) -> ComparisonOut:
    """Show two models side by side, with so many of the documents that changed sides."""
    comparison = match.comparison
    changed = sorted(comparison.changed, key=lambda each: each.corrected)[:most]
    return ComparisonOut(
        before=show_candidate(match.before),
        after=show_candidate(match.after),
        verdict=show_verdict(comparison.verdict),
        measures=show_measures(comparison),
        labels={name: LabelChangeOut.model_validate(asdict(change)) for name, change in comparison.labels.items()},
        changed=[ChangedOut.model_validate(asdict(each)) for each in changed],
        left_out=dict(match.left_out),
        parameters=dict(match.parameters),
        data=DataChangeOut(**asdict(match.data)) if match.data else None,
    )


def show_candidate(candidate: Candidate) -> CandidateOut:
    """Show which model was compared."""
    return CandidateOut(
        name=candidate.name,
        run=candidate.run.id,
        version=candidate.version.number if candidate.version else None,
        started=candidate.run.started,
        commit=candidate.run.tags.get(COMMIT_TAG),
        labels=list(candidate.classifier.labels),
    )


def show_verdict(verdict: ModelVerdict) -> VerdictOut:
    """Show how a model stands against another."""
    return VerdictOut(**asdict(verdict))


def show_measures(comparison: Comparison) -> dict[str, MeasureOut]:
    """Show every measure of both, with the interval of the difference where there is one."""
    if not (comparison.before and comparison.after):
        return {}
    before, after, found = comparison.before.measures, comparison.after.measures, {}
    for name, value in before.items():
        difference = comparison.differences.get(name)
        found[name] = MeasureOut(
            before=value,
            after=after[name],
            difference=after[name] - value,
            low=difference.low if difference else None,
            high=difference.high if difference else None,
        )
    return found
