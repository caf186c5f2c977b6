"""What is written while the clock is ahead is mended once it was set back."""

import math
from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa

from sake_ray.domain.retries import Cause
from sake_ray.domain.webhooks import Webhook, WebhookEvent
from sake_ray.errors import Message, StillRunning
from sake_ray.storage.records import HeldKey, Records
from sake_ray.storage.records.clock_watch import ClockWatch
from tests.storage.example_clock import ExampleClock
from tests.storage.example_jobs import LOST, requeue_stalled, running
from tests.storage.example_records import LEASE, NOW, SECOND, claim, hand_in
from tests.storage.lock_watch import find_locked

HOUR = timedelta(hours=1)
BACK = NOW - HOUR
HELD = HeldKey("ann", "key", "digest", "w")


def bring_back(records: Records, pause: timedelta = timedelta(0)) -> None:
    records.clock.bring_back(BACK, lease=LEASE, pause=pause)


def test_documents_that_were_accepted_before_it_are_claimed_at_once(records: Records) -> None:
    hand_in(records, "a", "b")
    assert not records.queue.has_claimable(BACK)
    bring_back(records)
    assert len(claim(records, limit=2, now=BACK)) == 2


def test_a_document_in_work_is_held_for_a_lease_and_no_hour(records: Records) -> None:
    hand_in(records)
    (held,) = claim(records)
    bring_back(records)
    assert claim(records, now=BACK + LEASE) == ()
    assert records.queue.renew([held], lease=LEASE, now=BACK + LEASE) == {held.document.id}
    assert claim(records, now=BACK + 2 * LEASE) == ()
    assert [again.attempt for again in claim(records, now=BACK + 2 * LEASE + 2 * SECOND)] == [2]


def test_a_pause_is_not_shortened_at_a_start(records: Records) -> None:
    hand_in(records, at=BACK - HOUR)
    (held,) = claim(records, now=BACK)
    records.queue.requeue(held, Cause.SERVICE, Message("storage-failed"), now=BACK)
    records.clock.bring_back(BACK, lease=LEASE)
    assert claim(records, now=BACK) == ()
    bring_back(records)
    assert len(claim(records, now=BACK)) == 1


def test_a_key_whose_holder_died_is_free_after_minutes(records: Records) -> None:
    records.idempotency_keys.begin(HELD, now=NOW)
    bring_back(records)
    with pytest.raises(StillRunning):
        records.idempotency_keys.begin(HELD, now=BACK)
    records.idempotency_keys.begin(HELD, now=BACK + timedelta(minutes=16))


def test_a_job_whose_process_died_stalls_for_no_hour(records: Records) -> None:
    job = running(records)
    bring_back(records)
    assert requeue_stalled(records, now=BACK + LOST) == ()
    assert [one.number for one in requeue_stalled(records, now=BACK + LOST + SECOND)] == [job.number]


def test_what_webhooks_are_to_be_told_is_told_after_minutes(records: Records) -> None:
    records.webhooks.add(
        Webhook("w", "https://example.org", None, (WebhookEvent.BATCH_COMPLETED,), "ann", NOW), secret="sealed"
    )
    hand_in(records)
    (held,) = claim(records)
    records.queue.fail(held, Message("pdf-without-pages"), now=NOW)
    now = records.clock.now() - HOUR
    assert records.deliveries.list_due(now) == ()
    records.clock.bring_back(now, lease=LEASE)
    assert records.deliveries.list_due(now + timedelta(minutes=16)) == ("w",)


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_the_rows_of_a_table_are_locked_all_at_once(records: Records) -> None:
    locked: list[str | None] = []

    @sa.event.listens_for(records.database._engine(), "before_cursor_execute")
    def note(_: object, __: object, statement: str, *___: object) -> None:
        if "FOR UPDATE" in statement:
            locked.append(find_locked(statement))

    bring_back(records)
    assert {"documents", "jobs"} <= set(locked)
    assert len(locked) == len(set(locked))


def look_at(clock: ExampleClock, moments: Sequence[tuple[float, timedelta]], watch: ClockWatch) -> list[bool]:
    """Look at these seconds, when the clock is wrong by so much; whether it was settled."""
    settled = []
    for clock.passed, clock.wrong in moments:
        settled.append(watch.look().is_settled)
    return settled


@pytest.mark.parametrize("step", [HOUR, -HOUR])
def test_a_step_of_the_clock_is_distrusted_until_leases_are_renewed(step: timedelta) -> None:
    clock, told = ExampleClock(), list[object]()
    watch = ClockWatch(clock.read, settling=LEASE, on_set_back=told.append, elapsed=clock.elapsed)
    moments = [(0.0, 0 * HOUR), (20.0, 0 * HOUR), (21.0, step), (50.0, step), (52.0, step)]
    assert look_at(clock, moments, watch) == [True, True, False, False, True]
    assert told == ([NOW + 21 * SECOND + step] if step < timedelta(0) else [])


def test_answers_that_come_late_are_no_steps() -> None:
    clock, told = ExampleClock(), list[object]()
    watch = ClockWatch(clock.read, settling=LEASE, on_set_back=told.append, elapsed=clock.elapsed)
    for clock.late in (0.0, 6.0, 0.0, 90.0, 6.0, 0.0, 0.0):
        clock.passed += 25
        assert watch.look().is_settled
    assert told == []


def test_a_step_is_noticed_beside_a_late_answer() -> None:
    clock = ExampleClock(late=6.0)
    watch = ClockWatch(clock.read, settling=LEASE, elapsed=clock.elapsed)
    assert look_at(clock, [(0.0, 0 * HOUR), (20.0, HOUR)], watch) == [True, False]


def test_a_clock_that_is_set_again_and_again_is_trusted_for_a_moment_every_two_leases() -> None:
    clock, told = ExampleClock(), list[object]()
    watch = ClockWatch(clock.read, settling=LEASE, on_set_back=told.append, elapsed=clock.elapsed)
    moments = [(float(second), (second // 25 % 2) * HOUR) for second in range(300)]
    settled = look_at(clock, moments, watch)
    assert not settled[25]
    assert all(any(settled[first : first + 61]) for first in range(240))
    assert len(told) == 5


def test_looks_too_far_apart_are_distrusted_and_no_step() -> None:
    clock = ExampleClock()
    watch = ClockWatch(clock.read, settling=LEASE, longest_gap=15 * SECOND, elapsed=clock.elapsed)
    looks = []
    for clock.passed in (0.0, 10.0, 30.0, 40.0, 50.0, 61.0):
        looks.append(watch.look())
    assert [look.is_settled for look in looks] == [True, True, False, False, False, True]
    assert looks[-1].steady_seconds == math.inf
