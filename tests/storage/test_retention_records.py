"""Retention: what is older than its team keeps it is erased, what waits for people is not, and exceptions count."""

from datetime import UTC, datetime, timedelta

import pytest

from sake_ray.domain.documents import Document, Status
from sake_ray.domain.erasures import ErasureCause
from sake_ray.domain.retention import OldDocument, RetentionRule, choose_rule, go_back, is_due
from sake_ray.domain.verdicts import Policy
from sake_ray.erasure.retention import RetentionRounds, make_default
from sake_ray.storage.records import DocumentFilter, Records
from tests.storage.example_records import NOW, SECOND, claim, completed, hand_in, predict, read
from tests.storage.test_split_records import TWO, classify_parts, complete_stack, split

LATER = NOW + timedelta(days=800)
"""More than 24 months, and less than 36."""


def rule(months: int | None, *, team: str = "", label: str = "", with_waiting: bool = False) -> RetentionRule:
    return RetentionRule(team, label, months, with_waiting, "anne", NOW)


def run_all(records: Records, *, months: int = 24, now: datetime = LATER, chunk: int = 50) -> int:
    """Run rounds until nothing more is erased."""
    rounds = RetentionRounds(records, default_months=months, chunk=chunk)
    return sum(rounds.run_next(now=now) for _ in range(6))


def names_of(records: Records) -> set[str]:
    return {document.name for document in records.documents.list(DocumentFilter(), limit=50).items}


def test_what_is_older_than_the_default_is_erased(records: Records) -> None:
    completed(records, "old.pdf")
    completed(records, "new.pdf", at=NOW + timedelta(days=600))
    assert run_all(records, now=NOW + timedelta(days=700)) == 0
    assert run_all(records) == 1
    assert names_of(records) == {"new.pdf"}
    (erasure,) = records.erasures.list().items
    assert (erasure.cause, erasure.by) == (ErasureCause.RETENTION, "")


def test_nothing_is_erased_where_documents_are_kept_for_ever(records: Records) -> None:
    completed(records)
    assert run_all(records, months=0) == 0
    records.retention.set_rule(rule(1, team="elsewhere"))
    assert run_all(records, months=0) == 0


def test_teams_and_labels_have_rules_of_their_own(records: Records) -> None:
    completed(records, "invoice.pdf")
    completed(records, "contract.pdf", label="contract")
    completed(records, "lyon.pdf", team="lyon")
    records.retention.set_rule(rule(None, label="contract"))
    records.retention.set_rule(rule(36, team="lyon"))
    assert run_all(records, chunk=1) == 1
    assert names_of(records) == {"contract.pdf", "lyon.pdf"}
    records.retention.set_rule(rule(36, team="lyon"), withdrawn=True)
    assert run_all(records) == 1
    assert names_of(records) == {"contract.pdf"}


def test_what_waits_for_people_stays_unless_the_rule_says_so(records: Records) -> None:
    records.policies.apply_settings(Policy(), now=NOW)
    hand_in(records, "review.pdf", "waits.pdf")
    (held, *_) = claim(records)
    records.queue.complete(held, read(), predict(needs_review=True), now=NOW + SECOND)
    assert run_all(records) == 0
    records.retention.set_rule(rule(24, with_waiting=True))
    assert run_all(records) == 1
    assert names_of(records) == {"waits.pdf"}  # it was never read, and is still to be


def test_a_split_file_stays_as_long_as_any_of_its_parts(records: Records) -> None:
    root: Document = complete_stack(records)
    split(records, root, TWO)
    classify_parts(records)
    records.retention.set_rule(rule(None, label="invoice"))
    assert run_all(records) == 0
    records.retention.set_rule(rule(24, label="invoice"))
    assert run_all(records) == 3
    assert records.batches.find(root.batch) is None


def test_what_changed_since_it_was_found_is_looked_at_again(records: Records) -> None:
    (document,) = completed(records).documents
    kept = records.erasures.begin_due([document.id], lambda _: False, now=LATER)
    assert kept is None
    assert names_of(records)


def test_the_oldest_document_is_known_and_rules_are_in_the_audit_log(records: Records) -> None:
    assert records.retention.find_oldest() is None
    completed(records)
    assert records.retention.find_oldest() == NOW
    records.retention.set_rule(rule(12, team="lyon"))
    assert records.retention.find_rules()["lyon", ""].months == 12
    (entry,) = (entry for entry in records.audit.iterate() if entry.action == "retention-changed")
    assert (entry.details["team"], entry.details["months"]) == ("lyon", 12)


@pytest.mark.parametrize(
    ("moment", "months", "before"),
    [("2026-03-31", 1, "2026-02-28"), ("2026-01-15", 1, "2025-12-15"), ("2024-02-29", 12, "2023-02-28")],
)
def test_months_are_those_of_the_calendar(moment: str, months: int, before: str) -> None:
    assert f"{go_back(datetime.fromisoformat(moment), months):%Y-%m-%d}" == before


def test_the_narrowest_rule_counts() -> None:
    rules = {(one.team, one.label): one for one in (rule(1), rule(2, label="a"), rule(3, team="t"))}
    default = make_default(24, NOW)
    chosen = {place: choose_rule(rules, *place, default).months for place in (("t", "a"), ("u", "a"), ("u", "b"))}
    assert chosen == {("t", "a"): 3, ("u", "a"): 2, ("u", "b"): 1}
    assert choose_rule({}, "t", "a", default).months == 24


def test_a_document_without_a_label_has_the_rule_of_its_team() -> None:
    document = OldDocument("d", "t", datetime(2020, 1, 1, tzinfo=UTC), frozenset(), False, frozenset({Status.FAILED}))
    assert is_due(document, {}, make_default(24, NOW), NOW)
    assert not is_due(document, {("t", ""): rule(None, team="t")}, make_default(24, NOW), NOW)
