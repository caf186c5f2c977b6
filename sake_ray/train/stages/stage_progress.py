"""Tell from a stage, which is a process of its own, to the training that started it: how far it is, and what went wrong."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from sake_ray.domain.progress import Progress
from sake_ray.errors import AlreadyRunning, SakeError
from sake_ray.files import unique_part, write_atomically
from sake_ray.jobs.processes import is_alive
from sake_ray.train.polling import looking

FILE_VARIABLE, KEEPER_VARIABLE = "SAKE_STAGE_REPORT", "SAKE_STAGE_KEEPER"
LOOK_SECONDS, WAIT_SECONDS = 0.5, 60.0


@dataclass(frozen=True, slots=True)
class StageProgress:
    """What a stage says of itself: its process, its progress, and at its end why it failed."""

    stage: str
    pid: int
    started: float
    done: int = 0
    total: int = 0
    error: str = ""


@contextmanager
def telling(stage: str, folder: Path) -> Iterator[Progress]:
    """Run a stage: one at a time in a workspace, ended with its training, its progress and its error told.

    Raises AlreadyRunning when another stage of this workspace does not end.
    """
    _end_with_keeper()
    path = os.environ.get(FILE_VARIABLE)
    me = psutil.Process()
    said = StageProgress(stage, me.pid, me.create_time())
    with _alone(folder):
        _write(path, said)
        last = [0.0]

        def tell(done: int, total: int) -> None:
            if time.monotonic() - last[0] > LOOK_SECONDS or done == total:
                last[0] = time.monotonic()
                _write(path, StageProgress(stage, said.pid, said.started, done, total))

        try:
            yield tell
        except SakeError as error:
            _write(path, StageProgress(stage, said.pid, said.started, error=str(error)))
            raise


def read_report(path: Path) -> StageProgress | None:
    """What the stage said last; None before it said anything."""
    try:
        return StageProgress(**json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


@contextmanager
def following(path: Path, hear: Callable[[StageProgress], None]) -> Iterator[None]:
    """Hand on what stages say, for the duration of the block, in which they are told where to say it."""
    me = psutil.Process()
    path.unlink(missing_ok=True)
    os.environ |= {FILE_VARIABLE: str(path), KEEPER_VARIABLE: f"{me.pid}:{me.create_time()}"}
    heard: StageProgress | None = None

    def look() -> None:
        nonlocal heard
        said = read_report(path)
        if said and said != heard:
            heard = said
            hear(said)

    try:
        with looking(look, seconds=LOOK_SECONDS):
            yield
    finally:
        for name in (FILE_VARIABLE, KEEPER_VARIABLE):
            os.environ.pop(name, None)


def _write(path: str | None, said: StageProgress) -> None:
    if path:
        write_atomically(Path(path), json.dumps(asdict(said)), part=unique_part(Path(path)))


def _end_with_keeper() -> None:
    """End this process as soon as the training that started it is gone, however it ended."""
    keeper = os.environ.get(KEEPER_VARIABLE)
    if not keeper:
        return
    pid, _, started = keeper.partition(":")

    def watch() -> None:
        while is_alive(int(pid), float(started)):
            time.sleep(LOOK_SECONDS)
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Hold the workspace's lock of stages: one that a kill left behind needs a moment to end."""
    path = folder / ".sake" / "stage.lock"
    path.parent.mkdir(exist_ok=True)
    try:
        held = FileLock(path).acquire(timeout=WAIT_SECONDS, poll_interval=0.2)
    except Timeout as error:
        raise AlreadyRunning("Another stage is at work in this workspace.") from error
    with held:
        yield
