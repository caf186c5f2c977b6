"""Queue the documents: hand them out, one attempt at a time, and record the results."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import Claim, ReadingSummary, Status
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.retries import Cause
from sake_ray.domain.verdicts import Prediction
from sake_ray.errors import LeaseLost, Message
from sake_ray.storage.records.announcements import announce_reviews
from sake_ray.storage.records.attempts import (
    count_change,
    end_attempt,
    end_lost,
    find_attempts,
    find_next_pause,
    to_claim,
    wait,
)
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.counts import count_by_status, read_counts
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.derived_columns import after_prediction
from sake_ray.storage.records.document_query import fetch_documents
from sake_ray.storage.records.locks import lock_rows
from sake_ray.storage.records.message_columns import to_columns, to_list, to_storable
from sake_ray.storage.records.queue_conditions import find_oldest, is_expired, select_claimable, update_held
from sake_ray.storage.records.search_index import Terms, index_document
from sake_ray.storage.records.splits import record_split, split_at_once
from sake_ray.storage.records.tables import attempts, documents, predictions

COMPLETED, FAILED = "completed", "failed"
"""The outcomes of an attempt that ends its document; the others are the causes for which another one is made."""
CHUNK_SIZE = 200


@dataclass(frozen=True, slots=True)
class QueueDepth:
    """How much work is queued: documents by status and final label, how many wait or are in work, since when the oldest does."""

    documents: tuple[tuple[Status, str, int], ...]
    waiting: int
    oldest: datetime | None


def ignore_lost(leases: int) -> None:
    """Drop it; the default of `claim`."""


class Queue:
    """The documents that have not ended, oldest first.

    A claim has a lease and the number of its attempt. A document whose lease has expired can be claimed again. A write under
    an older number is refused, however late it comes.
    """

    def __init__(self, database: Database) -> None:
        self.database = database

    @repeatable
    def claim(
        self,
        worker: str,
        *,
        limit: int,
        lease: timedelta,
        now: datetime,
        takes_lost: bool = True,
        on_lost: Callable[[int], None] = ignore_lost,
    ) -> tuple[Claim, ...]:
        """Claim up to `limit` documents that wait, or whose lease has expired, if that has not happened too often.

        Without `takes_lost` only those that wait: who does not trust the clock lets others renew their leases first.
        `on_lost` is told how many leases were found expired.
        """
        with self.database.transaction() as connection:
            found = connection.execute(
                select_claimable(now, takes_lost=takes_lost).limit(limit).with_for_update(skip_locked=True)
            ).all()
            lost = {row.id: end_lost(connection, row, now) for row in found if row.status == Status.IN_PROGRESS.value}
            rows = [row for row in found if lost.get(row.id, Status.IN_PROGRESS) is Status.IN_PROGRESS]
            for row in rows:
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
            before = find_attempts(connection, [(row.id, row.attempt) for row in rows if row.attempt])
            count_change(connection, *(row.batch for row in found if lost.get(row.id) is Status.NEEDS_OPS))
        if lost:
            on_lost(len(lost))
        return tuple(
            to_claim(document, row, before.get(row.id), now) for document, row in zip(claimed, rows, strict=True)
        )

    def has_claimable(self, now: datetime, *, takes_lost: bool = True) -> bool:
        """Return whether a claim would find something, without locking anything."""
        # One after the other: no index finds both, and hardly any are in work.
        with self.database.transaction(reads_only=True) as connection:
            return any(
                connection.execute(sa.select(documents.c.id).where(one, documents.c.not_before <= now).limit(1)).first()
                for one in (documents.c.status == Status.PENDING.value, *((is_expired(now),) if takes_lost else ()))
            )

    @repeatable
    def renew(self, claims: Sequence[Claim], *, lease: timedelta, now: datetime) -> frozenset[str]:
        """Renew the leases; return the documents that are still held."""
        held = set()
        with self.database.transaction() as connection:
            for claim in sorted(claims, key=lambda claim: claim.document.id):
                if connection.execute(update_held(claim).values(lease_until=now + lease)).rowcount:
                    held.add(claim.document.id)
        return frozenset(held)

    @repeatable
    def record_progress(self, claim: Claim, *, done: int, pages: int) -> None:
        """Record how many pages have been read; raises LeaseLost."""
        with self.database.transaction() as connection:
            self._change(connection, claim, {"pages": pages, "pages_done": done})

    @repeatable
    def complete(
        self,
        claim: Claim,
        reading: ReadingSummary,
        prediction: Prediction,
        *,
        terms: Terms | None = None,
        ranges: Sequence[PageRange] = (),
        now: datetime,
    ) -> None:
        """Complete a document with its reading and prediction. Raises LeaseLost, and records nothing then.

        `terms` go into the search index; without them the document is indexed later. With `ranges` it is split into these
        pages at once.
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
            "words": reading.words,
            "ocr_confidence": reading.ocr_confidence,
            "recipe": asdict(reading.recipe),
            "notes": to_list(reading.notes),
            "prediction": identity,
            "policy_version": prediction.policy_version,
            **after_prediction(verdict.label, needs_review=verdict.needs_review),
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
                    several=verdict.several,
                    parts=[part.to_json() for part in verdict.parts] or None,
                    remark=str(verdict.remark),
                    model_version=prediction.model_version,
                    model_hash=prediction.model_hash,
                    policy_version=prediction.policy_version,
                    made_at=now,
                )
            )
            if terms is not None:
                index_document(connection, claim.document.id, terms)
            end_attempt(connection, claim.document.id, claim.attempt, COMPLETED, now)
            if ranges:
                split_at_once(connection, claim.document, ranges, now)
            if verdict.needs_review:
                announce_reviews(connection, [claim.document.id])
            count_change(connection, claim.document.batch)
            if ranges:
                record_split(connection, claim.document.id, ranges, by="", now=now)

    @repeatable
    def fail(self, claim: Claim, error: Message, *, now: datetime) -> None:
        """Fail a document that is itself at fault; no further attempt is made. Raises LeaseLost."""
        change = {"status": Status.FAILED.value, **to_columns(error, "error"), "ended_at": now, "lease_until": None}
        with self.database.transaction() as connection:
            self._change(connection, claim, change)
            end_attempt(connection, claim.document.id, claim.attempt, FAILED, now, to_storable(error))
            count_change(connection, claim.document.batch)

    @repeatable
    def requeue(self, claim: Claim, cause: Cause, error: Message, *, detail: str = "", now: datetime) -> Status:
        """Let another attempt be made, because this one failed through no fault of the document, or leave it to ops when
        there were enough; return its status. Raises LeaseLost.

        `error` is shown with the document until an attempt succeeds; `detail` is for ops.
        """
        with self.database.transaction() as connection:
            self._change(connection, claim, {"lease_until": None, "pages_done": 0, **to_columns(error, "error")})
            remark = to_storable(detail or error)
            end_attempt(connection, claim.document.id, claim.attempt, cause.value, now, remark)
            columns = [documents.c[name] for name in ("id", "batch", "attempts_forgiven")]
            row = connection.execute(sa.select(*columns).where(documents.c.id == claim.document.id)).one()
            pause = find_next_pause(connection, row, cause, now)
            status = wait(connection, row.id, None if pause is None else now + pause)
            if status is Status.NEEDS_OPS:
                count_change(connection, row.batch)
        return status

    def retry(self, ids: Sequence[str] | None = None, *, by: str = "", now: datetime) -> int:
        """Let attempts be made again at documents that were left to ops (None: at all of them); return how many.

        Others stay as they are, so that asking twice is asking once.
        """
        count, after = 0, ""
        while True:
            changed, last = self._retry_next(ids, after, by, now)
            if not last:
                return count
            count, after = count + changed, last

    @repeatable
    def expire_leases(self, now: datetime) -> None:
        """Expire all leases, at a start when nobody else can be working on these records."""
        in_progress = documents.c.status == Status.IN_PROGRESS.value
        with self.database.transaction() as connection:
            lock_rows(connection, documents, in_progress)
            connection.execute(documents.update().where(in_progress).values(lease_until=now - timedelta(seconds=1)))

    def measure_depth(self) -> QueueDepth:
        """Count the documents, for the gauges."""
        with self.database.transaction(reads_only=True) as connection:
            counts = read_counts(connection)
            since = find_oldest(connection)
        by_label: Counter[tuple[Status, str]] = Counter()
        for one in counts:
            by_label[one.status, one.label] += one.documents
        by_status = count_by_status(counts)
        waiting = by_status[Status.PENDING] + by_status[Status.IN_PROGRESS]
        return QueueDepth(tuple((*key, count) for key, count in sorted(by_label.items())), waiting, since)

    def list_attempts(self, document: str) -> tuple[tuple[int, str | None], ...]:
        """List the attempts at a document, in order: number and outcome (None: still running)."""
        query = sa.select(attempts.c.attempt, attempts.c.outcome).where(attempts.c.document == document)
        with self.database.transaction(reads_only=True) as connection:
            return tuple((row.attempt, row.outcome) for row in connection.execute(query.order_by(attempts.c.attempt)))

    @repeatable
    def _retry_next(self, ids: Sequence[str] | None, after: str, by: str, now: datetime) -> tuple[int, str]:
        """Retry the next few of `retry`; return how many, and the id to continue after, nothing at the end."""
        left = documents.c.status == Status.NEEDS_OPS.value
        query = sa.select(documents.c.id).where(left, documents.c.id > after).order_by(documents.c.id)
        if ids is not None:
            query = query.where(documents.c.id.in_(ids))
        again = {"status": Status.PENDING.value, "not_before": now, "attempts_forgiven": documents.c.attempt}
        subject = f"document:{ids[0]}" if ids is not None and len(ids) == 1 else ""
        with self.database.transaction() as connection:
            found = list(connection.execute(query.limit(CHUNK_SIZE).with_for_update()).scalars())
            change = documents.update().where(documents.c.id.in_(found), left).values(**again)
            changed = list(connection.execute(change.returning(documents.c.batch)).scalars())
            count_change(connection, *changed)
            if changed:
                many = len(changed)
                append_entry(connection, AuditAction.DOCUMENTS_RETRIED, by=by, at=now, subject=subject, documents=many)
        return len(changed), found[-1] if found else ""

    def _change(self, connection: sa.Connection, claim: Claim, change: dict[str, Any]) -> None:
        if connection.execute(update_held(claim).values(**change)).rowcount == 0:
            raise LeaseLost("document-lease-lost", document=claim.document.id, attempt=claim.attempt)
