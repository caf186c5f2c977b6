"""A job goes on in the trace of the request that asked for it, however it ends."""

import json
import logging
from collections.abc import Iterator, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from sake_ray.domain.traces import continuing
from sake_ray.errors import JobFailed
from sake_ray.jobs.runner import JobContext, Work, run_job
from sake_ray.storage.records import Records
from sake_ray.tracing.spans import close_tracing, set_up_tracing
from tests.collector import Collector, ReceivedSpan, collecting
from tests.jobs.running import PATIENCE, contains, now, run_to_end, running, submitted
from tests.jobs.works import hang, interrupt
from tests.waiting import wait_until

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        set_up_tracing("job", collector.address)
        yield collector
        close_tracing()


def run(records: Records, work: Work, log: Path, collector: Collector, *, traceparent: str = "") -> list[ReceivedSpan]:
    """Ask for a job in a trace, and run it elsewhere; its spans."""
    with continuing(traceparent):
        job = records.jobs.add("train", {}, by="ann", now=now())
    try:
        run_job(records, job.number, work, attempt=None, log=log, stuck_seconds=60)
    finally:
        close_tracing()
    return collector.of_trace()


def train(context: JobContext) -> Mapping[str, object]:
    for stage in ("ingest", "ingest", "fit"):
        context.begin_stage(stage)
    return {}


def test_a_job_goes_on_in_the_trace_of_whoever_asked_for_it(
    records: Records, log: Path, collector: Collector, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        job, *stages = run(records, train, log, collector, traceparent=f"00-{TRACE}-{SPAN}-01")
    assert (job.name, job.trace, job.parent) == ("job", TRACE, SPAN)
    assert job.attributes == {"sake.job": 1, "sake.attempt": 1, "sake.job_kind": "train", "sake.outcome": "succeeded"}
    assert [(stage.name, stage.parent, stage.attributes["sake.stage"]) for stage in stages] == [
        ("stage", job.id, "ingest"),
        ("stage", job.id, "fit"),
    ]
    assert [record.message for record in caplog.records] == ["job started", "job ended"]


def test_a_search_is_one_stage_however_often_it_finds_something_better(
    records: Records, log: Path, collector: Collector
) -> None:
    def search(context: JobContext) -> Mapping[str, object]:
        for stage in ("search", "search, best f1 0.81 (trial 0)", "search, best f1 0.93 (trial 7)", "train"):
            context.begin_stage(stage)
        return {}

    _, *stages = run(records, search, log, collector)
    assert [stage.attributes["sake.stage"] for stage in stages] == ["search", "train"]


def test_a_stage_that_several_threads_end_is_told_once(records: Records, log: Path, collector: Collector) -> None:
    def end(context: JobContext) -> Mapping[str, object]:
        context.begin_stage("fit")
        context.end_stage()
        context.begin_stage("fit")
        context.end_stage()
        return {}

    _, *stages = run(records, end, log, collector)
    assert [stage.attributes["sake.stage"] for stage in stages] == ["fit"]


def test_a_job_that_failed_is_told_by_its_code(records: Records, log: Path, collector: Collector) -> None:
    def fail(context: JobContext) -> Mapping[str, object]:
        context.begin_stage("fit")
        raise JobFailed("stage-stuck", stage="Marie Durand", seconds=3)

    with pytest.raises(JobFailed):
        run(records, fail, log, collector)
    (job,) = [span for span in collector.spans if span.name == "job"]
    assert (job.failed, job.parent, job.attributes["sake.error"]) == (True, "", "stage-stuck")
    assert b"Durand" not in b"".join(collector.bodies)


def test_a_job_that_is_interrupted_at_the_keyboard_is_stopped_and_has_not_failed(
    records: Records, log: Path, collector: Collector
) -> None:
    with pytest.raises(KeyboardInterrupt):
        run(records, interrupt, log, collector)
    (job,) = collector.spans
    assert (job.failed, job.attributes["sake.outcome"], "sake.error" in job.attributes) == (False, "stopped", False)


def read_events(log: Path) -> list[tuple[object, object]]:
    """What a job in a process of its own has logged: the events, and of which job they are."""
    lines = [json.loads(line) for line in (log.parents[1] / "logs/jobs.log").read_text().splitlines()]
    return [(line["event"], line["job"]) for line in lines]


def test_a_process_that_ends_itself_because_its_work_hangs_has_told_its_trace_and_its_end(
    records: Records, log: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAKE_OTLP_ENDPOINT", collector.address)
    job = submitted(records)
    run_to_end(records, job, hang, log, stuck_seconds=1)
    whole, stage = collector.of_trace()
    assert (whole.failed, whole.attributes["sake.outcome"], whole.attributes["sake.error"]) == (
        True, "failed", "stage-stuck",
    )  # fmt: skip
    assert (stage.parent, stage.attributes["sake.stage"]) == (whole.id, "hang")
    assert read_events(log) == [("job started", job.number), ("job ended", job.number)]


def test_a_process_whose_job_is_given_to_another_has_told_its_trace_and_its_end(
    records: Records, log: Path, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAKE_OTLP_ENDPOINT", collector.address)
    job = submitted(records)
    with running(records, job, hang, log) as runner:
        wait_until(contains(log, "hangs"), process=runner)
        records.jobs.requeue_stalled(older_than=timedelta(), now=now() + timedelta(seconds=1))
        runner.communicate(timeout=PATIENCE)
    whole, stage = collector.of_trace()
    assert (whole.attributes["sake.outcome"], stage.attributes["sake.stage"]) == ("lost", "hang")
    assert read_events(log) == [("job started", job.number), ("job ended", job.number)]
