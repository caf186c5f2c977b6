"""A code counts once, however many send it at once."""

import pytest

from sake_ray.domain.accounts import Account, Role
from sake_ray.errors import InputError, NotFound
from sake_ray.storage.records import Records
from tests.concurrency import all_at_once
from tests.storage.example_records import NOW


@pytest.fixture
def ann(records: Records) -> str:
    """An account with a second factor and two recovery codes."""
    records.accounts.add(Account("ann", Role.ADMIN, "paris"), password_hash="a hash", now=NOW)
    records.second_factors.begin("ann", "sealed")
    records.second_factors.confirm("ann", "sealed", step=7, recovery_codes=["one", "two"], by="ann", now=NOW)
    return "ann"


def test_code_that_many_send_at_once_counts_once(records: Records, ann: str, url: str) -> None:
    used = all_at_once(url, [lambda mine: mine.second_factors.use_step(ann, 8)] * 6)
    assert sorted(used) == [False] * 5 + [True]
    assert not records.second_factors.use_step(ann, 7), "an older one"


def test_recovery_code_that_many_send_at_once_counts_once(records: Records, ann: str, url: str) -> None:
    used = all_at_once(url, [lambda mine: mine.second_factors.use_recovery_code(ann, "one", now=NOW)] * 6)
    assert sorted(used) == [False] * 5 + [True]
    found = records.second_factors.find(ann)
    assert found
    assert found.recovery_codes == ("two",)


def test_of_two_that_confirm_at_once_one_does(records: Records, url: str) -> None:
    records.accounts.add(Account("ann", Role.ADMIN, "paris"), password_hash="a hash", now=NOW)
    records.second_factors.begin("ann", "sealed")

    def confirm(mine: Records) -> bool:
        try:
            mine.second_factors.confirm("ann", "sealed", step=7, recovery_codes=[], by="ann", now=NOW)
        except InputError:
            return False
        return True

    assert sorted(all_at_once(url, [confirm] * 4)) == [False] * 3 + [True]


def test_what_was_begun_anew_is_not_confirmed_by_the_secret_before(records: Records) -> None:
    records.accounts.add(Account("ann", Role.ADMIN, "paris"), password_hash="a hash", now=NOW)
    records.second_factors.begin("ann", "first")
    records.second_factors.begin("ann", "second")
    with pytest.raises(InputError):
        records.second_factors.confirm("ann", "first", step=7, recovery_codes=[], by="ann", now=NOW)


def test_reset_forgets_all_of_it(records: Records, ann: str) -> None:
    before = records.accounts.find(ann)
    records.second_factors.reset(ann, by="root", now=NOW)
    after = records.accounts.find(ann)
    assert before
    assert after
    assert (before[0].has_second_factor, after[0].has_second_factor) == (True, False)
    assert after[0].tokens_since > before[0].tokens_since
    assert not records.second_factors.use_recovery_code(ann, "one", now=NOW)
    with pytest.raises(NotFound):
        records.second_factors.reset("nobody", by="root", now=NOW)
