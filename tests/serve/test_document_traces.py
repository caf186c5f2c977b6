"""One trace of a document shows where its seconds went, from the request to the reader process, retries included."""

import asyncio
import json
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path

import pytest

from sake_ray.data.reading import Reader
from sake_ray.domain.documents import Document
from sake_ray.domain.page_ranges import PageRange
from sake_ray.domain.parts import SplitMode
from sake_ray.domain.peers import parse_networks
from sake_ray.domain.texts import DocumentText
from sake_ray.domain.traces import format_traceparent
from sake_ray.domain.verdicts import Policy, Prediction, Verdict
from sake_ray.errors import StorageUnavailable
from sake_ray.logs import set_up_logs
from sake_ray.serve.attempts import AttemptRunner, OrchestratorObserver, ReadingEvent
from sake_ray.serve.config import ServiceConfig
from sake_ray.serve.deployments.etl import Etl
from sake_ray.splitting.proposal import predict_documents
from sake_ray.tracing import otlp
from sake_ray.tracing.spans import close_tracing, set_up_tracing
from tests.collector import Collector, ReceivedSpan, collecting
from tests.pages import letter, png
from tests.served_office import ServedOffice

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
SENT = {"traceparent": f"00-{TRACE}-{SPAN}-01", "X-Request-ID": "r-17"}
SECRETS = ("Ravaillac", "Durand", "marie", "northern", "paris")
"""What the tests' documents are called, by whom they are sent, and what they say."""
SCAN = png(letter(("Total amount due on Monday", "Invoice of the northern branch")).render(100))
Classify = Callable[[DocumentText, SplitMode], Awaitable[Prediction]]


class TracedOffice:
    """An installation whose spans are collected, with a real reader that works through the queue."""

    def __init__(self, office: ServedOffice, collector: Collector, reader: Reader, logs: Path) -> None:
        self.office, self.collector, self.logs = office, collector, logs
        self.sign = office.account("marie")
        config = ServiceConfig(
            records=office.records, store=office.store, registry=office.registry, reading=reader.options, recipe=reader.recipe,
            policy=Policy(), models=office.home / "models", workspace=office.workspace, job_logs=office.home / "jobs",
            token_key=office.home / "key", screens_key=office.home / "key", trusted_proxies=parse_networks(""), logs=logs,
            log_level="INFO", readers=1, cpus=1,
        )  # fmt: skip
        self.etl = Etl(config)
        set_up_logs("test", folder=logs, level="INFO", to_stderr=False)
        set_up_tracing("test", collector.address)

    def upload(self, data: bytes = SCAN, **headers: str) -> str:
        answer = self.office.http.post(
            "/predict",
            headers=self.sign | SENT | headers,
            data={"reference": "Durand, Marie"},
            files=[("files", ("Ravaillac.png", data))],
        )
        assert answer.status_code == 202, answer.text
        return self.office.only_document(self.sign, answer.json()["uuid"])

    def work(self, classify: Classify | None = None, *, later: timedelta = timedelta()) -> None:
        """Make an attempt at what waits, as the orchestrator does; `later` is how long after now."""

        async def read(document: Document) -> AsyncIterator[ReadingEvent]:
            async for event in self.etl.read(document, False, format_traceparent()):
                yield event

        async def run() -> None:
            runner = AttemptRunner(
                self.office.records, read=read, classify=classify or self.classify, observer=OrchestratorObserver()
            )
            now = datetime.now(UTC) + later
            for claim in self.office.records.queue.claim("w", limit=9, lease=timedelta(hours=9), now=now):
                await runner.run(claim)

        asyncio.run(run())

    async def classify(self, text: DocumentText, split: SplitMode) -> Prediction:
        (verdict,) = predict_documents(self.office.model.classifier, [text], policy=Policy(), modes=[split])
        assert isinstance(verdict, Verdict)
        return Prediction(verdict, "1", "hash", 1)

    def finish(self, trace: str = TRACE) -> list[ReceivedSpan]:
        """Send what is queued; the spans of the trace."""
        close_tracing()
        return self.collector.of_trace(trace)

    def read_log(self) -> list[dict[str, object]]:
        return [json.loads(line) for line in (self.logs / "test.log").read_text().splitlines()]

    def tell_story(self, document: str) -> list[dict[str, object]]:
        return [line for line in self.read_log() if line.get("document") == document]


@pytest.fixture
def traced(
    office: ServedOffice, reader: Reader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TracedOffice]:
    monkeypatch.setattr(otlp, "PAUSE_SECONDS", 0.05)
    with collecting() as collector:
        traced = TracedOffice(office, collector, reader, tmp_path / "logs")
        yield traced
        close_tracing()
    ours = logging.getLogger("sake_ray")
    for handler in ours.handlers:
        handler.close()
    ours.handlers.clear()
    ours.propagate = True


