"""Store erasures: what is asked for loses its rows at once, and what is left to do for it is recorded with that."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.audit import AuditAction
from sake_ray.domain.documents import Status
from sake_ray.domain.erasures import (
    SWEPT_AFTER,
    ErasedDocument,
    Erasure,
    ErasureCause,
    ErasurePlace,
    ErasurePlan,
    ErasureStep,
    ErasureTargets,
)
from sake_ray.domain.listing import Listing
from sake_ray.domain.retention import OldDocument
from sake_ray.errors import NOTHING, ErasureOutdated, Message, NotFound
from sake_ray.storage.records.audit import append_entry
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.erasing import OWNED, condemn_uploads, delete_documents, delete_replies
from sake_ray.storage.records.list_order import ListOrder
from sake_ray.storage.records.locks import delete_unlocked, lock_rows
from sake_ray.storage.records.message_columns import to_columns
from sake_ray.storage.records.retention import read_old
from sake_ray.storage.records.tables import batches, documents, erasures, requests

NEWEST_FIRST = ListOrder("erasures", (erasures.c.number,))
TOKEN_LETTERS = 16
COLUMNS = tuple(documents.c[name] for name in ("id", "batch", "team", "sha256", "original"))


class Erasures:
    """The erasures, and what each still has to do."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def plan(self, reference: str, *, team: str | None) -> ErasurePlan:
        """Count what erasing a reference, of one team or all, would remove. Raises NotFound when there is nothing."""
        mine = _of_reference(reference, team)
        with self.database.transaction(reads_only=True) as connection:
            found = connection.execute(sa.select(*COLUMNS).where(mine).order_by(documents.c.id)).all()
            uuids = connection.execute(sa.select(batches.c.uuid).where(*_batches_of(reference, team))).scalars().all()
            if not found and not uuids:
                raise NotFound("reference-not-found", reference=reference)
            counts = {ErasurePlace.DOCUMENTS: len(found), ErasurePlace.BATCHES: len(uuids)}
            for table, place in OWNED.items():
                if place:
                    query = sa.select(sa.func.count()).select_from(
                        table.join(documents, table.c.document == documents.c.id)
                    )
                    counts[place] = int(connection.execute(query.where(mine)).scalar_one())
            counts[ErasurePlace.SHARED] = len(_find_held(connection, {row.sha256 for row in found}, mine))
        teams, digests = tuple(sorted({row.team for row in found})), frozenset(row.sha256 for row in found)
        return ErasurePlan(counts, teams, _make_token([row.id for row in found], uuids), digests)

    @repeatable
    def begin(
        self,
        reference: str,
        *,
        team: str | None,
        token: str | None,
        subject: str,
        by: str,
        now: datetime,
        lease: timedelta = timedelta(),
    ) -> Erasure:
        """Delete all rows of a reference, and record what is left to do; nobody else works at that for as long as the lease.

        Raises NotFound when there is nothing, and ErasureOutdated when a `token` is given and there is something else now than
        when the plan with it was made.
        """
        with self.database.transaction() as connection:
            uuids = connection.execute(sa.select(batches.c.uuid).where(*_batches_of(reference, team))).scalars().all()
            replies = delete_replies(connection, uuids)
            condemned = condemn_uploads(connection, uuids, now)
            # Whoever was adding to these batches has done so by now, or finds its upload condemned.
            mine = documents.c.batch.in_(uuids)
            lock_rows(connection, documents, mine)
            rows = connection.execute(sa.select(*COLUMNS).where(mine).order_by(documents.c.id)).all()
            if not uuids:
                raise NotFound("reference-not-found", reference=reference)
            if token is not None and token != _make_token([row.id for row in rows], uuids):
                raise ErasureOutdated("erasure-outdated")
            targets, counts = delete_documents(connection, rows)
            counts.update({ErasurePlace.REPLIES: replies, ErasurePlace.UPLOADS: condemned})
            asked = Erasure(0, ErasureCause.REFERENCE, subject, team or "", by, now, counts=counts, targets=targets)
            return add_erasure(connection, asked, not_before=now + lease)

    def begin_expired(self, *, before: datetime, limit: int, now: datetime) -> Erasure | None:
        """Delete the rows of some documents that were put into the bin before that moment; None when there are none."""
        expired = (documents.c.status == Status.BINNED.value) & (documents.c.binned_at < before)
        some = sa.select(documents.c.id).where(expired, documents.c.parent.is_(None)).order_by(documents.c.binned_at)
        with self.database.transaction(reads_only=True) as connection:
            roots = list(connection.execute(some.limit(limit)).scalars())
        still = some.where(documents.c.id.in_(roots))
        return self._begin_some(
            roots, lambda connection: set(connection.execute(still).scalars()), ErasureCause.BIN, now
        )

    def begin_due(self, ids: Sequence[str], still: Callable[[OldDocument], bool], *, now: datetime) -> Erasure | None:
        """Delete the rows of these documents and their parts, if that is still due by their age; None when nothing is."""
        return self._begin_some(
            ids,
            lambda connection: {one.id for one in read_old(connection, ids) if still(one)},
            ErasureCause.RETENTION,
            now,
        )

    @repeatable
    def _begin_some(
        self, roots: Sequence[str], select: Callable[[sa.Connection], set[str]], cause: ErasureCause, now: datetime
    ) -> Erasure | None:
        """Delete the rows of those that are still selected when they are locked: somebody may have restored or changed them."""
        if not roots:
            return None
        with self.database.transaction() as connection:
            family = documents.c.id.in_(roots) | documents.c.parent.in_(roots)
            lock_rows(connection, documents, family)
            still = select(connection)
            rows = connection.execute(sa.select(*COLUMNS, documents.c.parent).where(family).order_by(documents.c.id))
            gone = [row for row in rows if (row.parent or row.id) in still]
            if not gone:
                return None
            targets, counts = delete_documents(connection, gone)
            asked = Erasure(0, cause, "", "", "", now, counts=counts, targets=targets)
            return add_erasure(connection, asked, not_before=now)

    @repeatable
    def begin_again(self, targets: ErasureTargets, cause: ErasureCause, *, asked_at: datetime, by: str) -> int:
        """Erase once more what a restored backup brought back; return how many documents had rows again.

        What else these left is erased as for any other erasure.
        """
        with self.database.transaction() as connection:
            delete_replies(connection, targets.batches)
            ids = [document.id for document in targets.documents]
            # The backup may be from a time when they were split into other parts.
            mine = documents.c.id.in_(ids) | documents.c.parent.in_(ids)
            lock_rows(connection, documents, mine)
            rows = connection.execute(sa.select(*COLUMNS).where(mine).order_by(documents.c.id)).all()
            found, counts = delete_documents(connection, rows)
            whole = ErasureTargets(
                tuple({*targets.documents, *found.documents}),
                tuple({*targets.batches, *found.batches}),
                found.index_numbers,
            )
            asked = Erasure(0, cause, "", "", by, asked_at, counts=counts, targets=whole)
            add_erasure(connection, asked, not_before=asked_at)
        return len(rows)

    @repeatable
    def claim(
        self, *, lease: timedelta, now: datetime, number: int | None = None, with_trainings: bool = True
    ) -> Erasure | None:
        """Claim the erasure that has waited longest, or this one, for as long as the lease; None when none has to go on.

        `with_trainings` says whether who claims has the workspace: without, those that have come to it are left to who has.
        """
        others = {ErasureStep.DONE.value} | (set() if with_trainings else {ErasureStep.TRAININGS.value})
        waits = erasures.c.step.not_in(others) & (erasures.c.not_before <= now)
        query = sa.select(erasures).where(waits).order_by(erasures.c.not_before, erasures.c.number).limit(1)
        if number is not None:
            query = query.where(erasures.c.number == number)
        with self.database.transaction(reads_only=True) as connection:
            if connection.execute(query).first() is None:
                return None
        with self.database.transaction() as connection:
            row = connection.execute(query.with_for_update(skip_locked=True)).one_or_none()
            if row is None:
                return None
            change = erasures.update().where(erasures.c.number == row.number)
            connection.execute(change.values(not_before=now + lease))
        return _to_erasure(row)

    @repeatable
    def advance(
        self,
        erasure: Erasure,
        step: ErasureStep | None,
        *,
        found: Mapping[ErasurePlace, int],
        models: Collection[int] = (),
        now: datetime,
        lease: timedelta,
    ) -> Erasure:
        """Record that a step is done, and what it removed; the next is begun at once, the sweep after SWEPT_AFTER.

        Without a step only what was removed is added: by somebody else than who carries the erasure out, and meanwhile.
        """
        mine = erasures.c.number == erasure.number
        with self.database.transaction() as connection:
            # As it is now: two may have removed something of it.
            stored = _to_erasure(connection.execute(sa.select(erasures).where(mine).with_for_update()).one())
            counts = dict(stored.counts)
            for place, count in found.items():
                counts[place] = counts.get(place, 0) + count
            erasure = replace(stored, counts=counts, models=tuple(sorted({*stored.models, *models})))
            change = {} if step is None else {"not_before": now + lease}
            if step is not None:
                erasure = replace(erasure, step=step, error=NOTHING)
            if step is ErasureStep.SWEEP:
                erasure, change = replace(erasure, erased_at=now), {"not_before": erasure.asked_at + SWEPT_AFTER}
            if step is ErasureStep.DONE:
                erasure = replace(erasure, swept_at=now, targets=None)
            connection.execute(erasures.update().where(mine).values(**_to_row(erasure), **change))
        return erasure

    @repeatable
    def postpone(self, erasure: Erasure, why: Message, *, until: datetime) -> Erasure:
        """Record what keeps an erasure from going on, and when it is tried again."""
        change = to_columns(why, "error") | {"not_before": until}
        with self.database.transaction() as connection:
            connection.execute(erasures.update().where(erasures.c.number == erasure.number).values(**change))
        return replace(erasure, error=why)

    @repeatable
    def delete_replies(self, *, before: datetime) -> None:
        """Delete the stored replies from before that moment: they are sealed, and nobody can tell what they say."""
        with self.database.transaction() as connection:
            # Never one in work.
            delete_unlocked(connection, requests, requests.c.created_at < before, requests.c.reply.is_not(None))

    def find_held(self, digests: Collection[str]) -> frozenset[tuple[str, str]]:
        """Find which of these sha256 documents still have, with the team of each."""
        with self.database.transaction(reads_only=True) as connection:
            return _find_held(connection, digests, sa.false())

    def get(self, number: int) -> Erasure:
        """Get an erasure; raises NotFound."""
        with self.database.transaction(reads_only=True) as connection:
            row = connection.execute(sa.select(erasures).where(erasures.c.number == number)).one_or_none()
        if row is None:
            raise NotFound("erasure-not-found", erasure=number)
        return _to_erasure(row)

    def list(self, *, after: str | None = None, limit: int = 100) -> Listing[Erasure]:
        """List the erasures, newest first; raises InputError for a cursor of another list."""
        with self.database.transaction(reads_only=True) as connection:
            page = NEWEST_FIRST.list_rows(connection, sa.select(erasures), after=after, limit=limit)
        return page.map(_to_erasure)

    def list_unfinished(self) -> tuple[Erasure, ...]:
        """List the erasures of which something is left, oldest first."""
        return self._list(erasures.c.erased_at.is_(None))

    def list_unswept(self) -> tuple[Erasure, ...]:
        """List the erasures that still know what they remove, oldest first."""
        return self._list(erasures.c.step != ErasureStep.DONE.value)

    def list_known(self) -> frozenset[tuple[int, datetime]]:
        """List all erasures by number and by the moment when they were asked for."""
        with self.database.transaction(reads_only=True) as connection:
            rows = connection.execute(sa.select(erasures.c.number, erasures.c.asked_at))
            return frozenset((int(row.number), row.asked_at) for row in rows)

    def _list(self, which: sa.ColumnElement[bool]) -> tuple[Erasure, ...]:
        query = sa.select(erasures).where(which).order_by(erasures.c.number)
        with self.database.transaction(reads_only=True) as connection:
            return tuple(map(_to_erasure, connection.execute(query)))


