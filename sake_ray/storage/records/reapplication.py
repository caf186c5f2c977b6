"""Apply a policy to documents that were classified under an older one: verdicts stay, the need of a review is decided anew."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.verdicts import Policy
from sake_ray.storage.records.announcements import announce_reviews
from sake_ray.storage.records.attempts import count_change
from sake_ray.storage.records.metadata import UtcDateTime
from sake_ray.storage.records.tables import documents, predictions

OPEN = (documents.c.prediction.is_not(None), documents.c.answer.is_(None))
"""Whether a document is open: classified, not answered. Written as in the partial index, so that both databases use that."""
_VERDICT = tuple(predictions.c[name] for name in ("label", "confidence", "scant", "several"))
_PLACE = (documents.c.policy_version, documents.c.batch, documents.c.position)


@dataclass(frozen=True, slots=True)
class OutdatedDocument:
    """An open document under an older policy: its place among them, and its verdict, which no policy changes.

    Their order is batch by batch, so that the exports of a batch are made once or twice.
    """

    id: str
    policy_version: int
    batch: str
    position: int
    label: str | None = None
    confidence: float | None = None
    scant: bool = False
    several: bool = False


@dataclass(frozen=True, slots=True)
class PolicyProgress:
    """How many documents carry an older policy than the newest, and of how many open ones; None: not counted, as none does."""

    outdated: int
    open: int | None = None


def is_outdated(version: int) -> sa.ColumnElement[bool]:
    """Whether a document carries an older policy than that one."""
    return documents.c.policy_version < version


def select_outdated(version: int, after: OutdatedDocument | None, limit: int) -> sa.Select[Any]:
    """Select the next open documents under an older policy; the index has them in this order, and no others."""
    query = (
        sa.select(documents.c.id, *_PLACE, *_VERDICT)
        .join(predictions, predictions.c.id == documents.c.prediction)
        .where(*OPEN, is_outdated(version))
        .order_by(*_PLACE)
        .limit(limit)
    )
    if after:
        place = sa.tuple_(*map(sa.literal, (after.policy_version, after.batch, after.position)))
        query = query.where(sa.tuple_(*_PLACE) > place)
    return query


def apply_to(connection: sa.Connection, policy: Policy, found: Sequence[OutdatedDocument], now: datetime) -> int:
    """Apply a policy to those of the documents that are still open and outdated; return how many got a new prediction.

    In a few statements that copy within the database: other writers wait meanwhile.
    """
    wanted = documents.c.id.in_([document.id for document in found])
    open_ones = sa.select(documents.c.id, documents.c.awaits_review).where(wanted, *OPEN, is_outdated(policy.version))
    rows = connection.execute(open_ones.order_by(documents.c.id).with_for_update()).all()
    mine = documents.c.id.in_([row.id for row in rows])
    if not all(document.policy_version for document in found):
        _name_policies(connection, mine, policy.version)
    to_review = documents.c.id.in_(
        [
            document.id
            for document in found
            if policy.requires_review(
                document.label, document.confidence, scant=document.scant, several=document.several
            )
        ]
    )
    changed: dict[str, sa.ColumnElement[Any]] = {
        "id": _new_id(connection),
        "policy_version": sa.literal(policy.version),
        "needs_review": to_review,
        "made_at": sa.literal(now, UtcDateTime),
    }
    columns: list[sa.ColumnElement[Any]] = [changed.get(column.name, column) for column in predictions.c]
    copied = (
        sa.select(*columns)
        .join(documents, documents.c.prediction == predictions.c.id)
        .where(mine, is_outdated(policy.version))
    )
    connection.execute(predictions.insert().from_select([column.name for column in predictions.c], copied))
    batches = _point_to_copies(connection, mine, policy.version, to_review)
    announce_reviews(connection, [row.id for row in rows if not row.awaits_review])
    count_change(connection, *batches)
    return len(batches)


def _name_policies(connection: sa.Connection, mine: sa.ColumnElement[bool], version: int) -> None:
    """Have documents from before they named their policy do so where it is not an older one."""
    prediction = sa.select(predictions.c.policy_version).where(predictions.c.id == documents.c.prediction)
    named = prediction.correlate(documents).scalar_subquery()
    connection.execute(documents.update().where(mine, named >= version).values(policy_version=named))


def _point_to_copies(
    connection: sa.Connection, mine: sa.ColumnElement[bool], version: int, to_review: sa.ColumnElement[bool]
) -> Sequence[str]:
    """Have the documents point to the copies; return the batch of each."""
    old, copy = predictions.alias("old"), predictions.alias("copy")
    newest = (
        sa.select(copy.c.id)
        .join(old, (old.c.document == copy.c.document) & (old.c.model_hash == copy.c.model_hash))
        .where(old.c.id == documents.c.prediction, copy.c.policy_version == version)
        .correlate(documents)
        .scalar_subquery()
    )
    # As `after_prediction` says of one document: these are open, and keep their label.
    derived = {"needs_review": to_review, "awaits_review": to_review}
    change = documents.update().where(mine, is_outdated(version))
    change = change.values(prediction=newest, policy_version=version, **derived)
    return connection.execute(change.returning(documents.c.batch)).scalars().all()


def _new_id(connection: sa.Connection) -> sa.ColumnElement[str]:
    """A random id for each row, as `uuid4().hex` makes them."""
    if connection.dialect.name == "postgresql":
        return sa.func.replace(sa.cast(sa.func.gen_random_uuid(), sa.Text), "-", "")
    return sa.func.lower(sa.func.hex(sa.func.randomblob(16)))
