"""Kill a running training, or what it started."""

import json
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from subprocess import Popen

import psutil

PATIENCE = 150.0
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


def wait_until_at_work(stage: psutil.Process, home: Path) -> None:
    """Return when a stage has begun its work, or has ended."""
    report = home / "workspace" / ".sake" / "report.json"
    while stage.is_running():
        try:
            if json.loads(report.read_text())["pid"] == stage.pid:
                return
        except (OSError, ValueError):
            pass
        time.sleep(0.005)


def kill(process: Popen[str], home: Path, stage: str, victim: str) -> None:
    """kill -9 a stage that is at work, or the training it belongs to; nothing of the training lives on."""
    found = wait_for_child(process, f"sake stage {stage}")
    wait_until_at_work(found, home)
    assert found.is_running(), f"{stage} was too fast to be killed"
    (found if victim == STAGE else process).send_signal(signal.SIGKILL)
    process.communicate(timeout=PATIENCE)
    assert process.returncode != 0
    _, left = psutil.wait_procs([found], timeout=30)
    assert not left
