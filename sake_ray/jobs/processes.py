"""Record the processes of a run, and end exactly those when their starter was killed."""

import json
import os
import secrets
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import psutil

from sake_ray.files import write_atomically

MARK = "SAKE_RUN"
"""The environment variable that every process of a run inherits, however deep, and nobody else has."""
WAIT_SECONDS = 10.0
PASSES = 5


def record_run(folder: Path, *, scratch: Path) -> str:
    """Record this process as the starter of a run with that scratch folder; set the run's mark in the environment, return it.

    What is started from now on inherits the mark, which nothing else on the machine has.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mark = secrets.token_hex(8)
    me = psutil.Process()
    note = {"pid": me.pid, "started": me.create_time(), "scratch": str(scratch)}
    write_atomically(folder / f"{mark}.run", json.dumps(note))
    os.environ[MARK] = mark
    return mark


def record_descendants(folder: Path, mark: str) -> None:
    """Add the processes started so far to the record: a program that writes its own title loses its mark."""
    family = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            family.append([process.pid, process.create_time()])
    note = folder / f"{mark}.run"
    write_atomically(note, json.dumps(json.loads(note.read_text()) | {"family": family}))


def find_scratch(folder: Path, mark: str) -> str:
    """Find the scratch folder of a run of this process."""
    return str(json.loads((folder / f"{mark}.run").read_text())["scratch"])


def forget_run(folder: Path, mark: str) -> None:
    """Drop the record of a run that has ended in order."""
    os.environ.pop(MARK, None)
    (folder / f"{mark}.run").unlink(missing_ok=True)


def end_run(folder: Path, mark: str) -> int:
    """End what is left of the run of this process; return how many there were."""
    note = folder / f"{mark}.run"
    return _end(mark, json.loads(note.read_text()).get("family", []) if note.exists() else [])


def is_alive(pid: int, started: float) -> bool:
    """Tell whether that very process is alive: pids are used again, start times are not."""
    try:
        process = psutil.Process(pid)
        return bool(abs(process.create_time() - started) < 1 and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def reap_runs(folder: Path) -> int:
    """End the processes of runs whose starter is gone; return how many there were.

    Starter and noted processes are known by pid and start time, all others by the run's mark; no process is ended by its name.
    """
    ended = 0
    for note in sorted(folder.glob("*.run")):
        scratch, family = "", []
        try:
            starter = json.loads(note.read_text())
            if is_alive(starter["pid"], starter["started"]):
                continue
            scratch, family = starter["scratch"], starter.get("family", [])
        except (OSError, ValueError, KeyError, TypeError):
            pass  # a note cut short by the kill: its starter did not live to start anything
        ended += _end(note.stem, family)
        if scratch:
            shutil.rmtree(scratch, ignore_errors=True)
        note.unlink(missing_ok=True)
    return ended


def _end(mark: str, family: list[list[float]]) -> int:
    """End them, and search again: one of them may have been starting another process."""
    ended = 0
    for _ in range(PASSES):
        found = _end_once(mark, family)
        if not found:
            break
        ended += found
    return ended


def _end_once(mark: str, family: list[list[float]]) -> int:
    noted = {int(pid) for pid, started in family if is_alive(int(pid), started)}
    left = []
    for process in psutil.process_iter():
        try:
            ours = process.pid in noted or process.environ().get(MARK) == mark
            if ours and process.pid != os.getpid():
                process.send_signal(signal.SIGKILL)
                left.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    psutil.wait_procs(left, timeout=WAIT_SECONDS)
    return len(left)
