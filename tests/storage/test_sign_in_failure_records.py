"""Two replicas of the service, at once, give a guesser no more tries than one does."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.delays import FORGOTTEN_AFTER
from sake_ray.errors import Overloaded, SakeError, TooManyAttempts
from sake_ray.serve.auth import Authenticator
from sake_ray.serve.passwords import hash_password
from sake_ray.serve.sign_in_limits import ONE_GUESSER, SignInLimits
from sake_ray.storage.records import Records
from sake_ray.storage.records.sign_in_failures import SignInFailures
from sake_ray.storage.records.tables import sign_in_failures
from tests.concurrency import all_at_once
from tests.storage.example_records import NOW, SECOND

KEY, PASSWORD = "0" * 64, "correct horse battery"
GUESSES = 6


def begin_and_fail(limits: SignInLimits, *, name: str = "ann", peer: str = "9.9.9.9", now: datetime = NOW) -> None:
    limits.fail(limits.begin(name, peer, device=None, now=now), now)


def outcome_of(call: Callable[[], object]) -> str:
    try:
        call()
    except SakeError as error:
        return error.code
    return "done"


def test_guesses_at_once_on_two_replicas_are_answered_as_often_as_on_one(records: Records, url: str) -> None:
    """All have begun before any fails, as when a hundred are sent at once."""
    both = [SignInLimits(records, KEY), SignInLimits(Records(url), KEY)]
    begun = [(one, one.begin("ann", "9.9.9.9", device=None, now=NOW)) for one in both for _ in range(GUESSES)]
    with ThreadPoolExecutor(4) as threads:
        outcomes = threads.map(lambda pair: outcome_of(lambda: pair[0].fail(pair[1], NOW)), begun)
        assert Counter(outcomes) == {"done": ONE_GUESSER.free, "too-many-sign-ins": 2 * GUESSES - ONE_GUESSER.free}
    both[1].failures.database.close()


def test_passwords_at_once_at_two_authenticators_are_told_wrong_as_often_as_at_one(records: Records, url: str) -> None:
    records.accounts.add(Account("ann", Role.USER, "paris"), password_hash=hash_password(PASSWORD), now=NOW)
    both = [Authenticator(mine, KEY, clock=lambda: NOW) for mine in (records, Records(url))]

    async def guess(one: Authenticator) -> str:
        try:
            await one.sign_in("ann", "wrong horse battery", peer="9.9.9.9", now=NOW)
        except SakeError as error:
            return error.code
        return "done"

    async def guess_all() -> list[str]:
        return await asyncio.gather(*(guess(one) for one in both for _ in range(GUESSES)))

    assert Counter(asyncio.run(guess_all())) == {
        "wrong-credentials": ONE_GUESSER.free,
        "too-many-sign-ins": 2 * GUESSES - ONE_GUESSER.free,
    }
    with pytest.raises(TooManyAttempts):
        asyncio.run(both[1].sign_in("ann", PASSWORD, peer="9.9.9.9", now=NOW))
    assert asyncio.run(both[1].sign_in("ann", PASSWORD, peer="8.8.8.8", now=NOW))
    both[1].records.database.close()


def test_a_right_password_is_not_told_to_who_must_wait_by_then(records: Records) -> None:
    limits = SignInLimits(records, KEY)
    right = limits.begin("ann", "9.9.9.9", device=None, now=NOW)
    for _ in range(ONE_GUESSER.free):
        begin_and_fail(limits)
    with pytest.raises(TooManyAttempts):
        limits.succeed(right, NOW)
    limits.succeed(right, NOW + timedelta(seconds=ONE_GUESSER.first))


def test_failures_of_many_at_once_are_all_counted(records: Records, url: str) -> None:
    def fail(mine: Records, number: int) -> None:
        begin_and_fail(SignInLimits(mine, KEY), name=f"name{number}")

    all_at_once(url, [lambda mine, number=number: fail(mine, number) for number in range(8)])  # type: ignore[misc]
    with records.database.transaction(reads_only=True) as connection:
        by_peer = sa.select(sign_in_failures.c.failures).where(sign_in_failures.c.rule == "peer")
        assert connection.execute(by_peer).scalars().all() == [8]


def test_success_forgets_the_failures_of_its_own_only(records: Records) -> None:
    limits = SignInLimits(records, KEY)
    begin_and_fail(limits)
    assert records.sign_in_failures.count() == 3
    limits.succeed(limits.begin("ann", "9.9.9.9", device=None, now=NOW), NOW)
    assert records.sign_in_failures.count() == 2


def test_signing_in_without_a_failure_writes_no_count(records: Records) -> None:
    statements: list[str] = []

    def note(_: object, __: object, statement: str, *___: object) -> None:
        statements.append(statement)

    limits = SignInLimits(records, KEY)
    limits.succeed(limits.begin("bob", "9.9.9.9", device=None, now=NOW), NOW)  # connects
    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        limits.succeed(limits.begin("ann", "9.9.9.9", device=None, now=NOW), NOW)
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert [one.split()[0] for one in statements if not one.startswith("BEGIN")] == ["SELECT", "SELECT"]


def test_names_and_addresses_are_not_in_the_rows(records: Records) -> None:
    begin_and_fail(SignInLimits(records, KEY), name="durand", peer="203.0.113.77")
    with records.database.transaction(reads_only=True) as connection:
        rows = str(connection.execute(sa.select(sign_in_failures)).all())
    assert "durand" not in rows
    assert "203.0.113" not in rows


def test_what_is_counted_is_bounded_and_the_newest_stay(records: Records) -> None:
    limits = SignInLimits(records, KEY)
    limits.failures = SignInFailures(records.database, capacity=10)
    for number in range(40):
        begin_and_fail(limits, name=f"name{number}", peer=f"9.9.9.{number}", now=NOW + number * SECOND)
    assert records.sign_in_failures.count() == 30, "ten of each rule"
    for _ in range(ONE_GUESSER.free - 1):
        begin_and_fail(limits, name="name39", peer="9.9.9.39", now=NOW + 40 * SECOND)
    with pytest.raises(TooManyAttempts):
        limits.begin("name39", "9.9.9.39", device=None, now=NOW + 41 * SECOND)


def test_old_failures_are_deleted(records: Records) -> None:
    limits = SignInLimits(records, KEY)
    for number in range(5):
        begin_and_fail(limits, name=f"name{number}", peer=f"9.9.9.{number}")
    begin_and_fail(limits, name="late", peer="8.8.8.8", now=NOW + FORGOTTEN_AFTER)
    assert records.sign_in_failures.count() == 3


def test_a_flood_that_finds_no_place_counts_for_nobody(records: Records) -> None:
    records.accounts.add(Account("ann", Role.USER, "paris"), password_hash=hash_password(PASSWORD), now=NOW)
    authenticator = Authenticator(records, KEY)
    authenticator.threads._max_waiting = 0
    with pytest.raises(Overloaded):
        asyncio.run(authenticator.sign_in("ann", "wrong horse battery", peer="9.9.9.9", now=NOW))
    assert records.sign_in_failures.count() == 0
