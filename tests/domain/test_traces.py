"""What a trace is known by, in the words of W3C Trace Context."""

import pytest

from sake_ray.domain.traces import (
    TraceContext,
    continuing,
    current_trace,
    find_document_trace,
    find_trace_id,
    format_traceparent,
    log_ids,
    parse_traceparent,
    start_trace,
)

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize("flags", ["00", "01", "ff"])
def test_a_traceparent_is_read_and_written(flags: str) -> None:
    context = parse_traceparent(f"00-{TRACE}-{SPAN}-{flags}")
    assert context == TraceContext(TRACE, SPAN)
    assert context.to_header() == f"00-{TRACE}-{SPAN}-01"


def test_a_later_version_may_say_more() -> None:
    assert parse_traceparent(f"cc-{TRACE}-{SPAN}-01-what-the-future-will-be-like") == TraceContext(TRACE, SPAN)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "00",
        f"00-{TRACE}-{SPAN}",
        f"00-{TRACE}-{SPAN}-01-more",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE[:-1]}-{SPAN}-01",
        f" 00-{TRACE}-{SPAN}-01",
        f"00-{TRACE}-{SPAN}-01\n",
        f"00-{'Marie Durand'.ljust(32)}-{SPAN}-01",
    ],
)
def test_what_is_no_traceparent_is_none(text: str) -> None:
    assert parse_traceparent(text) is None


def test_a_child_is_another_span_of_the_same_trace() -> None:
    parent = start_trace().make_child()
    child = parent.make_child()
    assert (child.trace_id, len(child.span_id)) == (parent.trace_id, 16)
    assert child.span_id != parent.span_id


def test_a_document_without_a_trace_gets_the_same_in_every_attempt() -> None:
    assert find_document_trace("", "a") == find_document_trace("", "a")
    assert find_document_trace("", "a") != find_document_trace("", "b")
    assert parse_traceparent(find_document_trace("", "a").to_header())


def test_work_goes_on_in_the_trace_that_it_was_given_until_the_block_ends() -> None:
    with continuing(f"00-{TRACE}-{SPAN}-01", document="d1"), continuing(format_traceparent(), attempt=2):
        assert find_trace_id() == TRACE
        assert log_ids.get() == {"document": "d1", "attempt": 2}
    assert current_trace.get() is None
    assert (find_trace_id(), format_traceparent(), log_ids.get()) == ("", "", {})
