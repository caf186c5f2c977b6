"""The logs of a home tell the story of one document, request or trace, in the order of time."""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from sake_ray.logs.bounds import rotate_in_place
from sake_ray.logs.stories import HomeLogs, Story
from tests.command import run_sake

DOCUMENT, OTHER, REQUEST, TRACE = "d" * 32, "e" * 32, "r-17", "4bf92f3577b34da6a3ce929d0e0e4736"


def write(path: Path, *lines: dict[str, object] | str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as log:
        for line in lines:
            log.write(line if isinstance(line, str) else json.dumps(line) + "\n")


def ours(second: float, part: str, event: str, **facts: object) -> dict[str, object]:
    time = f"2026-11-28T09:00:{second:06.3f}+00:00"
    return {"time": time, "level": "INFO", "part": part, "logger": "sake_ray.x", "event": event, **facts}


@pytest.fixture
def written(tmp_path: Path) -> Path:
    """A home whose logs speak of two documents of one request, and of another."""
    logs = tmp_path / "logs"
    of = {"trace_id": TRACE, "batch": "b"}
    write(
        logs / "gateway.log",
        ours(1, "gateway", "document accepted", document=DOCUMENT, request_id=REQUEST, **of),
        ours(1.5, "gateway", "document accepted", document=OTHER, request_id=REQUEST, **of),
        ours(1.6, "gateway", "document accepted", document="f" * 32, request_id="r-18", trace_id="1" * 32),
        "not JSON, although it names " + DOCUMENT + "\n",
        '["' + DOCUMENT + '"]\n',
        '{"time": "yesterday", "document": "' + DOCUMENT + '"}\n',
    )
    write(logs / "etl-2.log.1", ours(4, "etl", "document read", document=DOCUMENT, pages=2, seconds=1.5, **of))
    write(
        logs / "orchestrator.log",
        ours(3, "orchestrator", "attempt started", document=DOCUMENT, attempt=1, **of),
        ours(5, "orchestrator", "attempt put back", document=DOCUMENT, attempt=1, cause="SERVICE", **of)
        | {"level": "WARNING"},
        ours(6, "orchestrator", "attempt started", document=OTHER, attempt=1, **of),
    )
    write(
        logs / "nginx-failures.log",
        {"ts": "2026-11-28T10:00:02+01:00", "part": "gateway", "request_id": REQUEST, "trace_id": TRACE, "method": "POST",
         "status": 503, "place": "predict"},
    )  # fmt: skip
    return tmp_path


def tell(home: Path, *words: str) -> list[str]:
    """Times and events of the story."""
    told = run_sake("logs", *words, home=home)
    assert told.returncode == 0, told.stderr
    return re.findall(r"^\d\d:\d\d:(\d\d)\.\d{3}  \S+\s+(?:!+ )?(.*?)(?:  |$)", told.stdout, re.MULTILINE)


def test_the_story_of_a_document_is_told_in_the_order_of_time_from_all_logs(written: Path) -> None:
    assert tell(written, "--document", DOCUMENT) == [
        ("01", "document accepted"), ("02", "POST answered with 503"), ("03", "attempt started"), ("04", "document read"),
        ("05", "attempt put back"),
    ]  # fmt: skip


def test_the_story_of_a_request_is_that_of_its_trace(written: Path) -> None:
    by_request, by_trace = tell(written, "--request", REQUEST), tell(written, "--trace", TRACE)
    assert [second for second, _ in by_request] == ["01", "01", "02", "03", "04", "05", "06"]
    assert by_trace == by_request


def test_people_read_the_facts_and_programs_the_lines(written: Path) -> None:
    told = run_sake("logs", "--document", DOCUMENT, home=written)
    assert "etl           document read           pages=2 seconds=1.5" in told.stdout
    assert "! attempt put back" in told.stdout
    assert TRACE not in told.stdout
    assert TRACE in told.stderr
    lines = [
        json.loads(line)
        for line in run_sake("logs", "--document", DOCUMENT, "--json", home=written).stdout.splitlines()
    ]
    assert lines[3] == ours(
        4, "etl", "document read", document=DOCUMENT, pages=2, seconds=1.5, trace_id=TRACE, batch="b"
    )


def test_on_a_cluster_it_says_that_other_machines_have_logs_of_their_own(written: Path) -> None:
    told = run_sake("logs", "--document", DOCUMENT, home=written, SAKE_RAY_ADDRESS="head:6379")
    assert "this machine" in told.stderr


def test_what_no_log_speaks_of_is_not_found(written: Path) -> None:
    told = run_sake("logs", "--document", "nobody", home=written)
    assert (told.returncode, told.stdout) == (2, "")
    assert "'nobody'" in told.stderr


@pytest.mark.parametrize("words", [(), ("3", "--document", DOCUMENT), ("--trace", TRACE, "--request", REQUEST)])
def test_one_thing_is_asked_for_at_a_time(written: Path, words: tuple[str, ...]) -> None:
    assert run_sake("logs", *words, home=written).returncode == 2


def test_what_comes_is_followed_also_when_a_log_is_begun_anew(
    written: Path, start_sake: Callable[..., "subprocess.Popen[str]"]
) -> None:
    process = start_sake("logs", "--document", DOCUMENT, "--follow", "--json", home=written)
    assert process.stdout
    for _ in range(5):
        assert DOCUMENT in (line := process.stdout.readline()) or TRACE in line
    log = written / "logs/orchestrator.log"
    log.rename(log.with_name("orchestrator.log.1"))
    write(log, ours(9, "orchestrator", "document classified", document=DOCUMENT, trace_id=TRACE, label="facture"))
    assert json.loads(process.stdout.readline())["event"] == "document classified"
    assert process.poll() is None


def test_what_was_told_is_not_told_again_when_its_log_is_copied_and_begun_anew(written: Path) -> None:
    """As it is done with the log of a program that holds it open."""
    logs, story = HomeLogs(written), Story(document=DOCUMENT)
    assert len(logs.tell(story)) == 5
    log = written / "logs/orchestrator.log"
    write(log, ours(7, "orchestrator", "attempt started", document=DOCUMENT))
    assert rotate_in_place(log, most=1)
    write(log, ours(8, "orchestrator", "document classified", document=DOCUMENT))
    assert [line.event for line in logs.go_on(story)] == ["attempt started", "document classified"]
    assert logs.go_on(story) == []


def test_a_copy_is_not_told_while_the_log_is_not_begun_anew_yet(written: Path) -> None:
    logs, story = HomeLogs(written), Story(document=DOCUMENT)
    logs.tell(story)
    shutil.copyfile(written / "logs/orchestrator.log", written / "logs/orchestrator.log.1")
    assert logs.go_on(story) == []


def test_a_log_that_was_begun_anew_and_is_longer_than_before_is_told_from_its_beginning(written: Path) -> None:
    logs, story = HomeLogs(written), Story(document=DOCUMENT)
    logs.tell(story)
    log = written / "logs/orchestrator.log"
    rotate_in_place(log, most=1)
    for second in range(10, 20):
        write(log, ours(second, "orchestrator", "attempt started", document=DOCUMENT))
    assert [line.time.second for line in logs.go_on(story)] == list(range(10, 20))


def test_lines_of_serve_count_by_the_clock_of_the_machine(tmp_path: Path) -> None:
    write(
        tmp_path / "logs/serve/replica.log",
        {"asctime": "2026-11-28 09:00:07,250", "levelname": "ERROR", "message": "it failed", "component_name": "Etl",
         "document": DOCUMENT},
    )  # fmt: skip
    told = run_sake("logs", "--document", DOCUMENT, home=tmp_path, TZ="Europe/Paris")
    assert "08:00:07.250  Etl           !! it failed" in told.stdout