def only(spans: list[ReceivedSpan], name: str) -> ReceivedSpan:
    (found,) = [span for span in spans if span.name == name]
    return found


def path_of(spans: list[ReceivedSpan], span: ReceivedSpan) -> list[str]:
    """The names from the first span down to this one."""
    by_id = {one.id: one for one in spans}
    names = [span.name]
    while span.parent in by_id:
        span = by_id[span.parent]
        names.insert(0, span.name)
    return names


def test_one_trace_shows_where_the_seconds_of_a_document_went(traced: TracedOffice) -> None:
    document = traced.upload()
    traced.work()
    spans = traced.finish()
    upload, attempt = ["POST /predict", "document"], ["POST /predict", "document", "attempt"]
    reading = [*attempt, "read", "reading"]
    assert path_of(spans, only(spans, "document")) == upload
    for name in ("receive", "commit"):
        assert path_of(spans, only(spans, name)) == ["POST /predict", name]
    assert path_of(spans, only(spans, "wait")) == [*upload, "wait"]
    for name in ("classify", "complete"):
        assert path_of(spans, only(spans, name)) == [*attempt, name]
    for name in ("fetch", "page", "store", "export"):
        assert path_of(spans, only(spans, name)) == [*reading, name]
    for name in ("decode", "tesseract", "encode"):
        assert path_of(spans, only(spans, name)) == [*reading, "page", name]
    assert only(spans, "POST /predict").parent == SPAN
    assert only(spans, "attempt").attributes["sake.document"] == document
    assert only(spans, "page").attributes["sake.source"] == "ocr"
    assert not any(span.failed for span in spans)


def test_the_stages_of_a_page_lie_within_it_and_take_most_of_its_time(traced: TracedOffice) -> None:
    traced.upload()
    traced.work()
    spans = traced.finish()
    page = only(spans, "page")
    stages = [span for span in spans if span.parent == page.id]
    assert all(page.began - 0.1 <= stage.began <= stage.ended <= page.ended + 0.1 for stage in stages)
    assert sum(stage.ended - stage.began for stage in stages) > 0.5 * (page.ended - page.began)


def test_retries_are_further_spans_of_the_same_trace(traced: TracedOffice) -> None:
    async def fail(text: DocumentText, split: SplitMode) -> Prediction:
        raise StorageUnavailable("storage-failed")

    document = traced.upload()
    traced.work(fail)
    traced.work(later=timedelta(hours=1))
    spans = traced.finish()
    first, second = [span for span in spans if span.name == "attempt"]
    assert (first.attributes["sake.attempt"], second.attributes["sake.attempt"]) == (1, 2)
    assert (first.failed, first.attributes["sake.cause"], first.attributes["sake.outcome"]) == (
        True,
        "SERVICE",
        "put-back",
    )
    assert (second.failed, second.attributes["sake.outcome"]) == (False, "completed")
    assert first.parent == second.parent == only(spans, "document").id
    events = [line["event"] for line in traced.tell_story(document)]
    assert events == [
        *("document accepted", "attempt started", "document read", "attempt put back"),
        *("attempt started", "document read", "document classified"),
    ]


def test_an_attempt_whose_worker_was_killed_is_in_the_trace_as_well(traced: TracedOffice) -> None:
    traced.upload()
    past = datetime.now(UTC)
    traced.office.records.queue.claim("killed", limit=1, lease=timedelta(seconds=1), now=past)
    traced.work(later=timedelta(minutes=5))
    spans = traced.finish()
    lost, second = [span for span in spans if span.name == "attempt"]
    assert (lost.failed, lost.attributes["sake.cause"], lost.attributes["sake.attempt"]) == (True, "LOST", 1)
    assert second.attributes["sake.attempt"] == 2
    assert lost.parent == second.parent


def test_documents_of_one_request_share_its_trace_and_have_spans_of_their_own(traced: TracedOffice) -> None:
    files = [("files", (f"{number}.png", SCAN)) for number in range(3)]
    traced.office.http.post("/predict", headers=traced.sign | SENT, data={"reference": "Durand"}, files=files)
    traced.work()
    spans = traced.finish()
    parents = {span.id for span in spans if span.name == "document"}
    assert len(parents) == 3
    assert {span.parent for span in spans if span.name == "attempt"} == parents


