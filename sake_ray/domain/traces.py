"""Which trace the work in hand belongs to, in the words of W3C Trace Context, and the ids that log lines get by themselves."""

import re
import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256

TRACE_HEADER = "traceparent"
TRACEPARENT = re.compile(r"(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(-.*)?")


@dataclass(frozen=True, slots=True)
class TraceContext:
    """A place in a trace: the trace by 32 hexadecimal digits, and the span in it by 16; empty where it has none yet."""

    trace_id: str
    span_id: str = ""

    def to_header(self) -> str:
        """Write it as a traceparent; where it has no span yet, as the gateway does.

        Every trace is recorded here, so that a caller cannot hide a document.
        """
        return f"00-{self.trace_id}-{self.span_id or self.trace_id[:16]}-01"

    def make_child(self, span_id: str = "") -> "TraceContext":
        """A new span of the same trace."""
        return TraceContext(self.trace_id, span_id or secrets.token_hex(8))

    @property
    def is_made_by_gateway(self) -> bool:
        """Whether no caller named its span: nginx (cluster/gateway/maps.conf) then repeats the beginning of the trace."""
        return self.span_id == self.trace_id[:16]


current_trace: ContextVar[TraceContext | None] = ContextVar("current_trace", default=None)
"""The span in work; None where nothing is traced."""
request_id: ContextVar[str] = ContextVar("request_id", default="")
"""The id of the HTTP request in work."""
log_ids: ContextVar[Mapping[str, object]] = ContextVar("log_ids", default={})  # noqa: B039 - nobody changes it
"""What every log line says besides, such as the document in work."""


def start_trace() -> TraceContext:
    """Begin a trace of its own, with no span in it yet."""
    return TraceContext(secrets.token_hex(16))


def parse_traceparent(text: str) -> TraceContext | None:
    """Read a traceparent; None for anything that is none."""
    found = TRACEPARENT.fullmatch(text)
    if found is None or (found[1] == "00" and found[4]):
        return None
    return TraceContext(found[2], found[3])


def find_document_trace(trace_id: str, root: str) -> TraceContext:
    """Find the span of a document's upload, by the document that has the whole file: all attempts are below it.

    A document from before there were traces gets one of its own, the same in every attempt.
    """
    return TraceContext(trace_id or sha256(root.encode()).hexdigest()[:32], make_span_id(root))


def make_span_id(*parts: object) -> str:
    """Make the id of a span that others name before or after it is recorded, such as the attempt of a process that was killed."""
    return sha256(" ".join(map(str, parts)).encode()).hexdigest()[:16]


def find_trace_id() -> str:
    """The trace of the work in hand; empty without one."""
    context = current_trace.get()
    return context.trace_id if context else ""


def format_traceparent() -> str:
    """Write the place of the work in hand as a traceparent; empty without a trace."""
    context = current_trace.get()
    return context.to_header() if context and context.span_id else ""


@contextmanager
def continuing(traceparent: str, **ids: object) -> Iterator[None]:
    """Work on in the span that somebody else has opened, for the duration of the block; all log lines have the ids."""
    trace, named = current_trace.set(parse_traceparent(traceparent)), log_ids.set({**log_ids.get(), **ids})
    try:
        yield
    finally:
        log_ids.reset(named)
        current_trace.reset(trace)
