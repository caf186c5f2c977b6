"""Kill a running training, or what it started."""

import shutil
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from subprocess import Popen

import psutil

from sake_ray.train.stages.stage_progress import read_progress
from sake_ray.workspace import LAYOUT
from tests.waiting import wait_until

PATIENCE, TRIES = 400.0, 4
STAGE, TRAINING = "stage", "training"


def wait_for_child(process: Popen[str], title: str) -> psutil.Process:
    """The first process of a training whose command line begins so."""

    def child() -> psutil.Process | None:
        with suppress(psutil.NoSuchProcess):
            for child in psutil.Process(process.pid).children(recursive=True):
                with suppress(psutil.Error):
                    if " ".join(child.cmdline()).startswith(title):
                        return child
        return None

    def log() -> object:
        return (title, process.communicate() if process.poll() is not None else "still runs")

    found = wait_until(child, interval=0.2, process=process, log=log)
    assert found
    return found


def wait_for_stage(process: Popen[str], home: Path, stage: str) -> psutil.Process | None:
    """The process of a stage that has begun its work; None when the training succeeded before it was seen."""
    report = home / "workspace" / LAYOUT.stage_progress
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        said = read_progress(report)
        if said and said.stage == stage:
            with suppress(psutil.NoSuchProcess):
                found = psutil.Process(said.pid)
                if found.create_time() == said.started:
                    return found
        if process.poll() is not None:
            assert process.returncode == 0, process.communicate()
            return None
        # A look at a small file: looking at all processes so often would take a CPU from those that are waited for.
        time.sleep(0.002)
    raise AssertionError(f"{stage} was never seen")


def forget_what_ended(home: Path) -> None:
    """Have the stages run anew, on what was read once."""
    (home / "workspace" / LAYOUT.dvc_lock).unlink(missing_ok=True)
    shutil.rmtree(home / "workspace" / ".dvc" / "cache" / "runs", ignore_errors=True)


def kill(start: Callable[[], Popen[str]], home: Path, stage: str, victim: str, *, worker: bool = False) -> None:
    """kill -9 a stage that is at work, or the training it belongs to; nothing of the training lives on.

    With a worker, one of Ray Train is killed before, while it starts: Ray Train makes up for that by itself.
    """
    for _ in range(TRIES):
        process = start()
        if worker:
            wait_for_child(process, "ray::RayTrainWorker").kill()
        found = wait_for_stage(process, home, stage)
        if found is None:
            forget_what_ended(home)
            continue
        (found if victim == STAGE else process).send_signal(signal.SIGKILL)
        process.communicate(timeout=PATIENCE)
        assert process.returncode != 0
        _, left = psutil.wait_procs([found], timeout=PATIENCE)
        assert not left
        return
    raise AssertionError(f"{stage} was too fast to be killed")
