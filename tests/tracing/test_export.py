"""Spans reach an OTLP collector, and harm nothing when there is none."""

import logging
import os
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from sake_ray.domain.traces import TraceContext, continuing, current_trace
from sake_ray.errors import NotFound
from sake_ray.settings import Settings
from sake_ray.tracing import otlp
from sake_ray.tracing.spans import SpanKind, close_tracing, record_span, set_up_tracing, span
from tests.collector import Collector, collecting
from tests.ports import free_port
from tests.waiting import PATIENCE, wait_until

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
NAME = "Ravaillac, François"


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(otlp, "PAUSE_SECONDS", 0.05)
    monkeypatch.setattr(otlp, "SEND_SECONDS", 0.5)
    yield
    close_tracing()


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        set_up_tracing("etl", collector.address)
        yield collector


def test_spans_keep_their_ids_parents_times_and_numbers(collector: Collector) -> None:
    with (
        continuing(f"00-{TRACE}-{SPAN}-01"),
        span("attempt", kind=SpanKind.CONSUMER, document="d1", attempt=2) as opened,
    ):
        record_span("wait", 1_700_000_000.25, 1_700_000_003.5, pages=3)
        opened.say(label="facture", cause=None)
    wait, attempt = collector.wait_for("attempt", "wait")
    assert (attempt.trace, attempt.parent, attempt.id) == (TRACE, SPAN, opened.context.span_id)
    assert attempt.attributes == {"sake.document": "d1", "sake.attempt": 2, "sake.label": "facture"}
    assert (wait.trace, wait.parent, wait.ended) == (TRACE, attempt.id, 1_700_000_003.5)
    assert (attempt.service, attempt.failed) == ("sake-etl", False)


def test_without_a_parent_a_trace_begins(collector: Collector) -> None:
    with span("first"), span("second"):
        pass
    first, second = collector.wait_for("first", "second")
    assert first.parent == ""
    assert (second.trace, second.parent) == (first.trace, first.id)


def test_an_error_is_told_by_its_code_or_kind_and_not_by_what_it_says(collector: Collector) -> None:
    with pytest.raises(NotFound), span("ours"):
        raise NotFound("reference-not-found", reference=NAME)
    with pytest.raises(ValueError, match="Ravaillac"), span("another"):
        raise ValueError(NAME)
    ours, another = collector.wait_for("ours", "another")
    assert (ours.failed, ours.attributes) == (True, {"sake.error": "reference-not-found"})
    assert (another.failed, another.attributes) == (True, {"sake.error": "ValueError"})


def test_what_might_be_a_name_or_a_text_is_left_out(collector: Collector) -> None:
    said = {
        "document": NAME, "reference": "Durand", "batch": "Marie Durand", "source": "Durand,Marie", "label": "x" * 101,
        "cause": "line\nline", "pages": 3,
    }  # fmt: skip
    with span("careful", **said):  # type: ignore[arg-type]
        pass
    (careful,) = collector.wait_for("careful")
    assert careful.attributes == {"sake.pages": 3}


def test_a_label_may_have_spaces(collector: Collector) -> None:
    with span("classified", label="bulletin de paie"):
        pass
    (classified,) = collector.wait_for("classified")
    assert classified.attributes == {"sake.label": "bulletin de paie"}


def test_a_process_is_named_by_its_part_machine_and_number(collector: Collector) -> None:
    with span("work"):
        pass
    (work,) = collector.wait_for("work")
    assert (work.service, work.instance) == ("sake-etl", f"{socket.gethostname()}-{os.getpid()}")


def test_a_collector_that_is_away_holds_nothing_up_and_is_named_once(caplog: pytest.LogCaptureFixture) -> None:
    set_up_tracing("etl", f"http://127.0.0.1:{free_port()}")
    with caplog.at_level(logging.INFO):
        for _ in range(50):
            with span("work"):
                pass
        wait_until(lambda: "spans cannot be exported" in caplog.text)
        close_tracing()
    assert [record.message for record in caplog.records] == ["spans cannot be exported"]


def test_a_collector_that_refuses_is_named_once_however_often(
    collector: Collector, caplog: pytest.LogCaptureFixture
) -> None:
    collector.answer = 400
    with caplog.at_level(logging.INFO):
        for number in range(3):
            with span("work"):
                pass
            wait_until(lambda: collector.requests > number)  # noqa: B023 - it is over by the next
        close_tracing()
    assert [record.message for record in caplog.records] == ["spans cannot be exported"]


def test_what_is_sent_once_the_collector_is_back_arrives(collector: Collector) -> None:
    collector.answer = 500
    with span("lost"):
        pass
    wait_until(lambda: collector.requests)
    collector.answer = 200
    with span("found"):
        pass
    assert [one.name for one in collector.wait_for("found")][-1] == "found"


