"""Remember what was started, and end exactly that when its starter was killed."""

import json
import os
import secrets
import shutil
import signal
from pathlib import Path

import psutil

MARK = "SAKE_RUN"
"""The environment variable that every process of a run inherits, however deep, and nobody else has."""
WAIT_SECONDS = 10.0


def remember_run(folder: Path, *, scratch: Path) -> str:
    """Note this process as the starter of a run with that scratch folder; put the run's mark into the environment, return it.

    What is started from now on inherits the mark, so that it can be told from everything else on the machine.
    """
    folder.mkdir(parents=True, exist_ok=True)
    mark = secrets.token_hex(8)
    me = psutil.Process()
    (folder / f"{mark}.json").write_text(
        json.dumps({"pid": me.pid, "started": me.create_time(), "scratch": str(scratch)})
    )
    os.environ[MARK] = mark
    return mark


def forget_run(folder: Path, mark: str) -> None:
    """Drop the note of a run that has ended in order."""
    os.environ.pop(MARK, None)
    (folder / f"{mark}.json").unlink(missing_ok=True)


def reap_runs(folder: Path) -> int:
    """End the processes of runs whose starter is gone; return how many there were.

    A starter is known by pid and start time, its processes by the run's mark: nothing is ever ended by its name.
    """
    ended = 0
    for note in sorted(folder.glob("*.json")):
        scratch = ""
        try:
            starter = json.loads(note.read_text())
            if _lives(starter["pid"], starter["started"]):
                continue
            scratch = starter["scratch"]
        except (OSError, ValueError, KeyError, TypeError):
            pass  # a note cut short by the kill: its starter did not live to start anything
        ended += _end_marked(note.stem)
        if scratch:
            shutil.rmtree(scratch, ignore_errors=True)
        note.unlink(missing_ok=True)
    return ended


def _lives(pid: int, started: float) -> bool:
    try:
        return bool(abs(psutil.Process(pid).create_time() - started) < 1)
    except psutil.NoSuchProcess:
        return False


def _end_marked(mark: str) -> int:
    marked = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.pid != os.getpid():
                process.send_signal(signal.SIGKILL)
                marked.append(process)
        except (psutil.NoSuchProcess, psutil.AccessDenied, psutil.ZombieProcess):
            continue
    psutil.wait_procs(marked, timeout=WAIT_SECONDS)
    return len(marked)
