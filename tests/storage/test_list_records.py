"""Lists in pages: what is added while somebody pages shifts nothing, and a cursor opens no other list."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.audit import AuditAction
from sake_ray.domain.listing import MAX_TOTAL, Listing, make_cursor
from sake_ray.errors import InputError
from sake_ray.storage.records import DocumentFilter, Records
from sake_ray.storage.records.batches import NEWEST_FIRST as BATCHES
from sake_ray.storage.records.list_order import count_rows
from sake_ray.storage.records.tables import batches
from tests.storage.example_records import NOW, hand_in

List = Callable[..., Listing[Any]]
LISTS: dict[str, Callable[[Records], List]] = {
    "documents": lambda records: partial(records.documents.list, DocumentFilter()),
    "batches": lambda records: partial(records.batches.list, team=None),
    "batches of a reference": lambda records: partial(records.batches.find_by_name, "order 7", team=None),
    "jobs": lambda records: records.jobs.list,
    "accounts": lambda records: records.accounts.list,
    "audit": lambda records: records.audit.list,
    "promotions": lambda records: records.promotions.list,
}
NAMES = {"batches of a reference": "batches"}


def add_to_all(records: Records, number: int) -> None:
    """Add something to every list; documents at few different moments, so that many have the same."""
    hand_in(records, "a", "b", at=NOW + number % 3 * timedelta(microseconds=1))
    records.jobs.add("train", {}, by="ann", now=NOW)
    records.accounts.add(Account(f"é{number * 7 % 10} {number}", Role.USER, "office"), password_hash="", now=NOW)
    records.audit.add(AuditAction.SIGNED_IN, by="ann", at=NOW)
    records.promotions.start(number, before=None, by="ann", why="", now=NOW)


@pytest.mark.parametrize("name", LISTS)
def test_what_is_added_while_somebody_pages_hides_and_repeats_nothing(records: Records, name: str) -> None:
    for number in range(5):
        add_to_all(records, number)
    list_some = LISTS[name](records)
    stays, seen, cursor, number = list_some(limit=1000).items, [], None, 5
    while True:
        page = list_some(after=cursor, limit=3)
        seen += page.items
        if (cursor := page.next_cursor) is None:
            break
        add_to_all(records, number)
        number += 1
    assert [one for one in seen if one in stays] == [*stays]
    assert [one for one in list_some(limit=1000).items if one in seen] == seen


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=8), st.integers(1, 4))
def test_documents_are_paged_whatever_moments_they_share(
    records: Records, handed_in: list[tuple[int, int]], limit: int
) -> None:
    reference = f"{hash(tuple(handed_in))} {limit}"
    wanted, cursor, seen = DocumentFilter(reference=reference), None, []
    for moment, more in handed_in:
        hand_in(records, *map(str, range(more + 1)), reference=reference, at=NOW + moment * timedelta(microseconds=1))
    stays = records.documents.list(wanted, limit=100).items
    for number in count():
        page = records.documents.list(wanted, after=cursor, limit=limit)
        seen += page.items
        if (cursor := page.next_cursor) is None:
            break
        if number < 3:
            hand_in(records, reference=reference, at=NOW + timedelta(microseconds=number))
    assert len(seen) == len({document.id for document in seen})
    assert [one for one in seen if one in stays] == [*stays]


@pytest.mark.parametrize("name", LISTS)
def test_cursor_of_another_list_is_refused(records: Records, name: str) -> None:
    for number in range(2):
        add_to_all(records, number)
    cursors = {NAMES.get(other, other): LISTS[other](records)(limit=1).next_cursor for other in LISTS}
    for other, cursor in cursors.items():
        if other == NAMES.get(name, name):
            assert len(LISTS[name](records)(after=cursor, limit=1).items) == 1
        else:
            with pytest.raises(InputError) as refused:
                LISTS[name](records)(after=cursor, limit=1)
            assert refused.value.message.code == "cursor-invalid"


@pytest.mark.parametrize(
    "key", [("documents", "soon", "b", 1), ("documents", "9999-12-31T23:59:59-23:59", "b", 1), ("documents", "2026")]
)
def test_key_that_no_document_has_is_refused(records: Records, key: tuple[str | int, ...]) -> None:
    with pytest.raises(InputError):
        records.documents.list(DocumentFilter(), after=make_cursor(key), limit=1)


def test_cursor_shows_nothing_of_another_team(records: Records) -> None:
    for number in range(4):
        hand_in(records, team="theirs" if number % 2 else "ours", at=NOW + number * timedelta(seconds=1))
    foreign = records.documents.list(DocumentFilter(team="theirs"), limit=1).next_cursor
    found = records.documents.list(DocumentFilter(team="ours"), after=foreign, limit=9)
    assert [document.team for document in found.items] == ["ours"] * 2
    foreign = records.batches.list(team="theirs", limit=1).next_cursor
    assert [batch.team for batch in records.batches.list(team="ours", after=foreign, limit=9).items] == ["ours"] * 2


def test_counting_goes_no_further_than_the_most(records: Records) -> None:
    numbers = sa.select(sa.literal(1).label("number")).cte("numbers", recursive=True)
    numbers = numbers.union_all(sa.select(numbers.c.number + 1).where(numbers.c.number < 2 * MAX_TOTAL))
    with records.database.transaction(reads_only=True) as connection:
        assert count_rows(connection, sa.select(numbers.c.number)) == MAX_TOTAL + 1
        assert count_rows(connection, sa.select(numbers.c.number).where(numbers.c.number <= 9)) == 9


def test_page_begins_where_an_index_says_and_not_after_counting(records: Records) -> None:
    batch = hand_in(records, at=NOW)
    cursor = make_cursor(("batches", batch.submitted_at.isoformat(), batch.uuid))
    query = BATCHES.begin_after(sa.select(batches).where(batches.c.team == "office"), cursor)
    query = query.order_by(*(column.desc() for column in BATCHES.columns)).limit(1)
    with records.database.transaction(reads_only=True) as connection:
        if not records.database.is_sqlite:
            connection.execute(sa.text("SET LOCAL enable_seqscan = off"))  # which is quicker in so small a table
        statement = str(query.compile(connection.engine, compile_kwargs={"literal_binds": True}))
        explain = "EXPLAIN QUERY PLAN " if records.database.is_sqlite else "EXPLAIN "
        plan = " ".join(map(str, connection.execute(sa.text(explain + statement.replace(":", r"\:"))).all()))
    assert "ix_batches_team_submitted_at" in plan
    assert "submitted_at<?" in plan or "submitted_at <" in plan


def test_account_that_is_left_out_is_not_counted(records: Records) -> None:
    ann, bob = (Account(name, Role.USER, "office") for name in ("ann", "bob"))
    for account in (ann, bob):
        records.accounts.add(replace(account), password_hash="", now=NOW)
    assert records.accounts.list(without="bob", limit=9) == Listing((ann,), None, 1)
