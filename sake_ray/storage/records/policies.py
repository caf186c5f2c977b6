"""Store the policies: a prediction names the one it was made under, and a new one is applied to open documents."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from sake_ray.domain.answers import NONE_OF_THESE, UNREADABLE
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import Status
from sake_ray.domain.verdicts import OTHER, Policy
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import batches, documents, policies, predictions


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

    def reapply(self, policy: Policy, *, limit: int, now: datetime) -> int:
        """Apply a policy to some open documents (classified, not answered); return how many there were.

        Nothing is read or classified again: the verdict stays, only whether it needs review is decided anew.
        """
        query = (
            sa.select(predictions, documents.c.batch)
            .join(documents, documents.c.prediction == predictions.c.id)
            .where(*_OPEN, predictions.c.policy_version < policy.version)
            .limit(limit)
        )
        with self.database.transaction() as connection:
            rows = connection.execute(query).all()
            for row in rows:
                self._reapply_one(connection, row, policy, now)
        return len(rows)

    def count_open(self, policy: Policy) -> tuple[int, int]:
        """Count the open documents, and those of them that need review under a policy."""
        query = (
            sa.select(predictions.c.label, predictions.c.confidence, predictions.c.scant)
            .join(documents, documents.c.prediction == predictions.c.id)
            .where(*_OPEN)
        )
        with self.database.transaction(reads_only=True) as connection:
            rows = connection.execute(query).all()
        return len(rows), sum(policy.requires_review(row.label, row.confidence, scant=row.scant) for row in rows)

    def list_answered(self, model_hash: str) -> tuple[AnsweredDocument, ...]:
        """List the documents that this model classified and people answered; of the same bytes the last one."""
        query = (
            sa.select(
                documents.c.sha256,
                documents.c.answer,
                predictions.c.label,
                predictions.c.confidence,
                predictions.c.scant,
            )
            .join(documents, documents.c.prediction == predictions.c.id)
            .where(predictions.c.model_hash == model_hash, documents.c.answer.is_not(None))
            .where(documents.c.answer != UNREADABLE)
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

    def _reapply_one(self, connection: sa.Connection, row: sa.Row[Any], policy: Policy, now: datetime) -> None:
        identity = uuid4().hex
        change = documents.update().where(documents.c.id == row.document, documents.c.prediction == row.id)
        # Somebody may have answered it, or applied this policy, since it was found.
        if not connection.execute(change.where(documents.c.answer.is_(None)).values(prediction=identity)).rowcount:
            return
        columns = {column.name: getattr(row, column.name) for column in predictions.c}
        wants = policy.requires_review(row.label, row.confidence, scant=row.scant)
        connection.execute(
            predictions.insert().values(
                columns | {"id": identity, "policy_version": policy.version, "needs_review": wants, "made_at": now}
            )
        )
        connection.execute(batches.update().where(batches.c.uuid == row.batch).values(changes=batches.c.changes + 1))


_NEWEST = sa.select(policies).order_by(policies.c.version.desc()).limit(1)
_OPEN = (documents.c.status == Status.COMPLETED.value, documents.c.answer.is_(None))


def _policy(row: sa.Row[Any]) -> Policy:
    return Policy(
        row.version, row.threshold, row.min_tokens, row.thresholds, row.wrong_in, row.model_hash, row.created_at
    )


def _same(one: Policy, other: Policy) -> bool:
    return replace(one, version=0) == replace(other, version=0)
