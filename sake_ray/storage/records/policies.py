"""Store the policies: a prediction names the one it was made under, and a new one is applied to open documents."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.verdicts import OTHER, Policy
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.counts import count_open, read_counts
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.reapplication import (
    OPEN,
    OutdatedDocument,
    PolicyProgress,
    apply_to,
    is_outdated,
    select_outdated,
)
from sake_ray.storage.records.tables import documents, policies, predictions


@dataclass(frozen=True, slots=True)
class AnsweredDocument:
    """A document that a model classified and a person answered; `truth` is the answer."""

    sha256: str
    label: str | None
    confidence: float | None
    scant: bool
    truth: str


class Policies:
    """Versions of the policy; the newest applies."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def find_newest(self) -> Policy | None:
        """Find the newest policy; None before the first."""
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(_NEWEST).one_or_none()
        return _policy(row) if row else None

    def find_error_budget(self) -> Policy | None:
        """Find the error budget set by the admin, which overrides the settings; None without one."""
        newest = self.find_newest()
        return newest if newest and newest.wrong_in else None

    def apply_settings(self, wanted: Policy, *, now: datetime) -> Policy:
        """Make the threshold of the settings the newest policy, if it differs; return the policy that applies.

        An error budget set by the admin applies until the admin removes it.
        """
        return self._add(wanted, by="", now=now, keep_budget=True)

    def add(self, wanted: Policy, *, by: str, now: datetime) -> Policy:
        """Make this the newest policy, as a new version if it differs; return it."""
        return self._add(wanted, by=by, now=now, keep_budget=False)

    def list_outdated(
        self, policy: Policy, *, after: OutdatedDocument | None = None, limit: int
    ) -> tuple[OutdatedDocument, ...]:
        """List open documents (classified, not answered) that carry an older policy, from the first after that one on."""
        with self.database.transaction(reads_only=True) as connection:
            rows = connection.execute(select_outdated(policy.version, after, limit))
            return tuple(OutdatedDocument(**row._mapping) for row in rows)

    @repeatable
    def reapply(self, policy: Policy, found: Sequence[OutdatedDocument], *, now: datetime) -> int:
        """Apply a policy to these documents, as far as they still are open and carry an older one; return how many changed.

        Nothing is read or classified again: the verdict stays, only whether it needs review is decided anew.
        """
        with self.database.transaction() as connection:
            return apply_to(connection, policy, found, now)

    def count_outdated(self, policy: Policy) -> int:
        """Count the open documents that carry an older policy."""
        outdated = sa.select(sa.func.count()).select_from(documents).where(*OPEN, is_outdated(policy.version))
        with self.database.transaction(reads_only=True) as connection:
            return int(connection.execute(outdated).scalar_one())

    def measure_progress(self) -> PolicyProgress:
        """Count the open documents that do not carry the newest policy yet, and all of them while there are such."""
        newest = self.find_newest()
        outdated = self.count_outdated(newest) if newest else 0
        if not outdated:
            return PolicyProgress(0)
        with self.database.transaction(reads_only=True) as connection:
            return PolicyProgress(outdated, count_open(read_counts(connection)))

    def count_open(self, policy: Policy) -> tuple[int, int]:
        """Count the open documents, and those of them that need review under a policy."""
        query = (
            sa.select(sa.func.count(), sa.func.sum(sa.case((is_to_review(policy), 1), else_=0)))
            .select_from(predictions)
            .join(documents, documents.c.prediction == predictions.c.id)
            .where(*OPEN)
        )
        with self.database.transaction(reads_only=True) as connection:
            opened, to_review = connection.execute(query).one()
        return int(opened), int(to_review or 0)

    def list_answered(self, model_hash: str) -> tuple[AnsweredDocument, ...]:
        """List the documents that this model classified and people answered, without parts; of the same bytes the last one."""
        query = (
            sa.select(
                documents.c.sha256,
                documents.c.answer,
                predictions.c.label,
                predictions.c.confidence,
                sa.or_(predictions.c.scant, predictions.c.several).label("scant"),
            )
            .join(documents, documents.c.prediction == predictions.c.id)
            .where(predictions.c.model_hash == model_hash, documents.c.answer.is_not(None))
            .where(documents.c.answer != UNREADABLE, documents.c.parent.is_(None))
            .order_by(documents.c.submitted_at, documents.c.id)
        )
        with self.database.transaction(reads_only=True) as connection:
            found = {
                row.sha256: AnsweredDocument(
                    row.sha256,
                    row.label,
                    row.confidence,
                    row.scant,
                    OTHER if row.answer == NONE_OF_THESE else row.answer,
                )
                for row in connection.execute(query)
            }
        return tuple(found.values())

    @repeatable
    def _add(self, wanted: Policy, *, by: str, now: datetime, keep_budget: bool) -> Policy:
        with self.database.transaction() as connection:
            if not self.database.is_sqlite:  # which has one writer at a time anyway
                connection.execute(sa.text("LOCK TABLE policies IN SHARE ROW EXCLUSIVE MODE"))
            row = connection.execute(_NEWEST).one_or_none()
            newest = _policy(row) if row else None
            if newest and (_same(newest, wanted) or (keep_budget and newest.wrong_in)):
                return newest
            settled = replace(wanted, version=newest.version + 1 if newest else 1, since=now)
            connection.execute(
                policies.insert().values(
                    version=settled.version,
                    threshold=settled.threshold,
                    min_tokens=settled.min_tokens,
                    thresholds=dict(settled.thresholds),
                    wrong_in=settled.wrong_in,
                    model_hash=settled.model_hash,
                    by=by,
                    created_at=now,
                )
            )
            subject, facts = f"policy:{settled.version}", {"wrong_in": settled.wrong_in}
            append_entry(connection, AuditAction.POLICY_CHANGED, by=by, at=now, subject=subject, **facts)
        return settled


def is_to_review(policy: Policy) -> sa.ColumnElement[bool]:
    """Whether a prediction needs review under a policy, as `Policy.requires_review` says of one at a time."""
    label, confidence = predictions.c.label, predictions.c.confidence
    every = sa.or_(label.is_(None), confidence.is_(None), label == OTHER, predictions.c.scant, predictions.c.several)
    # Beyond every confidence where none is enough.
    own = [
        (label == name, sa.literal(ALWAYS if threshold is None else threshold, sa.Float))
        for name, threshold in sorted(policy.thresholds.items())
    ]
    others = sa.literal(ALWAYS if policy.wrong_in else policy.threshold, sa.Float)
    return sa.or_(every, confidence < (sa.case(*own, else_=others) if own else others))


ALWAYS = 2.0
_NEWEST = sa.select(policies).order_by(policies.c.version.desc()).limit(1)


def _policy(row: sa.Row[Any]) -> Policy:
    return Policy(
        row.version, row.threshold, row.min_tokens, row.thresholds, row.wrong_in, row.model_hash, row.created_at
    )


def _same(one: Policy, other: Policy) -> bool:
    return replace(one, version=0) == replace(other, version=0)
