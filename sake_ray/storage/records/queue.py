"""Queue the documents: hand them out, one attempt at a time, and record the results."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from sake_ray.domain.documents import Claim, ReadingSummary, Status
from sake_ray.domain.verdicts import Prediction
from sake_ray.errors import LeaseLost, Message
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.document_query import fetch_documents
from sake_ray.storage.records.message_columns import to_columns, to_storable
from sake_ray.storage.records.search import Terms, index_document
from sake_ray.storage.records.tables import attempts, batches, documents, predictions

COMPLETED, FAILED, REQUEUED, LOST = "completed", "failed", "put back", "lost"
"""The outcomes of an attempt; lost: its lease expired, because the worker was killed."""


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """How much work is queued: documents by status (COMPLETED ones also by label), and since when the oldest waits."""

    documents: tuple[tuple[Status, str, int], ...]
    waiting: int
    oldest: datetime | None


class Queue:
    """The documents that have not ended, oldest first.

    A claim has a lease and the number of its attempt. A document whose lease has expired can be claimed again. A write under
    an older number is refused, however late it comes.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    def claim(self, worker: str, *, limit: int, lease: timedelta, now: datetime) -> tuple[Claim, ...]:
        """Claim up to `limit` documents that wait, or whose lease has expired."""
        oldest = (
            sa.select(documents.c.id, documents.c.attempt)
            .where(*_claimable(now))
            .order_by(documents.c.submitted_at, documents.c.batch, documents.c.position)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self.database.transaction() as connection:
            rows = connection.execute(oldest).all()
            for row in rows:
                _end_attempt(connection, row.id, row.attempt, LOST, now)
                connection.execute(
                    documents.update()
                    .where(documents.c.id == row.id)
                    .values(
                        status=Status.IN_PROGRESS.value,
                        attempt=row.attempt + 1,
                        worker=worker,
                        lease_until=now + lease,
                        pages_done=0,
                    )
                )
                connection.execute(
                    attempts.insert().values(
                        document=row.id, attempt=row.attempt + 1, worker=worker, started_at=now, remark=""
                    )
                )
            claimed = fetch_documents(connection, [row.id for row in rows])
        return tuple(Claim(document, row.attempt + 1) for document, row in zip(claimed, rows, strict=True))

    def has_claimable(self, now: datetime) -> bool:
        """Return whether a claim would find something, without locking anything."""
        query = sa.select(documents.c.id).where(*_claimable(now)).limit(1)
        with self.database.transaction(reads_only=True) as connection:
            return connection.execute(query).first() is not None

    def renew(self, claims: Sequence[Claim], *, lease: timedelta, now: datetime) -> frozenset[str]:
        """Renew the leases; return the documents that are still held."""
        held = set()
        with self.database.transaction() as connection:
            for claim in claims:
                if connection.execute(_held(claim).values(lease_until=now + lease)).rowcount:
                    held.add(claim.document.id)
        return frozenset(held)

    def record_progress(self, claim: Claim, *, done: int, pages: int) -> None:
        """Record how many pages have been read; raises LeaseLost."""
        self._write(claim, None, {"pages": pages, "pages_done": done})

    def complete(
        self,
        claim: Claim,
        reading: ReadingSummary,
        prediction: Prediction,
        *,
        terms: Terms | None = None,
        now: datetime,
    ) -> None:
        """Complete a document with its reading and prediction. Raises LeaseLost, and records nothing then.

        `terms` go into the search index; without them the document is indexed later.
        """
        verdict = prediction.verdict
        identity = uuid4().hex
        change = {
            "status": Status.COMPLETED.value,
            "pages": reading.pages,
            "pages_done": reading.pages,
            **to_columns(verdict.remark, "error"),
            "ended_at": now,
            "lease_until": None,
            "language": reading.language,
            "ocr_confidence": reading.ocr_confidence,
            "recipe": asdict(reading.recipe),
            "prediction": identity,
        }
        with self.database.transaction() as connection:
            self._change(connection, claim, change)
            connection.execute(
                predictions.insert().values(
                    id=identity,
                    document=claim.document.id,
                    attempt=claim.attempt,
                    label=verdict.label,
                    confidence=verdict.confidence,
                    probabilities=dict(verdict.probabilities),
                    margin=verdict.margin,
                    needs_review=verdict.needs_review,
                    scant=verdict.scant,
                    remark=str(verdict.remark),
                    model_version=prediction.model_version,
                    model_hash=prediction.model_hash,
                    policy_version=prediction.policy_version,
                    made_at=now,
                )
            )
            if terms is not None:
                index_document(connection, claim.document.id, terms)
            _end_attempt(connection, claim.document.id, claim.attempt, COMPLETED, now)
            _count_change(connection, claim)

    def fail(self, claim: Claim, error: Message, *, now: datetime) -> None:
        """Fail a document that is itself at fault; no further attempt is made. Raises LeaseLost."""
        change = {"status": Status.FAILED.value, **to_columns(error, "error"), "ended_at": now, "lease_until": None}
        self._write(claim, (FAILED, to_storable(error), now), change, ended=True)

    def requeue(self, claim: Claim, why: str, *, not_before: datetime, now: datetime) -> None:
        """Let another attempt be made, because this one failed through no fault of the document. Raises LeaseLost."""
        change = {"status": Status.PENDING.value, "not_before": not_before, "lease_until": None, "pages_done": 0}
        self._write(claim, (REQUEUED, why, now), change)

    def expire_leases(self, now: datetime) -> None:
        """Expire all leases, at a start when nobody else can be working on these records."""
        with self.database.transaction() as connection:
            connection.execute(
                documents.update()
                .where(documents.c.status == Status.IN_PROGRESS.value)
                .values(lease_until=now - timedelta(seconds=1))
            )

    def measure_depth(self) -> QueueDepth:
        """Count the documents, for the gauges."""
        label = sa.func.coalesce(predictions.c.label, "")
        by_status = (
            sa.select(documents.c.status, label, sa.func.count())
            .join(predictions, predictions.c.id == documents.c.prediction, isouter=True)
            .group_by(documents.c.status, label)
        )
        waiting = documents.c.status.in_([Status.PENDING.value, Status.IN_PROGRESS.value])
        oldest = sa.select(sa.func.count(), sa.func.min(documents.c.submitted_at)).where(waiting)
        with self.database.transaction(reads_only=True) as connection:
            counted = tuple((Status(status), name, count) for status, name, count in connection.execute(by_status))
            count, since = connection.execute(oldest).one()
        return QueueDepth(counted, int(count), since)

    def list_attempts(self, document: str) -> tuple[tuple[int, str | None], ...]:
        """List the attempts at a document, in order: number and outcome (None: still running)."""
        query = sa.select(attempts.c.attempt, attempts.c.outcome).where(attempts.c.document == document)
        with self.database.transaction(reads_only=True) as connection:
            return tuple((row.attempt, row.outcome) for row in connection.execute(query.order_by(attempts.c.attempt)))

    def _write(
        self,
        claim: Claim,
        end: tuple[str, str, datetime] | None,
        change: dict[str, Any],
        *,
        ended: bool = False,
    ) -> None:
        with self.database.transaction() as connection:
            self._change(connection, claim, change)
            if end:
                outcome, remark, now = end
                _end_attempt(connection, claim.document.id, claim.attempt, outcome, now, remark)
            if ended:
                _count_change(connection, claim)

    def _change(self, connection: sa.Connection, claim: Claim, change: dict[str, Any]) -> None:
        if connection.execute(_held(claim).values(**change)).rowcount == 0:
            raise LeaseLost("document-lease-lost", document=claim.document.id, attempt=claim.attempt)


def _claimable(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    """Whether a document may be claimed: it waits or its lease has expired, and it need not wait before its next attempt."""
    expired = (documents.c.status == Status.IN_PROGRESS.value) & (documents.c.lease_until < now)
    return sa.or_(documents.c.status == Status.PENDING.value, expired), documents.c.not_before <= now


def _held(claim: Claim) -> sa.Update:
    """The update that finds nothing once another attempt has started, or this one has ended."""
    return documents.update().where(
        documents.c.id == claim.document.id,
        documents.c.attempt == claim.attempt,
        documents.c.status == Status.IN_PROGRESS.value,
    )


def _end_attempt(
    connection: sa.Connection, document: str, attempt: int, outcome: str, now: datetime, remark: str = ""
) -> None:
    connection.execute(
        attempts.update()
        .where(attempts.c.document == document, attempts.c.attempt == attempt, attempts.c.outcome.is_(None))
        .values(outcome=outcome, remark=remark, ended_at=now)
    )


def _count_change(connection: sa.Connection, claim: Claim) -> None:
    connection.execute(
        batches.update().where(batches.c.uuid == claim.document.batch).values(changes=batches.c.changes + 1)
    )