def add_erasure(connection: sa.Connection, asked: Erasure, *, not_before: datetime) -> Erasure:
    """Record an erasure whose rows the caller has deleted in this transaction; call this last in it."""
    insert = erasures.insert().values(**_to_row(asked), not_before=not_before).returning(erasures.c.number)
    erasure = replace(asked, number=int(connection.execute(insert).scalar_one()))
    append_entry(
        connection,
        AuditAction.DOCUMENTS_ERASED,
        by=erasure.by,
        at=erasure.asked_at,
        subject=f"erasure:{erasure.number}",
        cause=erasure.cause.value,
        documents=erasure.counts[ErasurePlace.DOCUMENTS],
    )
    return erasure


def _of_reference(reference: str, team: str | None) -> sa.ColumnElement[bool]:
    mine = documents.c.reference == reference
    return mine if team is None else mine & (documents.c.team == team)


def _batches_of(reference: str, team: str | None) -> list[sa.ColumnElement[bool]]:
    return [batches.c.reference == reference, *([] if team is None else [batches.c.team == team])]


def _find_held(
    connection: sa.Connection, digests: Collection[str], without: sa.ColumnElement[bool]
) -> frozenset[tuple[str, str]]:
    held: set[tuple[str, str]] = set()
    ordered = sorted(digests)
    for start in range(0, len(ordered), 500):
        some = documents.c.sha256.in_(ordered[start : start + 500])
        query = sa.select(documents.c.sha256, documents.c.team).where(some, ~without).distinct()
        held |= {(row.sha256, row.team) for row in connection.execute(query)}
    return frozenset(held)


