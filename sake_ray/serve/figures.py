"""Gather from the records what the metrics say of them: the only place that does, so that nothing is counted twice."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sake_ray.classifier.manifest import read_manifest
from sake_ray.domain.drift import ALL, SOURCES, Profile, count_traits, measure_drift
from sake_ray.domain.jobs import JobState
from sake_ray.errors import ModelRefused
from sake_ray.metrics.learning import AGAINST, JOB_KINDS, OUTCOMES, PROMOTIONS, REVIEWS, VERIFIED_WINDOWS
from sake_ray.metrics.work import REVIEW_WINDOWS
from sake_ray.storage.records import Records
from sake_ray.storage.records.figures import JobFigures, VerifiedCount

DAY = timedelta(days=1)
LATELY, BEFORE = 7 * DAY, 28 * DAY
PERIODS = {"1d": DAY, "7d": 7 * DAY, "30d": 30 * DAY}
VERIFIED_WITHIN = {window: PERIODS[window] for window in VERIFIED_WINDOWS}
SHORT, LONG = VERIFIED_WINDOWS
REVIEWED_WITHIN = {window: PERIODS[window] for window in REVIEW_WINDOWS}
MAX_COMPARED = 2_000
"""Documents on either side of a comparison: enough to see a PSI of 0.02, and read in a tenth of a second."""
DRIFT_PERIOD = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Figure:
    """The value of one series of a gauge."""

    name: str
    value: float
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Places:
    """Where what is not in the records is: folders by name whose disks may be full, saved models, who holds the workspace.

    `backs_up`: backups are to be made, so that their age counts.
    """

    disks: Mapping[str, Path] = field(default_factory=dict)
    models: Path | None = None
    find_held_since: Callable[[], datetime | None] = lambda: None
    backs_up: bool = False


class FigureGatherer:
    """Gathers the figures. Drift, which takes longest and changes least, is measured every ten minutes."""

    def __init__(self, records: Records, places: Places) -> None:
        self.records, self.places = records, places
        self._drift: tuple[Figure, ...] = ()
        self._drift_at: datetime | None = None

    def gather(self, now: datetime) -> tuple[Figure, ...]:
        """Gather all of them; raises StorageUnavailable."""
        if self._drift_at is None or now - self._drift_at >= DRIFT_PERIOD:
            self._drift, self._drift_at = tuple(self._measure_drift(now)), now
        return (
            *self._count_work(now),
            *self._count_answers(now),
            *self._describe_models(),
            *describe_jobs(self.records.figures.measure_jobs(now), now),
            *self._measure_places(now),
            *self._drift,
        )

    def _count_work(self, now: datetime) -> Iterator[Figure]:
        monitoring = self.records.monitoring
        work = monitoring.count_documents(now)
        yield Figure("documents_lost", work.lost)
        yield Figure("leases_expired_now", work.leases_expired)
        yield Figure("documents_awaiting_review", self.records.figures.count_awaiting_review())
        for window, period in REVIEWED_WITHIN.items():
            classified, to_review = monitoring.count_review_rate(now, period)
            if classified:
                yield Figure("review_share_ratio", to_review / classified, {"window": window})

    def _count_answers(self, now: datetime) -> Iterator[Figure]:
        since, recent = (now - VERIFIED_WITHIN[window] for window in (LONG, SHORT))
        verified = self.records.figures.count_verified(since, recent=recent)
        yield from measure_accuracy(verified, LONG)
        yield from measure_accuracy([replace(count, documents=count.recent) for count in verified], SHORT)
        yield from describe_verified(verified)
        yield Figure("answers_unreadable", self.records.figures.count_unreadable(since))

    def _describe_models(self) -> Iterator[Figure]:
        promotions = self.records.figures.measure_promotions()
        for outcome in PROMOTIONS:
            yield Figure("promotions", getattr(promotions, outcome), {"outcome": outcome})
        if promotions.newest_at:
            yield Figure("promotion_timestamp_seconds", promotions.newest_at.timestamp())
        if policy := self.records.policies.find_newest():
            yield Figure("policy_version", policy.version)
            if policy.since:
                yield Figure("policy_changed_timestamp_seconds", policy.since.timestamp())

    def _measure_places(self, now: datetime) -> Iterator[Figure]:
        yield Figure("workspace_held_seconds", measure_age(self.places.find_held_since(), now))
        if self.places.backs_up:
            yield Figure("backup_age_seconds", measure_age(self.records.figures.find_last_backup(), now))
        for place, folder in self.places.disks.items():
            there = next((path for path in (folder, *folder.parents) if path.exists()), folder)
            usage = shutil.disk_usage(there)
            yield Figure("disk_free_bytes", usage.free, {"place": place})
            yield Figure("disk_size_bytes", usage.total, {"place": place})

    def _measure_drift(self, now: datetime) -> Iterator[Figure]:
        recent, figures = now - LATELY, self.records.figures
        lately = figures.list_traits(recent, now, limit=MAX_COMPARED)
        before = figures.list_traits(recent - BEFORE, recent, limit=MAX_COMPARED)
        profile, model = count_traits(lately), figures.find_last_model()
        learnt = self._find_profile(model) if model else {}
        for source in SOURCES:
            number = sum(source in {ALL, document.source} for document in lately)
            yield Figure("drift_documents", number, {"source": source})
        if model:
            yield Figure("drift_baseline", bool(learnt))
        for against, other in zip(AGAINST, (learnt, count_traits(before)), strict=True):
            for (source, feature), psi in measure_drift(other, profile).items():
                yield Figure("drift_psi", psi, {"feature": feature, "source": source, "against": against})

    def _find_profile(self, model: str) -> Profile:
        """Find what a model was fitted on, from its files, which the predictor has fetched."""
        try:
            return read_manifest(self.places.models / model).profile if self.places.models else {}
        except ModelRefused:
            return {}


def measure_accuracy(verified: Sequence[VerifiedCount], window: str) -> Iterator[Figure]:
    """Measure which share of the predictions that people have verified was right."""
    for review, asked in zip((*REVIEWS, ALL), ({True}, {False}, {True, False}), strict=True):
        rated = [count for count in verified if count.asked in asked]
        number = sum(count.documents for count in rated)
        labels = {"review": review, "window": window}
        yield Figure("accuracy_documents", number, labels)
        if number:
            right = sum(count.documents for count in rated if count.right)
            yield Figure("accuracy_ratio", right / number, labels)


def describe_verified(verified: Sequence[VerifiedCount]) -> Iterator[Figure]:
    """Say how many predictions of each label were right, and what the others were corrected to."""
    numbers: Counter[tuple[str, str, str]] = Counter()
    corrections: Counter[tuple[str, str]] = Counter()
    for count in verified:
        review, outcome = REVIEWS[0 if count.asked else 1], OUTCOMES[0 if count.right else 1]
        numbers[count.label, review, outcome] += count.documents
        if not count.right:
            corrections[count.label, count.answer] += count.documents
    for (label, review, outcome), number in numbers.most_common():
        yield Figure("verified_documents", number, {"label": label, "review": review, "outcome": outcome})
    for (label, answer), number in corrections.most_common():
        yield Figure("corrections", number, {"from": label, "to": answer})


def describe_jobs(jobs: Sequence[JobFigures], now: datetime) -> Iterator[Figure]:
    """Say how many jobs there are of each kind, and how the last ones ended."""
    never = datetime.min.replace(tzinfo=UTC)
    for kind in JOB_KINDS:
        by_state = {job.state: job for job in jobs if job.kind == kind}
        for state in JobState:
            number = by_state[state].number if state in by_state else 0
            yield Figure("jobs", number, {"kind": kind, "state": state.value})
        ends = {state: job.ended_at or never for state, job in by_state.items()}
        succeeded, failed = (ends.get(state, never) for state in (JobState.SUCCEEDED, JobState.FAILED))
        if succeeded > never:
            yield Figure("job_success_timestamp_seconds", succeeded.timestamp(), {"kind": kind})
        yield Figure("job_last_failed", failed > succeeded, {"kind": kind})
        running = by_state.get(JobState.RUNNING)
        since = running.running_since if running else None
        yield Figure("job_running_seconds", measure_age(since, now), {"kind": kind})


def measure_age(since: datetime | None, now: datetime) -> float:
    """Measure how many seconds ago something was; 0 for what never was, or is ahead by another clock."""
    return max(0.0, (now - since).total_seconds()) if since else 0.0
