"""A job goes on in the trace of the request that asked for it, and its log stays within bounds."""

import logging
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from sake_ray.domain.traces import continuing
from sake_ray.errors import JobFailed
from sake_ray.jobs import log_capture
from sake_ray.jobs.log_capture import capture_output
from sake_ray.jobs.runner import JobContext, Work, run_job
from sake_ray.storage.records import Records
from sake_ray.tracing.spans import close_tracing, set_up_tracing
from tests.collector import Collector, ReceivedSpan, collecting
from tests.jobs.running import now

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


def test_a_job_that_failed_is_told_by_its_code(records: Records, log: Path, collector: Collector) -> None:
    def fail(context: JobContext) -> Mapping[str, object]:
        context.begin_stage("fit")
        raise JobFailed("stage-stuck", stage="Marie Durand", seconds=3)

    with pytest.raises(JobFailed):
        run(records, fail, log, collector)
    (job,) = [span for span in collector.spans if span.name == "job"]
    assert (job.failed, job.parent, job.attributes["sake.error"]) == (True, "", "stage-stuck")
    assert b"Durand" not in b"".join(collector.bodies)


def test_of_a_long_log_the_beginning_and_the_end_are_kept(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log_capture, "HEAD_BYTES", 1_000)
    monkeypatch.setattr(log_capture, "TAIL_BYTES", 500)
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text("of an earlier attempt\n")
    with capture_output(log):
        for number in range(1_000):
            os.write(1, f"line {number}\n".encode())
    kept = log.read_text()
    assert kept.startswith("of an earlier attempt\nline 0\n")
    assert kept.endswith("line 998\nline 999\n")
    assert "bytes are left out" in kept
    assert len(kept) < 1_600


def test_a_log_of_ordinary_length_is_whole(log: Path) -> None:
    with capture_output(log):
        os.write(2, b"all of it\n")
    assert log.read_text() == "all of it\n"