def _make_token(ids: Sequence[str], uuids: Sequence[str]) -> str:
    """Make what differs when something else would be erased."""
    text = "\n".join([*sorted(ids), *sorted(uuids)])
    return hashlib.sha256(text.encode()).hexdigest()[:TOKEN_LETTERS]


def _to_row(erasure: Erasure) -> dict[str, Any]:
    return {
        "cause": erasure.cause.value,
        "subject": erasure.subject,
        "team": erasure.team,
        "by": erasure.by,
        "asked_at": erasure.asked_at,
        "step": erasure.step.value,
        "targets": asdict(erasure.targets) if erasure.targets else None,
        "counts": {place.value: count for place, count in erasure.counts.items()},
        "models": list(erasure.models),
        "erased_at": erasure.erased_at,
        "swept_at": erasure.swept_at,
        **to_columns(erasure.error, "error"),
    }


def _to_erasure(row: sa.Row[Any]) -> Erasure:
    targets = row.targets and ErasureTargets(
        tuple(ErasedDocument(**one) for one in row.targets["documents"]),
        tuple(row.targets["batches"]),
        tuple(row.targets["index_numbers"]),
    )
    return Erasure(
        row.number,
        ErasureCause(row.cause),
        row.subject,
        row.team,
        row.by,
        row.asked_at,
        ErasureStep(row.step),
        Message.restore(row.error, row.error_code, row.error_params),
        {ErasurePlace(place): int(count) for place, count in row.counts.items()},
        tuple(row.models),
        row.erased_at,
        row.swept_at,
        targets or None,
    )
