"""How it goes, for those who run the installation."""

from datetime import UTC, datetime

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.errors import PermissionDenied
from sake_ray.ledger import Installation
from sake_ray.ledger.rounds import check_next
from sake_ray.storage.records import WatchedPlace
from sake_ray.storage.records.tables import documents
from tests.pages import letter, png
from tests.served_office import ServedOffice


def test_monitoring_tells_that_nothing_is_lost_and_what_changed(office: ServedOffice) -> None:
    sign, ops = office.account("marie"), office.client(office.account("omar", Role.OPS))
    empty = ops.system.monitoring()
    assert (empty.work.accepted, empty.to_check.share, empty.work.oldest_waits_since) == (0, None, None)
    scan = png(letter().render(60))
    uuid = office.upload(sign, ("a.png", scan), ("cut.png", scan[:200]))
    office.work()
    office.upload(sign, ("b.png", scan))
    office.client(sign).documents.answer(office.client(sign).batches.find(uuid)[0].documents[0].id, "resume")
    at = datetime.now(UTC)
    number = office.records.promotions.start(1, before=None, by="anne", why="first", now=at)
    office.records.promotions.finish(number, "done")
    seen = office.client(office.account("anne", Role.ADMIN)).system.monitoring()
    work = seen.work
    assert (work.accepted, work.completed, work.failed, work.waiting, work.in_work, work.lost) == (3, 1, 1, 1, 0, 0)
    assert work.oldest_waits_seconds is not None
    assert (seen.ledger.checked_at, seen.ledger.documents, seen.ledger.faults) == (None, 3, [])
    assert (seen.model.version, seen.model.since) == ("1", at)
    assert (seen.changes[0].action, seen.changes[0].subject) == ("model-promoted", "model:1")
    assert (seen.ended_by_hour[-1].ended, seen.to_check.classified) == (2, 1)
    assert seen.seconds
    assert (seen.seconds.documents, seen.seconds.most > 0) == (1, True)
    assert (seen.corrections[-1].answered, seen.corrections[-1].share) == (1, 1.0)
    office.model.gone = True
    assert ops.system.monitoring().model.version is None
    with pytest.raises(PermissionDenied):
        office.client(sign).system.monitoring()


def test_ops_see_of_what_was_changed_no_details_but_the_kind_of_a_job(office: ServedOffice) -> None:
    office.client(office.account("anne", Role.ADMIN)).policy.set(wrong_in=None)
    office.records.jobs.add("tune", {}, by="anne", now=datetime.now(UTC))
    job, policy = office.client(office.account("omar", Role.OPS)).system.monitoring().model_dump()["changes"]
    assert (job["action"], job["kind"]) == ("job-started", "tune")
    assert policy.keys() == {"at", "by", "action", "subject", "kind"}
    assert (policy["action"], policy["kind"]) == ("policy-changed", "")


def test_watched_places_are_shown_with_what_they_handed_in(office: ServedOffice) -> None:
    now = datetime.now(UTC)
    office.records.watched.record_look(WatchedPlace("p", "scans", "paris", now, 3, 1, 2, now, "not mounted"))
    (place,) = office.client(office.account("omar", Role.OPS)).system.monitoring().watched
    assert (place.name, place.team, place.handed_in, place.failed, place.waiting) == ("scans", "paris", 3, 1, 2)
    assert (place.looked_at, place.oldest_at, place.away) == (now, now, "not mounted")


def test_what_the_check_found_is_shown_with_its_time(office: ServedOffice) -> None:
    sign, ops = office.account("marie"), office.client(office.account("omar", Role.OPS))
    uuid = office.upload(sign, ("a.png", png(letter().render(60))), ("b.png", png(letter().render(50))))
    lost, _ = office.client(sign).batches.find(uuid)[0].documents
    office.store.delete(office.records.documents.get(lost.id, team=None).original)
    with office.records.database.transaction() as connection:
        connection.execute(documents.delete().where(documents.c.id != lost.id))
    state = check_next(Installation(office.records, office.store), now=datetime.now(UTC))
    seen = ops.system.monitoring()
    assert (seen.work.accepted, seen.work.lost) == (2, 1)
    assert (seen.ledger.checked_at, seen.ledger.checked, seen.ledger.documents) == (state.checked_at, 1, 1)
    assert [(found.kind, found.severity, found.n) for found in seen.ledger.faults] == [
        ("fault-batch-count", "lost", 1), ("fault-original-missing", "lost", 1)
    ]  # fmt: skip
    assert seen.ledger.examples[1].subject == lost.id
    assert lost.id in seen.ledger.examples[1].detail
