"""Export spans to an OTLP collector by OpenTelemetry's SDK, over HTTP and protobuf."""

import atexit
import logging
import os
import socket
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from contextvars import ContextVar
from urllib.parse import urlsplit

import requests
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.id_generator import IdGenerator
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)

from sake_ray.tracing.spans import TraceSpan, Value

log = logging.getLogger(__name__)

TRACES_PATH = "/v1/traces"
QUEUED_SPANS = 8192
"""Those of a few hundred documents; beyond, the oldest are dropped."""
EXPORTED_AT_ONCE = 512
PAUSE_SECONDS = 2.0
SEND_SECONDS = 5.0
END_SECONDS = 2.0
"""How long the end of a process may be held up by what is not sent yet."""
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}
VENDORS = ("opentelemetry.exporter", "opentelemetry.sdk")
"""Loggers that repeat themselves every few seconds while a collector is away."""


class OtlpSink:
    """Queues spans, and sends them from a thread of its own: who records one neither waits nor fails."""

    def __init__(self, part: str, endpoint: str) -> None:
        # Not Resource.create, which looks around in processes and files for more.
        resource = Resource(
            {"service.name": f"sake-{part}", "service.instance.id": f"{socket.gethostname()}-{os.getpid()}"}
        )
        for vendor in VENDORS:
            logging.getLogger(vendor).setLevel(logging.CRITICAL)
        self._exporter = CollectorExporter(endpoint)
        self._ids = PresetIds()
        self._provider = TracerProvider(
            sampler=ALWAYS_ON, resource=resource, id_generator=self._ids, shutdown_on_exit=False
        )
        self._provider.add_span_processor(
            BatchSpanProcessor(
                self._exporter,
                max_queue_size=QUEUED_SPANS,
                max_export_batch_size=EXPORTED_AT_ONCE,
                schedule_delay_millis=1000 * PAUSE_SECONDS,
            )
        )
        self._tracer = self._provider.get_tracer("sake_ray")
        # Shutting down waits for as long as a deaf collector takes; at the end of a process no thread can be started any more.
        self._is_over, self._is_sent = threading.Event(), threading.Event()
        threading.Thread(target=self._end, name="end of spans", daemon=True).start()
        atexit.register(self.close)

    def record(self, span: TraceSpan, attributes: Mapping[str, Value], ended: float) -> None:
        """Queue a span."""
        # Whatever a vendor's code finds wrong with a span, the work that it tells of goes on.
        with suppress(Exception):
            self._ids.preset.set((int(span.context.trace_id, 16), int(span.context.span_id, 16)))
            around = _find_parent(span)
            context = set_span_in_context(NonRecordingSpan(around)) if around else set_span_in_context(_NOBODY)
            made = self._tracer.start_span(
                span.name,
                context=context,
                kind=SpanKind[span.kind.value],
                attributes=attributes,
                start_time=int(span.began * 1e9),
            )
            if span.failed:
                made.set_status(Status(StatusCode.ERROR))
            made.end(int(ended * 1e9))

    def close(self) -> None:
        """Send what is queued, unless the collector is away, for END_SECONDS at most; nothing is recorded afterwards."""
        atexit.unregister(self.close)
        self._exporter.end_by = time.monotonic() + END_SECONDS
        self._is_over.set()
        if not self._is_sent.wait(END_SECONDS):
            self._exporter.give_up()

    def _end(self) -> None:
        self._is_over.wait()
        self._provider.shutdown()
        self._is_sent.set()


class CollectorExporter(SpanExporter):
    """Sends spans to the collector. While it is away they are dropped; the log says so once."""

    def __init__(self, endpoint: str) -> None:
        session = requests.Session()
        session.trust_env = urlsplit(endpoint).hostname not in LOCAL_HOSTS
        self._exporter = OTLPSpanExporter(complete_address(endpoint), timeout=SEND_SECONDS, session=session)
        self._away = False
        self._telling, self._has_given_up = threading.Lock(), False
        self.end_by: float | None = None
        """Until when something may be sent (`time.monotonic`), where this process is about to end."""

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """Send spans; tried again for some seconds."""
        if self.end_by is not None and (self._away or time.monotonic() > self.end_by):
            return SpanExportResult.FAILURE
        result = self._exporter.export(spans)
        with self._telling:
            if not self._has_given_up:
                self._tell(away=result is not SpanExportResult.SUCCESS)
        return result

    def give_up(self) -> None:
        """Try nothing again, and say now that something is not sent: a process that ends stops its threads in midsentence."""
        with self._telling:
            self._tell(away=True)
            self._has_given_up = True
        self.shutdown()

    def _tell(self, *, away: bool) -> None:
        if away and not self._away:
            log.warning("spans cannot be exported")
        elif self._away and not away:
            log.info("spans are exported again")
        self._away = away

    def shutdown(self) -> None:
        """Close the connection."""
        self._exporter.shutdown()  # type: ignore[no-untyped-call]


class PresetIds(IdGenerator):
    """Gives the ids that a span has already: log lines and other processes know it by them."""

    def __init__(self) -> None:
        self.preset: ContextVar[tuple[int, int]] = ContextVar("preset", default=(0, 0))

    def generate_trace_id(self) -> int:
        """The trace of the span that is being recorded."""
        return self.preset.get()[0]

    def generate_span_id(self) -> int:
        """Its own id."""
        return self.preset.get()[1]


def complete_address(endpoint: str) -> str:
    """The address that traces are sent to: of a collector's address without a path, the usual one below it."""
    return endpoint if urlsplit(endpoint).path.strip("/") else endpoint.rstrip("/") + TRACES_PATH


_NOBODY = NonRecordingSpan(SpanContext(0, 0, is_remote=False))


def _find_parent(span: TraceSpan) -> SpanContext | None:
    if not span.parent:
        return None
    return SpanContext(int(span.context.trace_id, 16), int(span.parent, 16), is_remote=True, trace_flags=TraceFlags(1))
