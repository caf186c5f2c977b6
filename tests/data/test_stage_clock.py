"""Stages of a page are noted inside the reader process, and believed outside only as far as they can be true."""

import time
from collections.abc import Iterator

import pytest

from sake_ray.data.stage_clock import MAX_STAGES, record_page, stage, take_stages, timing
from sake_ray.domain.texts import Page, WordSource
from sake_ray.domain.traces import continuing
from sake_ray.tracing.spans import close_tracing, set_up_tracing
from tests.collector import Collector, collecting

PLACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
PAGE = Page(3, 10, 10, (), WordSource.OCR)


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as collector:
        set_up_tracing("etl", collector.address)
        yield collector
        close_tracing()


def test_what_was_noted_of_a_page_is_taken_once() -> None:
    take_stages()
    with stage("layer"):
        pass
    assert list(timing("decode", "ab")) == ["a", "b"]
    taken = take_stages()
    assert [name for name, _, _ in taken] == ["layer", "decode", "decode", "decode"]
    assert all(began <= ended for _, began, ended in taken)
    assert take_stages() == []


def test_a_stage_that_fails_is_noted_as_well() -> None:
    take_stages()
    with pytest.raises(ZeroDivisionError), stage("tesseract"):
        raise ZeroDivisionError
    assert [name for name, _, _ in take_stages()] == ["tesseract"]


def test_a_page_of_many_slices_is_noted_within_bounds() -> None:
    take_stages()
    for _ in range(10 * MAX_STAGES):
        with stage("neural"):
            pass
    assert len(take_stages()) == MAX_STAGES


def test_stages_are_within_their_page_in_the_trace(collector: Collector) -> None:
    now = time.time()
    with continuing(PLACE):
        record_page(PAGE, now - 2, [["tesseract", now - 1.5, now - 1.0], ["encode", now - 1.0, now - 0.9]])
    close_tracing()
    page, tesseract, encode = collector.of_trace()
    assert (page.name, page.attributes) == ("page", {"sake.page": 3, "sake.source": "ocr", "sake.words": 0})
    assert (tesseract.name, encode.name) == ("tesseract", "encode")
    assert tesseract.parent == encode.parent == page.id


def test_what_cannot_be_true_is_not_recorded(collector: Collector) -> None:
    now = time.time()
    hostile = [
        ["Marie Durand", now - 1, now], ["tesseract", now, now - 1], ["tesseract", now - 900, now], ["tesseract", now, now + 900],
        ["tesseract", float("nan"), float("inf")], ["tesseract", "a", "b"], ["tesseract"], "tesseract", None, 7,
    ]  # fmt: skip
    with continuing(PLACE):
        for stages in (hostile, None, "tesseract", {"tesseract": 1}, [["encode", now - 1, now]] * 10 * MAX_STAGES):
            record_page(PAGE, now - 2, stages)
    close_tracing()
    names = [span.name for span in collector.of_trace()]
    assert (names.count("page"), names.count("encode"), len(names)) == (5, MAX_STAGES, 5 + MAX_STAGES)


def test_outside_of_a_trace_nothing_is_recorded(collector: Collector) -> None:
    record_page(PAGE, time.time(), [])
    close_tracing()
    assert collector.spans == []
