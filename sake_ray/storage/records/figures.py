"""Count for the metrics what people verified, what was read lately, jobs and promotions; each by an index or in a small table."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.answers import UNREADABLE
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.drift import Traits
from sake_ray.domain.jobs import JobState
from sake_ray.domain.promotions import DONE
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.tables import answers, audit, documents, jobs, predictions, promotions

ENDED_WITHIN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class VerifiedCount:
    """How many predictions of a label people have verified, and the label that they gave.

    `asked`: these documents needed review. `recent`: how many of them were answered lately. Labels are "" where there is none.
    """

    label: str
    answer: str
    asked: bool
    right: bool
    documents: int
    recent: int = 0


@dataclass(frozen=True, slots=True)
class JobFigures:
    """Jobs of a kind and state: how many (of those that ended, the last seven days'), the end of the newest that ended, the
    start of the first that runs."""

    kind: str
    state: JobState
    number: int
    ended_at: datetime | None
    running_since: datetime | None


@dataclass(frozen=True, slots=True)
class PromotionFigures:
    """How many promotions took effect, are not finished, and came to something else; when the last took effect."""

    done: int
    open: int
    other: int
    newest_at: datetime | None


class Figures:
    """Figures of all records, each quick with a hundred thousand documents."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def count_verified(self, since: datetime, *, recent: datetime) -> tuple[VerifiedCount, ...]:
        """Count the predictions that people have verified since then, and recently, by label, answer, and whether they had to."""
        columns = predictions.c.label, documents.c.final_label, documents.c.needs_review, documents.c.corrected
        query = (
            sa.select(*columns, sa.func.count(), sa.func.sum(sa.case((documents.c.answered_at > recent, 1), else_=0)))
            .join(predictions, predictions.c.id == documents.c.prediction)
            .where(documents.c.answered_at > since, documents.c.corrected.is_not(None))
            .group_by(*columns)
        )
        return tuple(
            VerifiedCount(label or "", answer or "", bool(asked), not corrected, int(count), int(lately))
            for label, answer, asked, corrected, count, lately in self._rows(query)
        )

    def count_unreadable(self, since: datetime) -> int:
        """Count the documents that people have called unreadable since then, and not otherwise again."""
        query = (
            sa.select(sa.func.count(documents.c.id.distinct()))
            .join(answers, answers.c.document == documents.c.id)
            .where(answers.c.at > since, documents.c.answer == UNREADABLE)
        )
        ((count,),) = self._rows(query)
        return int(count)

    def count_awaiting_review(self) -> int:
        """Count the documents that wait for a person."""
        # As in lists: a number, since SQLite has no other.
        ((count,),) = self._rows(sa.select(sa.func.count()).where(documents.c.awaits_review == sa.true()))
        return int(count)

    def list_traits(self, since: datetime, until: datetime, *, limit: int) -> tuple[Traits, ...]:
        """List what is known of the documents classified between two times, the newest first."""
        d, p = documents.c, predictions.c
        query = (
            sa.select(p.label, d.language, d.pages, d.words, d.ocr_confidence, p.confidence)
            .join(predictions, p.id == d.prediction)
            # Without its status, which would have SQLite sort every completed document: only those have a prediction.
            .where(d.ended_at > since, d.ended_at <= until)
            .order_by(d.ended_at.desc())
            .limit(limit)
        )
        return tuple(Traits(*row) for row in self._rows(query))

    def find_last_model(self) -> str | None:
        """Find the hash of the model that made the newest prediction; None before the first."""
        query = sa.select(predictions.c.model_hash).join(documents, documents.c.prediction == predictions.c.id)
        with self.database.transaction(reads_only=True) as connection:
            newest = query.where(documents.c.ended_at.is_not(None)).order_by(documents.c.ended_at.desc()).limit(1)
            found: str | None = connection.execute(newest).scalar_one_or_none()
            return found

    def find_last_backup(self) -> datetime | None:
        """Find when the newest backup was made, or the audit log was begun where there is none; None before both."""
        made = sa.select(audit.c.at).where(audit.c.action == AuditAction.BACKUP_MADE.value)
        newest, first = made.order_by(audit.c.number.desc()), sa.select(audit.c.at).order_by(audit.c.number)
        with self.database.transaction(reads_only=True) as connection:
            found: datetime | None = connection.execute(newest.limit(1)).scalar()
            begun: datetime | None = found or connection.execute(first.limit(1)).scalar()
            return begun

    def measure_jobs(self, now: datetime) -> tuple[JobFigures, ...]:
        """Measure the jobs by kind and state."""
        counts = jobs.c.ended_at.is_(None) | (jobs.c.ended_at > now - ENDED_WITHIN)
        running = sa.case((jobs.c.state == JobState.RUNNING.value, jobs.c.started_at))
        columns = sa.func.sum(sa.case((counts, 1), else_=0)), sa.func.max(jobs.c.ended_at), sa.func.min(running)
        query = sa.select(jobs.c.kind, jobs.c.state, *columns).group_by(jobs.c.kind, jobs.c.state)
        return tuple(
            JobFigures(kind, JobState(state), int(number), ended_at, since)
            for kind, state, number, ended_at, since in self._rows(query)
        )

    def measure_promotions(self) -> PromotionFigures:
        """Measure the promotions."""
        done, is_open = promotions.c.outcome == DONE, promotions.c.outcome.is_(None)
        counts = [sa.func.sum(sa.case((which, 1), else_=0)) for which in (done, is_open)]
        newest = sa.func.max(sa.case((done, promotions.c.at)))
        ((number, first, second, at),) = self._rows(sa.select(sa.func.count(), *counts, newest))
        finished, unfinished = int(first or 0), int(second or 0)
        return PromotionFigures(finished, unfinished, int(number) - finished - unfinished, at)

    def _rows(self, query: Any) -> Sequence[Any]:
        with self.database.transaction(reads_only=True) as connection:
            return connection.execute(query).all()
