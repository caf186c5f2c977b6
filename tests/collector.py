"""An OTLP collector in this process: it decodes what it is sent over HTTP and protobuf, and keeps the spans."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.waiting import wait_until


@dataclass(frozen=True)
class ReceivedSpan:
    """A span as it came; times in Unix seconds."""

    service: str
    instance: str
    name: str
    trace: str
    id: str
    parent: str
    began: float
    ended: float
    failed: bool
    attributes: dict[str, object]


@dataclass
class Collector:
    """What was received; `answer` is the status of what is received next. While it does not listen, nothing is answered."""

    address: str = ""
    answer: int = 200
    listens: threading.Event = field(default_factory=threading.Event)
    requests: int = 0
    spans: list[ReceivedSpan] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def wait_for(self, *names: str, trace: str = "") -> list[ReceivedSpan]:
        """Wait until there are spans of these names; return all, in the order in which they began."""

        def found() -> bool:
            return set(names) <= {span.name for span in self.of_trace(trace)}

        wait_until(found, log=lambda: sorted(span.name for span in self.spans))
        return self.of_trace(trace)

    def of_trace(self, trace: str = "") -> list[ReceivedSpan]:
        """The spans of a trace, or of all."""
        spans = [span for span in list(self.spans) if not trace or span.trace == trace]
        return sorted(spans, key=lambda span: span.began)


@contextmanager
def collecting() -> Iterator[Collector]:
    """Collect for the duration of a block."""
    collector = Collector()
    collector.listens.set()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            collector.requests += 1
            collector.listens.wait()
            if collector.answer == 200 and self.path == "/v1/traces":
                collector.bodies.append(body)
                collector.spans += _read(body)
            with suppress(ConnectionError):  # whoever has waited in vain is gone
                self.send_response(collector.answer)
                self.end_headers()
                self.wfile.write(ExportTraceServiceResponse().SerializeToString())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    collector.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield collector
    finally:
        collector.listens.set()
        server.shutdown()
        server.server_close()


def _read(body: bytes) -> Iterator[ReceivedSpan]:
    for part in ExportTraceServiceRequest.FromString(body).resource_spans:
        about = {item.key: item.value.string_value for item in part.resource.attributes}
        for span in (span for scope in part.scope_spans for span in scope.spans):
            said = {item.key: getattr(item.value, item.value.WhichOneof("value")) for item in span.attributes}
            yield ReceivedSpan(
                about["service.name"],
                about["service.instance.id"],
                span.name,
                span.trace_id.hex(),
                span.span_id.hex(),
                span.parent_span_id.hex(),
                span.start_time_unix_nano / 1e9,
                span.end_time_unix_nano / 1e9,
                span.status.code == 2,
                said,
            )
