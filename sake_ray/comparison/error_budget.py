"""Find thresholds that keep an error budget on documents that the champion was not trained on, and put them in force."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from sake_ray.comparison import ComparisonContext
from sake_ray.comparison.compared_models import CHAMPION, ComparedModel, load_compared_model
from sake_ray.comparison.holdout import predict_holdout
from sake_ray.domain.verdicts import OTHER, Policy
from sake_ray.errors import InputError, NotFound
from sake_ray.evaluation.curve import CurvePoint, trace_curve
from sake_ray.evaluation.thresholds import ErrorBudget, ScoredDocument, find_error_budget
from sake_ray.storage.records import Records


@dataclass(frozen=True, slots=True)
class VerifiedDocument:
    """A document whose true label is known, with the prediction of the champion."""

    label: str | None
    confidence: float | None
    scant: bool
    true_label: str

    def requires_review(self, policy: Policy) -> bool:
        """Whether a person should look at it under that policy."""
        return policy.requires_review(self.label, self.confidence, scant=self.scant)


@dataclass(frozen=True, slots=True)
class PolicyProposal:
    """A policy that is not in force yet: the error budget of each label, and how many documents need review under it."""

    policy: Policy
    promises: tuple[ErrorBudget, ...]
    documents: int
    to_people: int
    open_documents: int
    open_to_people: int
    open_to_people_now: int


@dataclass(frozen=True, slots=True)
class CoverageCurve:
    """The curve of coverage against precision, with the points of the policy in force and of the proposed one."""

    points: tuple[CurvePoint, ...]
    now: CurvePoint
    wanted: CurvePoint | None
    proposal: PolicyProposal | None


def propose_policy(context: ComparisonContext, records: Records, wrong_in: int) -> PolicyProposal:
    """Find for each label the lowest threshold that keeps at most one in `wrong_in` accepted documents wrong.

    A label with too few verified documents gets none: all its documents need review. Raises NotFound without a champion,
    InputError when it is not known what that was trained on.
    """
    champion, now = load_compared_model(context, CHAMPION), records.policies.find_newest() or Policy()
    verified = collect_verified(context, records, champion, now.min_tokens)
    return build_proposal(records, champion, now, verified, wrong_in)


def trace_coverage(context: ComparisonContext, records: Records, wrong_in: int | None) -> CoverageCurve:
    """Trace the coverage curve of the champion on verified documents; with `wrong_in` also propose a policy."""
    champion, now = load_compared_model(context, CHAMPION), records.policies.find_newest() or Policy()
    verified = collect_verified(context, records, champion, now.min_tokens)
    proposal = build_proposal(records, champion, now, verified, wrong_in) if wrong_in else None
    labels = [label for label in champion.classifier.labels if label != OTHER]
    scored = [document for label in labels for document in select_acceptable(verified, label)]
    wanted = locate_policy(proposal.policy, verified) if proposal else None
    return CoverageCurve(trace_curve(scored, len(verified)), locate_policy(now, verified), wanted, proposal)


def locate_policy(policy: Policy, verified: list[VerifiedDocument]) -> CurvePoint:
    """Find the point of a policy: how many verified documents it accepts, and how many of those are right."""
    accepted = [document for document in verified if not document.requires_review(policy)]
    threshold = None if policy.wrong_in or policy.thresholds else policy.threshold
    return CurvePoint(
        threshold, len(verified), len(accepted), sum(document.label == document.true_label for document in accepted)
    )


def build_proposal(
    records: Records, champion: ComparedModel, now: Policy, verified: list[VerifiedDocument], wrong_in: int
) -> PolicyProposal:
    """Find the error budget of each label by these documents, and count what would need review."""
    budgets = tuple(
        find_error_budget(label, select_acceptable(verified, label), wrong_in=wrong_in)
        for label in champion.classifier.labels
        if label != OTHER
    )
    thresholds = {budget.label: budget.threshold for budget in budgets}
    policy = replace(now, thresholds=thresholds, wrong_in=wrong_in, model_hash=champion.classifier.sha256)
    to_people = sum(document.requires_review(policy) for document in verified)
    open_documents, open_to_people = records.policies.count_open(policy)
    _, open_now = records.policies.count_open(now)
    return PolicyProposal(policy, budgets, len(verified), to_people, open_documents, open_to_people, open_now)


def activate_policy(records: Records, proposal: PolicyProposal, *, by: str, now: datetime) -> Policy:
    """Make a proposal the newest policy; the service applies it to open documents too, a few at a time.

    Raises InputError when no label can keep the error budget.
    """
    if not any(budget.threshold is not None for budget in proposal.promises):
        most = max(proposal.promises, key=lambda budget: budget.documents, default=None)
        wrong_in = proposal.policy.wrong_in
        if most is None:
            raise InputError("too-few-verified-documents", wrong_in=wrong_in)
        few = {"label": most.label, "documents": most.documents, "needed": most.needed}
        raise InputError("too-few-verified-of-label", wrong_in=wrong_in, **few)
    return records.policies.add(proposal.policy, by=by, now=now)


def reset_policy(records: Records, threshold: float | None, *, by: str, now: datetime) -> Policy:
    """Drop the error budget: one threshold for all labels, that of the settings or the one before."""
    newest = records.policies.find_newest() or Policy()
    plain = Policy(threshold=newest.threshold if threshold is None else threshold, min_tokens=newest.min_tokens)
    return records.policies.add(plain, by=by, now=now)


def collect_verified(
    context: ComparisonContext, records: Records, champion: ComparedModel, min_tokens: int
) -> list[VerifiedDocument]:
    """Collect the documents of the test part that the champion was not trained on, and those that people answered; each once."""
    found: Mapping[str, VerifiedDocument] = {}
    with suppress(NotFound):  # nothing was trained here yet: there are answers only
        found = predict_test_part(context, champion, min_tokens)
    answered = {
        document.sha256: VerifiedDocument(document.label, document.confidence, document.scant, document.truth)
        for document in records.policies.list_answered(champion.classifier.sha256)
        if document.sha256 not in champion.history.excluded
    }
    return list({**answered, **found}.values())


def predict_test_part(
    context: ComparisonContext, champion: ComparedModel, min_tokens: int
) -> dict[str, VerifiedDocument]:
    """Predict the test part with the champion, without what it was trained on."""
    holdout, labels = predict_holdout(context, (champion,)), champion.classifier.labels
    rows = zip(holdout.ids, holdout.true_labels, holdout.token_counts, holdout.probabilities[0], strict=True)
    return {
        id: VerifiedDocument(labels[int(np.argmax(row))], float(row.max()), tokens < min_tokens, label)
        for id, label, tokens, row in rows
    }


def select_acceptable(verified: list[VerifiedDocument], label: str) -> list[ScoredDocument]:
    """Select those predicted as that label that some threshold could accept."""
    return [
        ScoredDocument(document.confidence, document.true_label == label)
        for document in verified
        if document.label == label and document.confidence is not None and not document.scant
    ]
