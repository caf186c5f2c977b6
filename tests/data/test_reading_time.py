"""CPU time counts against a document, and how busy the machine is does not."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sake_ray.data.ocr.engines import run_within
from sake_ray.data.reading import Reader, ReadingOptions
from sake_ray.data.reading_clock import measure_cpu
from sake_ray.domain import limits
from sake_ray.domain.limits import Limits
from sake_ray.errors import ReadingStalled, ReadingTimeout
from tests.pages import letter, png
from tests.resources.hostile import hostile_file
from tests.waiting import wait_until

SCAN = png(letter().render(100))
SECONDS = 6.0


@contextmanager
def stopped_while_reading(reader: Reader, seconds: float) -> Iterator[None]:
    """Stop the reader process and its Tesseract for so long, as soon as it has a document."""

    def stop() -> None:
        process = reader._process
        assert process
        wait_until(lambda: process._busy)
        os.killpg(process._process.pid, signal.SIGSTOP)
        time.sleep(seconds)
        os.killpg(process._process.pid, signal.SIGCONT)

    _ = reader.recipe
    thread = threading.Thread(target=stop)
    thread.start()
    try:
        yield
    finally:
        thread.join()


@pytest.mark.parametrize("engine", ["pytesseract", "tesserocr"])
def test_a_reading_that_the_machine_keeps_waiting_longer_than_its_limits_is_done(engine: str) -> None:
    options = ReadingOptions(limits=Limits(page_seconds=SECONDS, document_seconds=SECONDS), engine=engine)
    with Reader(options) as reader, stopped_while_reading(reader, SECONDS + 1):
        assert "workshop" in reader.read(SCAN).text


def test_a_reading_that_computes_longer_than_its_limits_is_ended() -> None:
    limits = Limits(page_seconds=1, document_seconds=2)
    with Reader(ReadingOptions(limits=limits)) as reader, pytest.raises(ReadingTimeout):
        reader.read(hostile_file("jpeg_of_100000_scans").data)


def test_a_reading_that_hangs_is_ended_through_no_fault_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MIN_PATIENCE", 1)
    monkeypatch.setattr(limits, "STARVED", 0.5)
    options = ReadingOptions(limits=Limits(page_seconds=SECONDS, document_seconds=SECONDS))
    with Reader(options) as reader:
        _ = reader.recipe
        process = reader._process
        assert process
        os.killpg(process._process.pid, signal.SIGSTOP)
        with pytest.raises(ReadingStalled):
            reader.read(SCAN)
        assert reader._process is not process


def test_cpu_time_of_children_counts_before_and_after_they_end() -> None:
    with Reader(ReadingOptions(engine="pytesseract")) as reader:
        _ = reader.recipe
        assert reader._process
        pid = reader._process._process.pid
        before = measure_cpu(pid)
        reader.read(SCAN)
        assert measure_cpu(pid) > before


def test_a_process_that_has_ended_has_no_cpu_time() -> None:
    assert measure_cpu(2**22 + 1) == 0


def test_what_was_kept_waiting_runs_again_with_more_time_by_the_clock() -> None:
    given: list[float] = []

    def run(wall: float) -> str:
        given.append(wall)
        if wall < 30:
            raise ReadingTimeout("ocr-timeout")
        return "done"

    assert run_within(10, run) == "done"
    assert given == [10, 20, 40]


def test_what_had_its_cpu_time_does_not_run_again() -> None:
    given: list[float] = []

    def run(wall: float) -> None:
        given.append(wall)
        end = time.process_time() + wall
        while time.process_time() < end:
            pass
        raise ReadingTimeout("ocr-timeout")

    with pytest.raises(ReadingTimeout):
        run_within(0.2, run)
    assert given == [0.2]
