"""Kill a running training, or what it started."""

import json
import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from subprocess import Popen

import psutil

PATIENCE, TRIES = 150.0, 4
STAGE, TRAINING = "stage", "training"


def children_of(process: Popen[str]) -> Iterator[tuple[psutil.Process, str]]:
    """All that a training started, with their command lines."""
    try:
        for child in psutil.Process(process.pid).children(recursive=True):
            try:
                yield child, " ".join(child.cmdline())
            except psutil.Error:
                continue
    except psutil.NoSuchProcess:
        return


def wait_for_child(process: Popen[str], words: str) -> psutil.Process:
    """The first process of a training whose command line ends with these words, or begins with them."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for child, command in children_of(process):
            if command.endswith(words) or command.startswith(words):
                return child
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    raise AssertionError(f"{words} was never seen")


def is_at_work(stage: psutil.Process, home: Path) -> bool:
    """Wait until a stage has begun its work; whether it was seen before it ended."""
    with suppress(ProcessLookupError):  # it shall not end between two looks, whatever else the machine does
        os.sched_setscheduler(stage.pid, os.SCHED_IDLE, os.sched_param(0))
    report = home / "workspace" / ".sake" / "report.json"
    while stage.is_running():
        try:
            if json.loads(report.read_text())["pid"] == stage.pid:
                return bool(stage.is_running())
        except (OSError, ValueError):
            pass
        time.sleep(0.002)
    return False


def forget_what_ended(home: Path) -> None:
    """Have the stages run anew, on what was read once."""
    (home / "workspace" / "dvc.lock").unlink(missing_ok=True)
    shutil.rmtree(home / "workspace" / ".dvc" / "cache" / "runs", ignore_errors=True)


def kill(start: Callable[[], Popen[str]], home: Path, stage: str, victim: str, *, worker: bool = False) -> None:
    """kill -9 a stage that is at work, or the training it belongs to; nothing of the training lives on.

    With a worker, one of Ray Train is killed before: in passing, for it is made up for within the training.
    """
    for _ in range(TRIES):
        process = start()
        if worker:
            wait_for_child(process, "ray::RayTrainWorker").kill()
        found = wait_for_child(process, f"sake stage {stage}")
        seen = is_at_work(found, home)
        (found if seen and victim == STAGE else process).send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
        assert process.returncode != 0
        _, left = psutil.wait_procs([found], timeout=30)
        assert not left
        if seen:
            return
        forget_what_ended(home)
    raise AssertionError(f"{stage} was too fast to be killed")
