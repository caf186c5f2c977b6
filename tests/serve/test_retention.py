"""Retention over HTTP: the admin says how long documents are kept."""

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.errors import InputError, PermissionDenied
from tests.served_office import ServedOffice


def test_the_admin_sets_and_withdraws_rules(office: ServedOffice) -> None:
    retention = office.client(office.account("anne", Role.ADMIN)).retention
    first = retention.get()
    assert (first.default_months, first.oldest, first.rules) == (24, None, [])
    retention.set(team="lyon", months=36)
    found = retention.set(label="facture", months=None, with_waiting=True)
    assert [(one.team, one.label, one.months, one.by) for one in found.rules] == [
        ("", "facture", None, "anne"),
        ("lyon", "", 36, "anne"),
    ]
    assert [one.label for one in retention.withdraw(team="lyon").rules] == ["facture"]
    with pytest.raises(InputError):
        retention.set(months=0)
    with pytest.raises(PermissionDenied):
        office.client(office.account("marie")).retention.get()
