"""Killing whatever works: the run goes on, or goes on when started again, and reads nothing twice that was finished.

Eight documents in `make test`, sixty in `make faults`.
"""

import csv
import json
import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from subprocess import Popen

import psutil
import pytest

from sake_ray.domain.documents import Status
from tests.command import run_sake
from tests.pages import letter, png
from tests.waiting import wait_until

COUNT = 60 if os.environ.get("SAKE_FAULTS") == "full" else 8
FINISHED = COUNT // 4
Start = Callable[..., Popen[str]]


def write_scans(folder: Path, count: int = COUNT) -> Path:
    folder.mkdir()
    for number in range(count):
        (folder / f"scan-{number:02}.png").write_bytes(
            png(letter((f"Letter {number} about the invoice", "Total amount due on Monday")).render(130))
        )
    return folder


def journal_of(output: Path) -> list[dict[str, object]]:
    journal = output.with_name(output.name + ".journal")
    return (
        [json.loads(line) for line in journal.read_text().splitlines() if line.endswith("}")]
        if journal.exists()
        else []
    )


def rows_of(output: Path) -> list[dict[str, str]]:
    with output.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def reader_processes(process: Popen[str]) -> list[psutil.Process]:
    found = []
    for child in psutil.Process(process.pid).children(recursive=True):
        with suppress(psutil.Error):
            if "sake_ray.data.reader_process" in " ".join(child.cmdline()):
                found.append(child)
    return found


def victims(process: Popen[str], *, on_ray: bool) -> list[psutil.Process]:
    """Who reads: a worker of Ray with its reader process, or without Ray the reader process itself."""
    readers = reader_processes(process)
    parents = [reader.parent() for reader in readers]
    workers = [parent for parent in parents if parent and parent.pid != process.pid]
    return workers if on_ray else readers


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("local_seconds", ["0", "100000"], ids=["on Ray", "without Ray"])
def test_killed_reader_and_killed_command_lose_nothing_and_leave_no_process(
    home: Path, tmp_path: Path, start_sake: Start, local_seconds: str
) -> None:
    scans, output, objects = write_scans(tmp_path / "scans"), tmp_path / "out.csv", tmp_path / "objects"
    settings = {"SAKE_OBJECTS_URL": str(objects), "SAKE_LOCAL_SECONDS": local_seconds}
    running = start_sake("classify", str(scans), "--output", str(output), home=home, **settings)

    def said() -> object:
        return running.poll() is not None and running.communicate()

    (worker, *_) = wait_until(
        lambda: list(objects.rglob("*.json.gz")) and victims(running, on_ray=local_seconds == "0"),
        process=running,
        log=said,
    )
    worker.kill()
    wait_until(lambda: len(list(objects.rglob("*.json.gz"))) >= FINISHED, process=running, log=said)
    family = psutil.Process(running.pid).children(recursive=True)
    running.send_signal(signal.SIGKILL)
    running.wait()
    time.sleep(1)
    finished = {path: path.stat().st_mtime_ns for path in objects.rglob("*.json.gz")}
    assert FINISHED <= len(finished) < COUNT

    done = run_sake("classify", str(scans), "--output", str(output), home=home, **settings)

    assert done.returncode == 0, done.stderr
    assert [Path(row["path"]).name for row in rows_of(output)] == [f"scan-{number:02}.png" for number in range(COUNT)]
    assert {row["status"] for row in rows_of(output)} == {Status.COMPLETED}
    assert all(path.stat().st_mtime_ns == when for path, when in finished.items())  # read once, never again
    assert len({entry["path"] for entry in journal_of(output)}) == len(journal_of(output)) == COUNT
    assert not psutil.wait_procs(family, timeout=120)[1]
    assert not list((home / "run").glob("*.run"))
