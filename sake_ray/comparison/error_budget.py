"""Find the thresholds that keep a promise on verified documents the champion has not learned from, and put them in force."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from sake_ray.comparison import ComparisonContext
from sake_ray.comparison.candidates import CHAMPION, ComparedModel, find_candidate
from sake_ray.comparison.holdout import judge_held_out
from sake_ray.domain.verdicts import OTHER, Policy
from sake_ray.errors import InputError, NotFound
from sake_ray.evaluation.curve import CurvePoint, trace_curve
from sake_ray.evaluation.thresholds import ErrorBudget, ScoredDocument, make_promise
from sake_ray.storage.records import Records


@dataclass(frozen=True, slots=True)
class VerifiedDocument:
    """A document whose label is known, with what the champion says of it."""

    label: str | None
    confidence: float | None
    scant: bool
    truth: str


@dataclass(frozen=True, slots=True)
class PolicyProposal:
    """A policy that is not in force yet, what it promises and what it costs: so many documents go to people."""

    policy: Policy
    promises: tuple[ErrorBudget, ...]
    documents: int
    to_people: int
    open_documents: int
    open_to_people: int
    open_to_people_now: int


@dataclass(frozen=True, slots=True)
class CoverageCurve:
    """The curve of coverage against precision, where the policy in force is on it, and where the proposed one would be."""

    points: tuple[CurvePoint, ...]
    now: CurvePoint
    wanted: CurvePoint | None
    proposal: PolicyProposal | None


def propose(bench: ComparisonContext, records: Records, wrong_in: int) -> PolicyProposal:
    """Find for each label the lowest threshold that keeps at most one in `wrong_in` accepted documents wrong.

    A label of which too few documents are verified gets none: all its documents go to people. Raises NotFound without a
    champion, InputError when it is not known what it has learned from.
    """
    champion, now = find_candidate(bench, CHAMPION), records.policies.newest() or Policy()
    return weigh(records, champion, now, find_verified(bench, records, champion, now.min_tokens), wrong_in)


def draw(bench: ComparisonContext, records: Records, wrong_in: int | None) -> CoverageCurve:
    """Trace what the champion does to verified documents as the threshold moves; with `wrong_in` also `propose` that."""
    champion, now = find_candidate(bench, CHAMPION), records.policies.newest() or Policy()
    verified = find_verified(bench, records, champion, now.min_tokens)
    proposal = weigh(records, champion, now, verified, wrong_in) if wrong_in else None
    seen = [each for label in champion.classifier.labels if label != OTHER for each in acceptable(verified, label)]
    wanted = place_on_curve(proposal.policy, verified) if proposal else None
    return CoverageCurve(trace_curve(seen, len(verified)), place_on_curve(now, verified), wanted, proposal)


def place_on_curve(policy: Policy, verified: list[VerifiedDocument]) -> CurvePoint:
    """What a policy does to verified documents."""
    accepted = [each for each in verified if not policy.wants_person(each.label, each.confidence, scant=each.scant)]
    plain = None if policy.wrong_in or policy.thresholds else policy.threshold
    return CurvePoint(plain, len(verified), len(accepted), sum(each.label == each.truth for each in accepted))


def weigh(
    records: Records, champion: ComparedModel, now: Policy, verified: list[VerifiedDocument], wrong_in: int
) -> PolicyProposal:
    """What a promise would be and cost by these documents."""
    promises = tuple(
        make_promise(label, acceptable(verified, label), wrong_in=wrong_in)
        for label in champion.classifier.labels
        if label != OTHER
    )
    thresholds = {promise.label: promise.threshold for promise in promises}
    policy = replace(now, thresholds=thresholds, wrong_in=wrong_in, model_hash=champion.classifier.sha256)
    to_people = sum(policy.wants_person(each.label, each.confidence, scant=each.scant) for each in verified)
    open_documents, open_to_people = records.policies.count_open(policy)
    _, open_now = records.policies.count_open(now)
    return PolicyProposal(policy, promises, len(verified), to_people, open_documents, open_to_people, open_now)


def put_in_force(records: Records, proposal: PolicyProposal, *, by: str, now: datetime) -> Policy:
    """Make a proposal the newest policy: the service takes it up, and brings open documents under it, within ten seconds.

    Raises InputError when nothing can be promised of any label.
    """
    if not any(promise.threshold is not None for promise in proposal.promises):
        most = max(proposal.promises, key=lambda promise: promise.documents, default=None)
        told = (
            f" {most.label} has {most.documents} and needs at least {most.needed}, all of them right." if most else ""
        )
        raise InputError(
            f"There are too few verified documents to promise 1 wrong in {proposal.policy.wrong_in}.{told}"
        )
    return records.policies.add(proposal.policy, by=by, now=now)


def go_plain(records: Records, threshold: float | None, *, by: str, now: datetime) -> Policy:
    """Take a promise back: one threshold for all labels, that of the settings or the one before."""
    newest = records.policies.newest() or Policy()
    plain = Policy(threshold=newest.threshold if threshold is None else threshold, min_tokens=newest.min_tokens)
    return records.policies.add(plain, by=by, now=now)


def find_verified(
    bench: ComparisonContext, records: Records, champion: ComparedModel, min_tokens: int
) -> list[VerifiedDocument]:
    """The documents of the test part that may judge the champion, and those people answered; each once."""
    found: Mapping[str, VerifiedDocument] = {}
    with suppress(NotFound):  # nothing was trained here yet: there are answers only
        found = judge_test_part(bench, champion, min_tokens)
    answered = {
        each.sha256: VerifiedDocument(each.label, each.confidence, each.scant, each.truth)
        for each in records.policies.answered(champion.classifier.sha256)
        if each.sha256 not in champion.taught.barred
    }
    return list({**answered, **found}.values())


def judge_test_part(bench: ComparisonContext, champion: ComparedModel, min_tokens: int) -> dict[str, VerifiedDocument]:
    """What the champion says of the test part, less what it has learned from."""
    held_out, labels = judge_held_out(bench, (champion,)), champion.classifier.labels
    rows = zip(held_out.ids, held_out.truth, held_out.tokens, held_out.chances[0], strict=True)
    return {
        id: VerifiedDocument(labels[int(np.argmax(row))], float(row.max()), tokens < min_tokens, truth)
        for id, truth, tokens, row in rows
    }


def acceptable(verified: list[VerifiedDocument], label: str) -> list[ScoredDocument]:
    """Those called by that label that some threshold could accept."""
    return [
        ScoredDocument(each.confidence, each.truth == label)
        for each in verified
        if each.label == label and each.confidence is not None and not each.scant
    ]
