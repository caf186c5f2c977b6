"""`sake retry` lists what needs ops and has it tried again."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sake_ray.domain import retries
from sake_ray.domain.documents import Status
from sake_ray.domain.retries import Cause, RetryRule
from sake_ray.errors import Message
from tests.command import run_sake
from tests.office import Office, make_office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    """Three documents, of which two need ops."""
    monkeypatch.setattr(retries, "RULES", dict.fromkeys(Cause, RetryRule(1, timedelta(0), timedelta(0))))
    office, now = make_office(tmp_path), datetime.now(UTC)
    for name in ("gone.png", "lost.png"):
        office.accept(name.encode(), name)
        (held,) = office.records.queue.claim("w", limit=1, lease=timedelta(minutes=1), now=now)
        office.records.queue.requeue(held, Cause.DOCUMENT, Message("original-missing"), now=now)
    office.accept(b"waits", "waits.png")
    return office


def test_retry_lists_what_needs_ops_and_tries_again_what_is_named_or_all(office: Office) -> None:
    listed = run_sake("retry", home=office.home)
    rows = [line.split("\t") for line in listed.stdout.splitlines()]
    assert {row[4] for row in rows} == {"gone.png", "lost.png"}
    assert {row[5] for row in rows} == {"The stored original of this document is missing."}
    first, second = (row[0] for row in rows)
    assert "1 document is tried again" in run_sake("retry", first, home=office.home).stderr
    assert f"{first} is PENDING; it stays as it is." in run_sake("retry", first, home=office.home).stderr
    assert office.records.documents.get(second, team=None).status is Status.NEEDS_OPS
    assert "1 document is tried again" in run_sake("retry", "--all", home=office.home).stderr
    assert office.records.documents.get(second, team=None).status is Status.PENDING


def test_retry_of_an_unknown_document_is_a_mistake_and_changes_nothing(office: Office) -> None:
    known = office.records.queue.measure_depth().documents
    assert run_sake("retry", "nothing", home=office.home).returncode == 2
    assert office.records.queue.measure_depth().documents == known
