"""Record spans: what took how long, in which trace. Without an endpoint nothing is recorded, and OpenTelemetry is not imported.

Spans have ids, labels, codes and numbers only, never a name, a text or a reference. The list of attributes sees to that: what is
not in it is dropped, and who adds to it has to know what will be said. Besides, a value with spaces or other signs is dropped; a
word alone could be a name all the same.
"""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from sake_ray.domain.traces import TraceContext, current_trace, start_trace
from sake_ray.errors import SakeError

Value = str | int | float | bool

ATTRIBUTES = {
    "method": "http.request.method", "route": "http.route", "status": "http.response.status_code",
    **{
        name: f"sake.{name}"
        for name in (
            "attempt", "batch", "bytes", "cached", "cause", "document", "documents", "error", "job", "job_kind", "label",
            "media_type", "model", "needs_review", "outcome", "page", "pages", "pages_by_ocr", "policy", "source",
            "stage", "words",
        )
    },
}  # fmt: skip
"""What a span may say, and what that is called there."""
PLAIN = re.compile(r"[\w.:/{}+-]{0,100}")
LABEL = re.compile(r"[\w .-]{0,100}")
"""An admin's name for a kind of documents, which may have spaces."""


class SpanKind(StrEnum):
    """How a span stands to others, as OpenTelemetry has it."""

    INTERNAL = "INTERNAL"
    SERVER = "SERVER"
    PRODUCER = "PRODUCER"
    CONSUMER = "CONSUMER"


@dataclass(slots=True)
class TraceSpan:
    """What is going on in a block; `failed` marks it, and more may be said of it until it ends."""

    name: str
    context: TraceContext
    parent: str
    """The id of the span around it; empty for the first of a trace."""
    kind: SpanKind
    began: float
    """In Unix seconds."""
    attributes: dict[str, Value] = field(default_factory=dict)
    failed: bool = False

    def say(self, **attributes: Value | None) -> None:
        """Add attributes; those that are None are left out."""
        self.attributes.update({name: value for name, value in attributes.items() if value is not None})


class SpanSink(Protocol):
    """Where spans go."""

    def record(self, span: TraceSpan, attributes: Mapping[str, Value], ended: float) -> None:
        """Record a span that has ended, in Unix seconds. It neither blocks nor raises."""

    def close(self) -> None:
        """Send what is left, in a moment or not at all."""


_sinks: list[SpanSink] = []


def set_up_tracing(part: str, endpoint: str) -> None:
    """Export the spans of this process, called `part`, to an OTLP collector; an empty endpoint exports none."""
    close_tracing()
    if endpoint:
        from sake_ray.tracing.otlp import OtlpSink  # which imports OpenTelemetry

        _sinks.append(OtlpSink(part, endpoint))


def close_tracing() -> None:
    """Export no more."""
    while _sinks:
        _sinks.pop().close()


@contextmanager
def span(
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: TraceContext | None = None,
    id: str = "",
    **attributes: Value | None,
) -> Iterator[TraceSpan]:
    """Record what the block does as a span of the trace in work, or of `parent`; without either a new trace begins.

    In the block it is the span in work. An exception marks it as failed. `id` is for a span that others name too.
    """
    around = parent or current_trace.get() or start_trace()
    opened = TraceSpan(name, around.make_child(id), around.span_id, kind, time.time())
    opened.say(**attributes)
    token, clock = current_trace.set(opened.context), time.perf_counter()
    try:
        yield opened
    except BaseException as error:
        opened.failed = True
        opened.say(error=error.code if isinstance(error, SakeError) else type(error).__name__)
        raise
    finally:
        current_trace.reset(token)
        _record(opened, opened.began + time.perf_counter() - clock)


def end_span(opened: TraceSpan) -> None:
    """Record a span whose block does not end, because the process does."""
    _record(opened, time.time())


def record_span(
    name: str,
    began: float,
    ended: float,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    parent: TraceContext | None = None,
    id: str = "",
    failed: bool = False,
    **attributes: Value | None,
) -> TraceContext | None:
    """Record what is over, from one moment to another in Unix seconds; return its place, for spans within it.

    Nothing is recorded outside of a trace.
    """
    around = parent or current_trace.get()
    if around is None:
        return None
    ended_span = TraceSpan(name, around.make_child(id), around.span_id, kind, began, failed=failed)
    ended_span.say(**attributes)
    _record(ended_span, max(began, ended))
    return ended_span.context


def _record(over: TraceSpan, ended: float) -> None:
    for sink in _sinks:
        said = {ATTRIBUTES[name]: value for name, value in over.attributes.items() if _is_allowed(name, value)}
        sink.record(over, said, ended)


def _is_allowed(name: str, value: Value) -> bool:
    if isinstance(value, str) and not (LABEL if name == "label" else PLAIN).fullmatch(value):
        return False
    return name in ATTRIBUTES
