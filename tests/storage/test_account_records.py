"""Accounts come back as they were added; changes end older tokens."""

from dataclasses import replace
from typing import Any

import pytest

from sake_ray.domain.accounts import Account, Role
from sake_ray.errors import (
    InputError,
    NotFound,
)
from sake_ray.storage.records import Records
from tests.storage.example_records import NOW, ODD


def add_account(records: Records, name: str = "ann", **changes: Any) -> Account:
    account = Account(name, Role.USER, "office", **changes)
    records.accounts.add(account, password_hash="hash", now=NOW)
    return account


def test_account_comes_back_with_its_hash(records: Records) -> None:
    account = add_account(records, ODD, disabled=True, tokens_since=5)
    assert records.accounts.find(ODD) == (account, "hash")


def test_unknown_account_is_none(records: Records) -> None:
    assert records.accounts.find("nobody") is None


def test_accounts_are_told_by_name(records: Records) -> None:
    bob, ann = add_account(records, "bob"), add_account(records, "ann")
    assert records.accounts.list().items == (ann, bob)


def test_account_is_not_added_twice(records: Records) -> None:
    account = add_account(records)
    with pytest.raises(InputError, match="ann"):
        records.accounts.add(replace(account, role=Role.ADMIN), password_hash="other", now=NOW)
    assert records.accounts.find("ann") == (account, "hash")


def test_new_password_ends_older_tokens(records: Records) -> None:
    account = add_account(records)
    records.accounts.set_password("ann", "new hash")
    assert records.accounts.find("ann") == (replace(account, tokens_since=2), "new hash")


@pytest.mark.parametrize("disabled", [True, False])
def test_shutting_out_and_letting_in_end_older_tokens(records: Records, disabled: bool) -> None:
    account = add_account(records, disabled=not disabled)
    records.accounts.set_disabled("ann", disabled=disabled)
    assert records.accounts.find("ann") == (replace(account, disabled=disabled, tokens_since=2), "hash")


def test_unknown_account_is_not_changed(records: Records) -> None:
    with pytest.raises(NotFound, match="nobody"):
        records.accounts.set_password("nobody", "hash")
    with pytest.raises(NotFound, match="nobody"):
        records.accounts.set_disabled("nobody", disabled=True)
