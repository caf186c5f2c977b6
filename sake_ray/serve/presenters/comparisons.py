"""Show comparisons of models, and policies, as they travel over HTTP."""

from collections.abc import Sequence
from dataclasses import asdict

from sake_ray.comparison.compare import ModelComparison
from sake_ray.comparison.compared_models import ComparedModel
from sake_ray.comparison.error_budget import CoverageCurve, PolicyProposal
from sake_ray.domain.promotions import ComparisonVerdict
from sake_ray.domain.verdicts import Policy
from sake_ray.evaluation import Evaluation, PairedComparison
from sake_ray.evaluation.curve import CurvePoint
from sake_ray.registry.runs import COMMIT_TAG
from sake_ray.registry.versions import ModelVersion
from sake_ray.schemas.comparison import (
    CandidateOut,
    ChangedOut,
    ComparisonOut,
    ConfusionOut,
    DataChangeOut,
    LabelChangeOut,
    MeasureOut,
    VerdictOut,
)
from sake_ray.schemas.policy import CurveOut, PointOut, PolicyOut, PromiseOut, ProposalOut

MAX_CHANGED = 500


def show_match(match: ModelComparison, *, most: int = MAX_CHANGED) -> ComparisonOut:
    """Show two models side by side, with so many of the documents that changed sides."""
    comparison = match.comparison
    changed = sorted(comparison.changed, key=lambda each: each.corrected)[:most]
    return ComparisonOut(
        before=show_candidate(match.before),
        after=show_candidate(match.after),
        verdict=show_verdict(comparison.verdict),
        measures=show_measures(comparison),
        labels={name: LabelChangeOut.model_validate(asdict(change)) for name, change in comparison.labels.items()},
        confusion=show_confusion(comparison),
        changed=[ChangedOut.model_validate(asdict(each)) for each in changed],
        left_out=dict(match.left_out),
        parameters=dict(match.parameters),
        data=DataChangeOut(**asdict(match.data)) if match.data else None,
    )


def show_candidate(candidate: ComparedModel) -> CandidateOut:
    """Show which model was compared."""
    return CandidateOut(
        name=candidate.name,
        run=candidate.run.id,
        version=candidate.version.number if candidate.version else None,
        started=candidate.run.started,
        commit=candidate.run.tags.get(COMMIT_TAG),
        labels=list(candidate.classifier.labels),
    )


def show_verdict(verdict: ComparisonVerdict) -> VerdictOut:
    """Show how a model stands against another."""
    return VerdictOut(**asdict(verdict))


def show_measures(comparison: PairedComparison) -> dict[str, MeasureOut]:
    """Show every measure of both, with the interval of the difference where there is one."""
    if not (comparison.before and comparison.after):
        return {}
    before, after, found = comparison.before.metrics, comparison.after.metrics, {}
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


def show_confusion(comparison: PairedComparison) -> ConfusionOut | None:
    """Show what both took for what."""
    before, after = comparison.before, comparison.after
    if not (before and after):
        return None
    labels = sorted({*before.labels, *after.labels})
    return ConfusionOut(labels=labels, before=_confusion(before, labels), after=_confusion(after, labels))


def _confusion(evaluation: Evaluation, labels: Sequence[str]) -> list[list[int]]:
    """The counts by these labels; nobody was called what a classifier does not know."""
    places = {label: place for place, label in enumerate(evaluation.labels)}
    return [
        [
            evaluation.confusion[places[truth]][places[called]] if {truth, called} <= places.keys() else 0
            for called in labels
        ]
        for truth in labels
    ]


def show_policy(
    policy: Policy,
    champion: ModelVersion | None,
    proposal: PolicyProposal | None = None,
    drawn: CoverageCurve | None = None,
) -> PolicyOut:
    """Show a policy, and whether what it promises is promised of the model that serves."""
    return PolicyOut(
        version=policy.version,
        since=policy.since,
        threshold=policy.threshold,
        min_tokens=policy.min_tokens,
        thresholds=dict(policy.thresholds),
        wrong_in=policy.wrong_in,
        holds=policy.wrong_in is None or (champion is not None and champion.sha256 == policy.model_hash),
        proposal=show_proposal(proposal) if proposal else None,
        curve=show_curve(drawn) if drawn else None,
    )


def show_curve(drawn: CoverageCurve) -> CurveOut:
    """Show what moving the threshold does."""
    return CurveOut(
        documents=drawn.now.documents,
        points=[show_point(point) for point in drawn.points],
        now=show_point(drawn.now),
        wanted=show_point(drawn.wanted) if drawn.wanted else None,
    )


def show_point(point: CurvePoint) -> PointOut:
    """Show one rule."""
    return PointOut(
        threshold=point.threshold,
        accepted=point.accepted,
        right=point.right,
        share=point.share,
        precision=point.precision,
    )


def show_proposal(proposal: PolicyProposal) -> ProposalOut:
    """Show what a promise would be and cost."""
    return ProposalOut(
        wrong_in=proposal.policy.wrong_in or 0,
        promises=[PromiseOut(**asdict(promise)) for promise in proposal.promises],
        documents=proposal.documents,
        to_people=proposal.to_people,
        open_documents=proposal.open_documents,
        open_to_people=proposal.open_to_people,
        open_to_people_now=proposal.open_to_people_now,
    )
