"""An API key is found by its secret, which is not stored, and its name is never given twice."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from sake_ray.domain.api_keys import ApiKey, Scope
from sake_ray.errors import InputError, NotFound
from sake_ray.storage.records import Records
from sake_ray.storage.records.api_keys import SEEN_EVERY
from sake_ray.storage.records.tables import api_keys
from tests.storage.example_records import NOW, SECOND

SCOPES = (Scope.DOCUMENTS_READ, Scope.FEEDBACK_WRITE)
PAYROLL = ApiKey("payroll", "paris", SCOPES, "anna", NOW, NOW + timedelta(days=365))


@pytest.fixture
def payroll(records: Records) -> ApiKey:
    records.api_keys.add(PAYROLL, "secret")
    return PAYROLL


def test_a_key_is_found_by_its_secret_which_is_not_stored(records: Records, payroll: ApiKey) -> None:
    assert records.api_keys.find("secret", now=NOW) == payroll
    assert records.api_keys.find("another", now=NOW) is None
    with records.database.transaction(reads_only=True) as connection:
        assert "'secret'" not in str(connection.execute(sa.select(api_keys)).all())


def test_last_use_is_recorded_coarsely(records: Records, payroll: ApiKey) -> None:
    for later in (timedelta(), SEEN_EVERY - SECOND, SEEN_EVERY, SEEN_EVERY + SECOND):
        records.api_keys.find("secret", now=NOW + later)
    assert records.api_keys.list().items[0].seen_at == NOW + SEEN_EVERY


def test_a_revoked_key_stays_in_the_list_and_keeps_its_moment(records: Records, payroll: ApiKey) -> None:
    assert records.api_keys.revoke("payroll", by="anna", now=NOW).revoked_at == NOW
    assert records.api_keys.revoke("payroll", by="anna", now=NOW + SECOND).revoked_at == NOW
    found = records.api_keys.find("secret", now=NOW + SECOND)
    assert found == replace(payroll, revoked_at=NOW)
    assert records.api_keys.list().items == (found,)
    with pytest.raises(NotFound):
        records.api_keys.revoke("nobody", by="anna", now=NOW)


def test_a_name_is_never_given_twice(records: Records, payroll: ApiKey) -> None:
    records.api_keys.revoke("payroll", by="anna", now=NOW)
    with pytest.raises(InputError, match="choose another name"):
        records.api_keys.add(payroll, "other secret")


def test_making_and_revoking_are_in_the_audit_log_without_the_secret(records: Records, payroll: ApiKey) -> None:
    records.api_keys.revoke("payroll", by="berta", now=NOW)
    revoked, made = records.audit.list().items
    assert (made.action, made.by, made.subject) == ("api-key-created", "anna", "key:payroll")
    assert made.details["scopes"] == "documents:read feedback:write"
    assert (revoked.action, revoked.by, revoked.subject) == ("api-key-revoked", "berta", "key:payroll")
    assert "secret" not in str(made)
