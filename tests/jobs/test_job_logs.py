"""The log of a job stays within bounds, has its last words at any time, and can be read on from anywhere."""

import fcntl
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sake_ray.jobs import bounded_log
from sake_ray.jobs.bounded_log import LEFT_OUT, append_output, read_piece
from sake_ray.jobs.log_capture import capture_output
from tests.waiting import wait_until

HEAD, TAIL = 1_000, 500


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_log, "HEAD_BYTES", HEAD)
    monkeypatch.setattr(bounded_log, "TAIL_BYTES", TAIL)


@pytest.fixture
def log(log: Path) -> Path:
    log.parent.mkdir(parents=True)
    return log


def append(log: Path, *lines: str) -> None:
    """Write as the copier does."""
    with log.open("ab+") as file:
        for line in lines:
            append_output(log, file.fileno(), f"{line}\n".encode())


def number_lines(first: int, end: int) -> list[str]:
    return [f"line {number}" for number in range(first, end)]


def read_on(log: Path, offset: int, *, most: int = 10_000) -> Iterator[tuple[str, int]]:
    while True:
        text, offset = read_piece(log, offset, most)
        if not text:
            return
        yield text, offset


def read_all(log: Path, *, most: int = 10_000) -> str:
    return "".join(text for text, _ in read_on(log, 0, most=most))


def test_of_a_long_log_the_beginning_and_the_end_are_kept(log: Path) -> None:
    log.write_text("of an earlier attempt\n")
    with capture_output(log):
        for number in range(1_000):
            os.write(1, f"line {number}\n".encode())
    kept = log.read_text()
    assert kept.startswith("of an earlier attempt\nline 0\n")
    assert kept.endswith("line 998\nline 999\n")
    assert "bytes are left out" in kept
    assert len(kept) <= HEAD + 2 * TAIL


def test_the_last_words_of_a_long_log_are_there_before_its_job_ends(log: Path) -> None:
    with capture_output(log):
        os.write(1, b"a word of many\n" * 1_000 + b"the last words\n")
        wait_until(lambda: log.read_text().endswith("the last words\n"))


def test_a_log_of_ordinary_length_is_whole(log: Path) -> None:
    with capture_output(log):
        os.write(2, b"all of it\n")
    assert log.read_text() == "all of it\n"


def count_written(log: Path) -> int:
    """How many bytes have been written, by what the log itself says."""
    found = LEFT_OUT.search(log.read_bytes())
    assert found
    return int(found[1]) + log.stat().st_size - len(found[0])


def test_what_is_left_out_is_counted_also_by_another_attempt(log: Path) -> None:
    append(log, *number_lines(0, 1_000))
    append(log, *number_lines(1_000, 2_000))
    assert count_written(log) == sum(len(line) + 1 for line in number_lines(0, 2_000))
    assert LEFT_OUT.split(log.read_bytes())[-1].startswith(b"line ")


def test_two_attempts_that_write_at_once_lose_nothing_of_each_other(log: Path) -> None:
    """One that has lost its job writes on for a moment."""
    attempts = [[f"{line} of {attempt}" for line in number_lines(0, 4_000)] for attempt in ("first", "second")]
    threads = [threading.Thread(target=append, args=(log, *lines)) for lines in attempts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count_written(log) == sum(len(line) + 1 for lines in attempts for line in lines)


@pytest.mark.parametrize("step", ["pwrite", "ftruncate"])
def test_a_kill_while_a_log_is_shortened_loses_nothing(log: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def die(*_: object) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr(os, step, die)
        append(log, "x" * (HEAD - 1), "y" * (2 * TAIL) + " the last words")
    assert log.read_text().endswith("the last words\n")
    append(log, "words of the next attempt")
    assert log.read_text().endswith("the last words\nwords of the next attempt\n")


def test_who_keeps_up_with_a_log_misses_nothing(log: Path) -> None:
    followed, offset = "", 0
    for line in number_lines(0, 1_000):
        append(log, line)
        text, offset = read_piece(log, offset, 10_000)
        followed += text
    assert followed.splitlines() == number_lines(0, 1_000)


@pytest.mark.parametrize("most", [7, 10_000])
def test_who_comes_later_reads_what_there_is(log: Path, most: int) -> None:
    append(log, *number_lines(0, 1_000))
    assert read_all(log, most=most) == log.read_text()


def test_who_falls_behind_is_told_and_goes_on_with_what_there_is(log: Path) -> None:
    append(log, *number_lines(0, 130))
    *_, (_, offset) = read_on(log, 0)
    append(log, *number_lines(130, 1_000))
    rest = "".join(text for text, _ in read_on(log, offset))
    assert LEFT_OUT.match(rest.encode())
    assert log.read_text().endswith(rest)


@pytest.mark.parametrize("most", [1, 2, 3, 4, 5, 10_000])
def test_a_piece_ends_between_two_characters(log: Path, most: int) -> None:
    log.write_text("déjà 😀 là")
    assert read_all(log, most=most) == "déjà 😀 là"


def test_a_character_that_is_half_written_comes_with_the_next_piece(log: Path) -> None:
    written = "déjà".encode()
    log.write_bytes(written[:2])
    assert read_piece(log, 0, 10_000) == ("d", 1)
    log.write_bytes(written)
    assert read_piece(log, 1, 10_000) == ("éjà", len(written))


def test_a_character_that_is_cut_by_what_is_left_out_holds_nobody_up(log: Path) -> None:
    append(log, "x" * (HEAD - 1) + "é" + "y" * (3 * TAIL))
    assert read_all(log).endswith("y\n")


def test_a_reader_does_not_hold_up_the_work(log: Path) -> None:
    log.write_text("x\n" * HEAD * 2)
    with log.open("rb") as reader:
        fcntl.flock(reader, fcntl.LOCK_SH)
        append(log, "y")
        assert log.stat().st_size == HEAD * 4 + 2
    append(log, "z")
    assert log.stat().st_size < HEAD + 2 * TAIL


def test_a_log_that_is_not_there_yet_is_empty(log: Path) -> None:
    assert read_piece(log, 3, 10) == ("", 3)