def test_a_failed_document_is_told_by_its_code(traced: TracedOffice) -> None:
    document = traced.upload(SCAN[: len(SCAN) // 3])
    traced.work()
    spans = traced.finish()
    attempt = only(spans, "attempt")
    error = traced.office.records.documents.get(document, team=None).error
    assert (attempt.attributes["sake.outcome"], attempt.attributes["sake.error"]) == ("failed", error.code)
    assert traced.tell_story(document)[-1]["cause"] == error.code


def test_spans_and_logs_name_nobody_and_quote_nothing(traced: TracedOffice) -> None:
    traced.upload()
    traced.work()
    for path in ("/references/Durand%2C%20Marie", "/documents/Ravaillac", "/nothing/Ravaillac"):
        traced.office.http.get(path, headers=traced.sign | SENT)
    traced.office.http.request("RAVAILLAC", "/documents", headers=SENT)
    traced.finish()
    sent = b"".join(traced.collector.bodies).lower() + (traced.logs / "test.log").read_bytes().lower()
    assert [secret for secret in SECRETS if secret.lower().encode() in sent] == []


def test_the_story_of_a_document_has_four_lines_with_all_ids(traced: TracedOffice) -> None:
    document = traced.upload()
    traced.work()
    story = traced.tell_story(document)
    assert [line["event"] for line in story] == [
        "document accepted", "attempt started", "document read", "document classified",
    ]  # fmt: skip
    assert {line["trace_id"] for line in story} == {TRACE}
    assert len({line["batch"] for line in story}) == 1
    assert story[0]["request_id"] == "r-17"
    assert {line["attempt"] for line in story[1:]} == {1}


def test_answers_name_their_trace_whatever_they_say(traced: TracedOffice) -> None:
    http = traced.office.http
    for answer in (
        http.get("/documents", headers=traced.sign | SENT),
        http.get("/documents", headers=SENT),
        http.get("/documents/unknown", headers=traced.sign | SENT),
        http.get("/health", headers=SENT),
        http.post("/documents", headers=traced.sign | SENT | {"Content-Length": "-1"}),
    ):
        version, trace, span, flags = answer.headers["traceparent"].split("-")
        assert (version, trace, flags) == ("00", TRACE, "01")
        assert span != SPAN
        if answer.is_error:
            assert answer.json()["trace_id"] == TRACE


@pytest.mark.parametrize("sent", ["", "00-Ravaillac", f"00-{'0' * 32}-{SPAN}-01"])
def test_without_a_good_traceparent_a_trace_begins(traced: TracedOffice, sent: str) -> None:
    answer = traced.office.http.get("/documents", headers=traced.sign | ({"traceparent": sent} if sent else {}))
    trace = answer.headers["traceparent"].split("-")[1]
    (span,) = traced.finish(trace)
    assert (span.trace, span.parent) == (trace, "")


def test_what_the_gateway_has_begun_has_no_span_before_the_requests(traced: TracedOffice) -> None:
    """nginx records none: a parent that never comes would make each trace look incomplete."""
    sent = {"traceparent": f"00-{TRACE}-{TRACE[:16]}-01"}
    traced.office.http.get("/documents", headers=traced.sign | sent)
    (span,) = traced.finish()
    assert span.parent == ""


def test_the_audit_log_names_the_trace_and_its_chain_holds(traced: TracedOffice) -> None:
    traced.upload()
    entries = list(traced.office.records.audit.iterate())
    (uploaded,) = [entry for entry in entries if entry.action == "documents-uploaded"]
    assert uploaded.details["trace_id"] == TRACE
    assert traced.office.records.audit.verify().faults == ()


def test_a_document_says_which_trace_it_belongs_to(traced: TracedOffice) -> None:
    document = traced.upload()
    assert traced.office.http.get(f"/documents/{document}", headers=traced.sign).json()["trace_id"] == TRACE


def test_parts_of_a_document_go_on_in_its_trace(traced: TracedOffice) -> None:
    pages = [letter((f"Page {number} of the northern report",)).render(100) for number in (1, 2)]
    file = BytesIO()
    pages[0].save(file, "TIFF", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    document = traced.upload(file.getvalue())
    traced.work()
    records = traced.office.records
    whole = records.documents.get(document, team=None)
    records.splits.split(whole, [PageRange(1, 1), PageRange(2, 2)], by="marie", now=datetime.now(UTC))
    traced.work(later=timedelta(minutes=1))
    spans = traced.finish()
    attempts = [span for span in spans if span.name == "attempt"]
    assert len(attempts) == 3
    assert {span.parent for span in attempts} == {only(spans, "document").id}


def test_no_framework_records_spans_of_its_own() -> None:
    """FastAPI records each request, with its path, wherever a program sets a provider or FASTAPI_OTEL_AUTO_CONFIGURE."""
    code = """
from fastapi.testclient import TestClient
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sake_ray.serve.http_app import create_app
kept, provider = InMemorySpanExporter(), TracerProvider()
provider.add_span_processor(SimpleSpanProcessor(kept))
trace.set_tracer_provider(provider)
with TestClient(create_app(None), raise_server_exceptions=False) as http:
    http.get("/references/Ravaillac")
print([span.to_json() for span in kept.get_finished_spans()])
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
