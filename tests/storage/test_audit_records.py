"""The audit log: written with what it tells of, never changed, and whoever changes it is found out."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.answers import Answer
from sake_ray.domain.audit import AuditAction, AuditFault, AuditFaultKind, AuditHead
from sake_ray.domain.peers import current_peer
from sake_ray.errors import NotFound, SakeError
from sake_ray.storage.records import AuditFilter, Records
from sake_ray.storage.records.tables import audit, audit_head
from tests.storage.example_records import NOW, ODD, some_batch, some_document

SEEN = AuditAction.DOCUMENT_SEEN


def fill(records: Records, entries: int = 5) -> None:
    for number in range(entries):
        records.audit.add(SEEN, by="ann", at=NOW + timedelta(seconds=number), subject=f"document:{number}", odd=ODD)


def tamper(records: Records, *statements: sa.Executable) -> None:
    """Change the log as somebody with every right on the database."""
    sqlite = ["DROP TRIGGER IF EXISTS audit_no_update", "DROP TRIGGER IF EXISTS audit_no_delete"]
    triggers = sqlite if records.database.is_sqlite else ["DROP TRIGGER IF EXISTS audit_no_change ON audit"]
    with records.database.transaction() as connection:
        for trigger in triggers:
            connection.execute(sa.text(trigger))
        for statement in statements:
            connection.execute(statement)


def faults(records: Records, noted: AuditHead | None = None) -> tuple[AuditFault, ...]:
    return records.audit.verify(noted).faults


def test_entries_come_back_newest_first_with_where_they_came_from(records: Records) -> None:
    token = current_peer.set("9.9.9.9")
    try:
        fill(records, 3)
    finally:
        current_peer.reset(token)
    newest, *_, oldest = records.audit.list().items
    assert (newest.number, newest.by, newest.peer, newest.subject) == (3, "ann", "9.9.9.9", "document:2")
    assert (oldest.number, oldest.at, oldest.details) == (1, NOW, {"odd": ODD})
    first = records.audit.list(limit=2)
    assert [entry.number for entry in records.audit.list(after=first.next_cursor, limit=1).items] == [newest.number - 2]


def test_entries_are_found_by_who_what_and_when(records: Records) -> None:
    fill(records, 3)
    records.audit.add(AuditAction.SIGNED_IN, by="bob", at=NOW)
    for wanted, numbers in (
        (AuditFilter(by="bob"), [4]),
        (AuditFilter(action=SEEN.value), [1, 2, 3]),
        (AuditFilter(subject="document:1"), [2]),
        (AuditFilter(since=NOW + timedelta(seconds=1)), [2, 3]),
        (AuditFilter(until=NOW + timedelta(seconds=1)), [1, 4]),
    ):
        assert [entry.number for entry in records.audit.iterate(wanted)] == numbers, wanted


def test_the_database_refuses_to_change_an_entry(records: Records) -> None:
    fill(records)
    for act in (audit.update().values(by="eve"), audit.delete()):
        with pytest.raises((SakeError, sa.exc.DBAPIError)), records.database.transaction() as connection:
            connection.execute(act)
    assert faults(records) == ()


def test_a_sound_log_has_no_faults_and_an_empty_one_neither(records: Records) -> None:
    assert records.audit.verify().faults == ()
    fill(records)
    found = records.audit.verify()
    assert (found.entries, found.head, found.faults) == (5, records.audit.find_head(), ())


@pytest.mark.parametrize("column", ["by", "peer", "action", "subject", "hash"])
def test_a_changed_entry_is_found(records: Records, column: str) -> None:
    fill(records)
    tamper(records, audit.update().where(audit.c.number == 3).values({column: "x"}))
    assert AuditFault(AuditFaultKind.CHANGED, 3, 3) in faults(records)


def test_changed_details_and_a_changed_time_are_found(records: Records) -> None:
    fill(records)
    tamper(records, audit.update().where(audit.c.number == 2).values(details={"odd": "even"}))
    tamper(records, audit.update().where(audit.c.number == 4).values(at=NOW))
    assert [fault.first for fault in faults(records)] == [2, 4]


def test_removed_entries_are_found(records: Records) -> None:
    fill(records)
    tamper(records, audit.delete().where(audit.c.number.in_([2, 3])))
    assert faults(records) == (AuditFault(AuditFaultKind.MISSING, 2, 3),)


def test_an_entry_removed_with_its_number_is_found(records: Records) -> None:
    fill(records)
    tamper(records, audit.delete().where(audit.c.number == 2))
    for number in (3, 4, 5):
        tamper(records, audit.update().where(audit.c.number == number).values(number=number - 1))
    tamper(records, audit_head.update().values(number=4))
    assert AuditFault(AuditFaultKind.CHANGED, 2, 2) in faults(records)


def test_an_inserted_entry_is_found(records: Records) -> None:
    fill(records)
    for number in (5, 4, 3):
        tamper(records, audit.update().where(audit.c.number == number).values(number=number + 1))
    forged = replace(records.audit.list().items[-1], number=3, by="eve")
    row = {name: getattr(forged, name) for name in type(forged).__dataclass_fields__}
    tamper(records, audit.insert().values(**row))
    assert AuditFault(AuditFaultKind.CHANGED, 3, 3) in faults(records)


def test_a_cut_off_end_is_found(records: Records) -> None:
    fill(records)
    tamper(records, audit.delete().where(audit.c.number > 3))
    assert faults(records) == (AuditFault(AuditFaultKind.CUT, 4, 5),)


def test_a_noted_head_shows_an_end_that_was_cut_off_with_its_traces(records: Records) -> None:
    fill(records)
    noted, third = records.audit.find_head(), records.audit.list().items[2]
    tamper(records, audit.delete().where(audit.c.number > 3), audit_head.update().values(number=3, hash=third.hash))
    assert faults(records) == ()
    assert faults(records, noted) == (AuditFault(AuditFaultKind.UNKNOWN_HEAD, 5, 5),)
    fill(records)  # life goes on, and hides nothing
    assert faults(records, noted) == (AuditFault(AuditFaultKind.UNKNOWN_HEAD, 5, 5),)
    assert faults(records, AuditHead(3, third.hash)) == ()


def test_entries_of_many_at_once_are_one_chain(records: Records) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: records.audit.add(SEEN, by=f"user {number}"), range(40)))
    found = records.audit.verify()
    assert (found.entries, found.head.number, found.faults) == (40, 40, ())


def test_an_act_that_fails_leaves_no_entry_and_one_that_is_done_leaves_one(records: Records) -> None:
    batch = some_batch()
    document = some_document(batch)
    records.documents.accept(batch, [document])
    with pytest.raises(NotFound):
        records.answers.add(Answer("unknown", "facture", "ann", NOW))
    with pytest.raises(sa.exc.IntegrityError), records.database.transaction() as connection:
        connection.execute(audit_head.insert().values(number=records.audit.find_head().number, hash=""))
    records.answers.add(Answer(document.id, "facture", "ann", NOW))
    said = [(entry.by, entry.action, entry.subject) for entry in records.audit.iterate()]
    assert said == [
        ("ann", "documents-uploaded", f"batch:{batch.uuid}"),
        ("ann", "answered", f"document:{document.id}"),
    ]


def test_changes_of_accounts_are_logged_without_passwords(records: Records) -> None:
    records.accounts.add(Account("bob", Role.OPS, "office"), password_hash="secret hash", by="anne", now=NOW)
    records.accounts.change("bob", role=Role.ADMIN, password_hash="another secret", by="anne")
    records.accounts.set_disabled("bob", disabled=True, by="anne")
    added, changed, disabled = records.audit.iterate(AuditFilter(by="anne", subject="account:bob"))
    assert added.details == {"role": "ops", "team": "office"}
    assert changed.details == {"role": "admin", "password": True}
    assert disabled.details == {"disabled": True}
    assert "secret" not in str([entry.details for entry in records.audit.iterate()])
