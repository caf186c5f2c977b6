"""Read the records as a ledger, to be held against the store, the index and the registry."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.texts import Recipe
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.derived_columns import EXPECTED, list_differing
from sake_ray.storage.records.tables import batches, documents, predictions, requests, searchable


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """What the records say of a document: its bytes, where it stands, its prediction, and its number in the index.

    Of a part of a file, `page_range` are its pages.
    `differing` are the columns that do not repeat what its batch, prediction and answer say.
    """

    id: str
    batch: str
    status: str
    claimable: bool
    original: str
    sha256: str
    pages: int
    language: str
    recipe: Recipe | None
    classified: bool
    names_prediction: bool
    model_hash: str | None
    index_number: int | None
    differing: tuple[str, ...] = ()
    page_range: PageRange | None = None


@dataclass(frozen=True, slots=True)
class BatchEntry:
    """A batch: how many documents were accepted into it, how many it has, what their last position says, how many were erased."""

    uuid: str
    accepted: int
    documents: int
    positions: int
    erased: int = 0


@dataclass(frozen=True, slots=True)
class RequestEntry:
    """An upload under an Idempotency-Key (here its hash): how many documents it was told were accepted, and into which batch."""

    account: str
    key: str
    batch: str
    accepted: int


class Ledger:
    """The entries of the ledger, each kind in the order of its key."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def count_documents(self) -> int:
        """Count all documents."""
        with self.database.transaction(reads_only=True) as connection:
            return int(connection.execute(sa.select(sa.func.count()).select_from(documents)).scalar_one())

    def list_documents(
        self, *, after: str = "", ids: Collection[str] | None = None, limit: int = 200
    ) -> tuple[DocumentEntry, ...]:
        """List documents by id, from the first one after that on; or those with these ids."""
        following = sa.select(documents.c.id).where(documents.c.id > after).order_by(documents.c.id).limit(limit)
        query = (
            sa.select(
                documents,
                predictions.c.id.label("prediction_id"),
                predictions.c.model_hash,
                searchable.c.number.label("index_number"),
                *list_differing(EXPECTED),
            )
            .join(batches, batches.c.uuid == documents.c.batch)
            .join(predictions, predictions.c.id == documents.c.prediction, isouter=True)
            .join(searchable, searchable.c.document == documents.c.id, isouter=True)
            .order_by(documents.c.id)
            .limit(limit)
        )
        with self.database.transaction(reads_only=True) as connection:
            # First which ones: PostgreSQL would rather join whole tables than the few rows that a limit leaves.
            wanted = ids if ids is not None else connection.execute(following).scalars().all()
            return tuple(map(_to_entry, connection.execute(query.where(documents.c.id.in_(wanted)))))

    def list_originals(self, ids: Collection[str]) -> dict[str, str]:
        """List the key of the original of each of these documents that there is."""
        query = sa.select(documents.c.id, documents.c.original).where(documents.c.id.in_(ids))
        with self.database.transaction(reads_only=True) as connection:
            return {row.id: row.original for row in connection.execute(query)}

    def list_batches(
        self, *, after: str = "", uuids: Collection[str] | None = None, limit: int = 200
    ) -> tuple[BatchEntry, ...]:
        """List batches by uuid, from the first one after that on; or those with these uuids."""
        where = batches.c.uuid > after if uuids is None else batches.c.uuid.in_(uuids)
        some = (
            sa.select(batches.c.uuid, batches.c.accepted, batches.c.erased)
            .where(where)
            .order_by(batches.c.uuid)
            .limit(limit)
            .subquery()
        )
        query = (
            sa.select(
                some.c.uuid,
                some.c.accepted,
                sa.func.count(documents.c.id),
                sa.func.max(documents.c.position),
                some.c.erased,
            )
            .join(documents, documents.c.batch == some.c.uuid, isouter=True)
            .group_by(some.c.uuid, some.c.accepted, some.c.erased)
            .order_by(some.c.uuid)
        )
        with self.database.transaction(reads_only=True) as connection:
            return tuple(
                BatchEntry(uuid, accepted, count, 0 if last is None else last + 1, erased)
                for uuid, accepted, count, last, erased in connection.execute(query)
            )

    def list_requests(self, *, after: tuple[str, str] = ("", ""), limit: int = 200) -> tuple[RequestEntry, ...]:
        """List answered uploads by account and key, from the first one after these on."""
        columns = requests.c.account, requests.c.key
        query = (
            sa.select(*columns, requests.c.batch, requests.c.accepted)
            .where(requests.c.batch.is_not(None), sa.tuple_(*columns) > sa.tuple_(*map(sa.literal, after)))
            .order_by(*columns)
            .limit(limit)
        )
        with self.database.transaction(reads_only=True) as connection:
            return tuple(RequestEntry(*row) for row in connection.execute(query))


def _to_entry(row: sa.Row[Any]) -> DocumentEntry:
    try:
        recipe = Recipe(**row.recipe) if row.recipe else None
    except TypeError:
        recipe = None
    return DocumentEntry(
        id=row.id,
        batch=row.batch,
        status=row.status,
        claimable=row.lease_until is not None,
        original=row.original,
        sha256=row.sha256,
        pages=row.pages or 0,
        language=row.language or "unknown",
        recipe=recipe,
        classified=row.prediction_id is not None,
        names_prediction=row.prediction is not None,
        model_hash=row.model_hash,
        index_number=row.index_number,
        differing=tuple(name for name in EXPECTED if getattr(row, f"differs_{name}")),
        page_range=PageRange(row.first_page, row.last_page) if row.first_page else None,
    )
