"""An account of an issuer's subject is made once, and is that of no other."""

from dataclasses import replace

import pytest

from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.issuers import IssuerIdentity
from sake_ray.errors import InputError
from sake_ray.storage.records import Records
from tests.concurrency import all_at_once
from tests.storage.example_records import NOW

NINA = IssuerIdentity("https://login.example", "7f3a", "nina", Role.USER, "paris")


def test_an_account_is_made_once_and_keeps_its_name(records: Records) -> None:
    made = records.identities.sign_in(NINA, names=["nina"], now=NOW)
    assert made == Account("nina", Role.USER, "paris")
    changed = replace(NINA, role=Role.ADMIN, team="lyon")
    assert records.identities.sign_in(changed, names=["nina.b"], now=NOW) == Account("nina", Role.ADMIN, "lyon")
    assert records.identities.find_account(NINA.issuer, NINA.subject) == Account("nina", Role.ADMIN, "lyon")
    assert records.identities.is_known("nina")


def test_subjects_of_two_issuers_are_two_people(records: Records) -> None:
    records.identities.sign_in(NINA, names=["nina"], now=NOW)
    other = replace(NINA, issuer="https://else.example")
    assert records.identities.find_account(other.issuer, other.subject) is None
    assert records.identities.sign_in(other, names=["nina", "nina@else.example"], now=NOW).name == "nina@else.example"


def test_a_local_account_is_never_taken_over(records: Records) -> None:
    records.accounts.add(Account("nina", Role.ADMIN, "office"), password_hash="hash", now=NOW)
    with pytest.raises(InputError):
        records.identities.sign_in(NINA, names=["nina"], now=NOW)
    assert not records.identities.is_known("nina")


def test_a_person_who_signs_in_many_times_at_once_gets_one_account(records: Records, url: str) -> None:
    def sign_in(own: Records) -> Account:
        return own.identities.sign_in(NINA, names=["nina", "nina@login"], now=NOW)

    found = all_at_once(url, [sign_in] * 6)
    assert {account.name for account in found} == {"nina"}
    assert records.accounts.list().total == 1