def test_the_queue_is_bounded_and_who_records_never_waits(
    collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A collector that takes connections and does not answer: the queue fills, the oldest are dropped, and work goes on."""
    monkeypatch.setattr(otlp, "QUEUED_SPANS", 600)
    monkeypatch.setattr(otlp, "SEND_SECONDS", PATIENCE)
    set_up_tracing("etl", collector.address)
    collector.listens.clear()
    for number in range(3000):
        with span(f"work {number}"):
            pass
    assert collector.spans == []
    collector.listens.set()
    arrived = collector.wait_for("work 2999")
    assert len(arrived) <= otlp.QUEUED_SPANS + otlp.EXPORTED_AT_ONCE


def test_the_end_of_a_process_sends_what_is_queued() -> None:
    code = (
        "from sake_ray.tracing.spans import *; import sys; set_up_tracing('job', sys.argv[1])\nwith span('last'): pass"
    )
    with collecting() as collector:
        subprocess.run([sys.executable, "-c", code, collector.address], check=True)
        assert [one.name for one in collector.spans] == ["last"]


def test_the_end_of_a_process_does_not_wait_for_a_collector_that_is_deaf(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(otlp, "SEND_SECONDS", 20.0)
    monkeypatch.setattr(otlp, "END_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        set_up_tracing("etl", f"http://127.0.0.1:{deaf.getsockname()[1]}")
        with span("last"):
            pass
        connection, _ = deaf.accept()
        with connection:
            close_tracing()
            assert is_open(connection)  # it is still being sent: nobody has waited until that was given up
            assert caplog.messages == ["spans cannot be exported"]


def is_open(connection: socket.socket) -> bool:
    """Whether the other side has not closed it yet."""
    connection.setblocking(False)
    try:
        while connection.recv(65536):
            pass
    except BlockingIOError:
        return True
    return False


def test_a_process_ends_as_it_should_while_the_collector_is_away() -> None:
    code = (
        "from sake_ray.tracing.spans import *; import sys; set_up_tracing('job', sys.argv[1])\nwith span('last'): pass"
    )
    ended = subprocess.run([sys.executable, "-c", code, f"http://127.0.0.1:{free_port()}"], capture_output=True)
    assert (ended.returncode, ended.stderr) == (0, b"spans cannot be exported\n")


def test_without_an_endpoint_nothing_of_opentelemetry_is_imported() -> None:
    code = (
        "import sys; from sake_ray.tracing.spans import *\n"
        "import sake_ray.data.reading, sake_ray.jobs.runner, sake_ray.cli.watch\n"
        "set_up_tracing('etl', '')\n"
        "with span('work', document='d'): record_span('wait', 1.0, 2.0)\n"
        "print([name for name in sys.modules if name.startswith(('opentelemetry', 'google.protobuf'))])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


def test_the_service_without_an_endpoint_imports_no_more_of_it_than_what_it_runs_on() -> None:
    """FastAPI and Ray Serve bring some of OpenTelemetry along."""
    code = (
        "import sys, ray.serve, fastapi\n"
        "def list_modules(): return {name for name in sys.modules if name.startswith('opentelemetry')}\n"
        "before = list_modules()\n"
        "import sake_ray.serve.deployments.gateway, sake_ray.serve.deployments.orchestrator, sake_ray.serve.deployments.etl\n"
        "import sake_ray.serve.deployments.predictor, sake_ray.tracing.spans\n"
        "sake_ray.tracing.spans.set_up_tracing('gateway', '')\n"
        "print(sorted(list_modules() - before))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"


def test_a_span_is_in_work_in_its_block_only() -> None:
    with span("outer", parent=TraceContext(TRACE, SPAN)) as outer:
        with span("inner") as inner:
            assert current_trace.get() == inner.context
        assert current_trace.get() == outer.context
    assert current_trace.get() is None


@pytest.mark.parametrize(
    ("endpoint", "address"),
    [
        ("http://c:4318", "http://c:4318/v1/traces"),
        ("http://c:4318/", "http://c:4318/v1/traces"),
        ("https://c/otlp/v1/traces", "https://c/otlp/v1/traces"),
    ],
)
def test_the_usual_path_is_added_to_an_address_without_one(endpoint: str, address: str) -> None:
    assert otlp.complete_address(endpoint) == address


@pytest.mark.parametrize("wrong", ["collector:4318", "ftp://c", "http://"])
def test_an_endpoint_that_is_no_address_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="otlp_endpoint"):
        Settings(otlp_endpoint=wrong)
