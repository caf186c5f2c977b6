"""Report from a stage, which is a process of its own, to the training that started it: its progress, and its error."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from sake_ray.domain.progress import Progress
from sake_ray.errors import NOTHING, AlreadyRunning, Message, SakeError
from sake_ray.files import unique_part, write_atomically
from sake_ray.jobs.processes import is_alive
from sake_ray.polling import polling
from sake_ray.workspace import LAYOUT

FILE_VARIABLE, PARENT_VARIABLE = "SAKE_STAGE_REPORT", "SAKE_STAGE_PARENT"
POLL_SECONDS, LOCK_SECONDS = 0.5, 60.0


@dataclass(frozen=True, slots=True)
class StageProgress:
    """The process of a stage, its progress, and at its end why it failed."""

    stage: str
    pid: int
    started: float
    done: int = 0
    total: int = 0
    error: Message = NOTHING


@contextmanager
def reporting(stage: str, folder: Path) -> Iterator[Progress]:
    """Run a stage for the duration of the block: alone in its workspace, ended with its training, progress and error reported.

    Raises AlreadyRunning when another stage of this workspace does not end.
    """
    _end_with_parent()
    path = os.environ.get(FILE_VARIABLE)
    process = psutil.Process()
    report = StageProgress(stage, process.pid, process.create_time())
    with _lock_stage(folder):
        _write(path, report)
        written = [0.0]

        def on_progress(done: int, total: int) -> None:
            if time.monotonic() - written[0] > POLL_SECONDS or done == total:
                written[0] = time.monotonic()
                _write(path, replace(report, done=done, total=total))

        try:
            yield on_progress
        except SakeError as error:
            _write(path, replace(report, error=error.message))
            raise


def read_progress(path: Path) -> StageProgress | None:
    """Read what the stage reported last; None before its first report."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return StageProgress(**content | {"error": Message.from_json(content["error"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


@contextmanager
def following(path: Path, on_report: Callable[[StageProgress], None]) -> Iterator[None]:
    """Have stages report into a file, and pass their reports on, for the duration of the block."""
    process = psutil.Process()
    path.unlink(missing_ok=True)
    os.environ |= {FILE_VARIABLE: str(path), PARENT_VARIABLE: f"{process.pid}:{process.create_time()}"}
    last: StageProgress | None = None

    def poll() -> None:
        nonlocal last
        report = read_progress(path)
        if report and report != last:
            last = report
            on_report(report)

    try:
        with polling(poll, seconds=POLL_SECONDS):
            yield
    finally:
        for name in (FILE_VARIABLE, PARENT_VARIABLE):
            os.environ.pop(name, None)


def _write(path: str | None, report: StageProgress) -> None:
    if path:
        content = asdict(report) | {"error": report.error.to_json()}
        write_atomically(Path(path), json.dumps(content), part=unique_part(Path(path)))


def _end_with_parent() -> None:
    """End this process as soon as the training that started it is gone, however it ended."""
    parent = os.environ.get(PARENT_VARIABLE)
    if not parent:
        return
    pid, _, started = parent.partition(":")

    def watch() -> None:
        while is_alive(int(pid), float(started)):
            time.sleep(POLL_SECONDS)
        for child in psutil.Process().children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
        os.kill(os.getpid(), signal.SIGKILL)

    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _lock_stage(folder: Path) -> Iterator[None]:
    """Hold the workspace's lock of stages: one that a kill left behind needs a moment to end."""
    path = folder / LAYOUT.stage_lock
    path.parent.mkdir(exist_ok=True)
    try:
        lock = FileLock(path).acquire(timeout=LOCK_SECONDS, poll_interval=0.2)
    except Timeout as error:
        raise AlreadyRunning("stage-already-running") from error
    with lock:
        yield
