"""A session goes on until it is ended, expires, or its account changes."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from sake_ray.domain.accounts import Account, Role
from sake_ray.storage.records import Records
from sake_ray.storage.records.sessions import IDLE, SEEN_EVERY
from sake_ray.storage.records.tables import sessions
from tests.storage.example_records import NOW, SECOND

DAY = timedelta(hours=12)


@pytest.fixture
def ann(records: Records) -> Account:
    account = Account("ann", Role.USER, "office")
    records.accounts.add(account, password_hash="hash", now=NOW)
    return account


def begin(records: Records, account: Account, id: str = "secret") -> None:
    records.sessions.add(id, account, peer="9.9.9.9", now=NOW, expires_at=NOW + DAY)


def test_a_session_is_that_of_its_account_as_it_is_now(records: Records, ann: Account) -> None:
    begin(records, ann)
    assert records.sessions.find_account("secret", now=NOW) == ann
    assert records.sessions.find_account("another", now=NOW) is None


def test_an_ended_session_is_none_and_others_go_on(records: Records, ann: Account) -> None:
    begin(records, ann)
    begin(records, ann, "other")
    records.sessions.end("secret", now=NOW)
    assert records.sessions.find_account("secret", now=NOW) is None
    assert records.sessions.find_account("other", now=NOW) == ann


def test_all_sessions_of_an_account_end_and_those_of_others_go_on(records: Records, ann: Account) -> None:
    bob = replace(ann, name="bob")
    records.accounts.add(bob, password_hash="hash", now=NOW)
    begin(records, ann)
    begin(records, bob, "bob's")
    records.sessions.end_all("ann", now=NOW)
    begin(records, ann, "just beginning")  # its password was checked before
    for id in ("secret", "just beginning"):
        assert records.sessions.find_account(id, now=NOW) is None
    assert records.sessions.find_account("bob's", now=NOW) == bob


def test_a_new_password_and_being_disabled_end_sessions(records: Records, ann: Account) -> None:
    begin(records, ann)
    changed = records.accounts.set_password("ann", "new hash")
    assert records.sessions.find_account("secret", now=NOW) is None
    begin(records, changed, "new")
    records.accounts.set_disabled("ann", disabled=True)
    assert records.sessions.find_account("new", now=NOW) is None
    records.accounts.set_disabled("ann", disabled=False)
    assert records.sessions.find_account("new", now=NOW) is None


def test_a_session_ends_after_its_day_and_after_hours_without_use(records: Records, ann: Account) -> None:
    begin(records, ann)
    assert records.sessions.find_account("secret", now=NOW + IDLE) is None
    now = NOW
    while now + IDLE - SECOND < NOW + DAY:  # somebody works all day
        now += IDLE - SECOND
        assert records.sessions.find_account("secret", now=now) == ann
    assert records.sessions.find_account("secret", now=NOW + DAY) is None


def test_it_is_recorded_coarsely_when_a_session_was_seen(records: Records, ann: Account) -> None:
    begin(records, ann)
    for later in (SEEN_EVERY - SECOND, SEEN_EVERY, SEEN_EVERY + SECOND):
        records.sessions.find_account("secret", now=NOW + later)
    with records.database.transaction() as connection:
        assert connection.execute(sa.select(sessions.c.seen_at)).scalar_one() == NOW + SEEN_EVERY


def test_expired_sessions_are_deleted_and_no_id_is_stored(records: Records, ann: Account) -> None:
    begin(records, ann)
    records.sessions.add("next", ann, peer="", now=NOW + DAY, expires_at=NOW + 2 * DAY)
    assert records.sessions.count() == 1
    with records.database.transaction() as connection:
        assert "next" not in str(connection.execute(sa.select(sessions)).all())
