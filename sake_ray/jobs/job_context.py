"""Learn from the work of a job how far it is, and abort it."""

import json
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from sake_ray.domain.traces import current_trace
from sake_ray.errors import NOTHING, Message, SakeError
from sake_ray.jobs.processes import is_alive
from sake_ray.tracing.spans import record_span


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far the work is, as it reported last; `waiting_for` is empty unless it waits."""

    stage: str = ""
    done: int = 0
    total: int = 0
    waiting_for: Message = NOTHING


class JobContext:
    """What the work of a job reports; the runner's thread reads it, and aborts the work through it.

    The stage process is noted in a file too: when the runner is killed it may live on, and the next attempt has to end it.
    """

    def __init__(self, note: Path | None = None) -> None:
        self.progress = JobProgress()
        # Stages are begun and ended by several threads: the work's, one that follows its processes, the runner's.
        self._lock = threading.RLock()
        self._trace = current_trace.get()
        self._stage_began: float | None = None
        self.abort_error: SakeError | None = None
        self._changed = time.monotonic()
        self._process: tuple[int, float] | None = None
        self._note = note

    def begin_stage(self, name: str) -> None:
        """Begin a stage, of which nothing is done yet."""
        with self._lock:
            if _shorten(name) != _shorten(self.progress.stage):
                self.end_stage()
                self._stage_began = time.time()
            self._update(JobProgress(name))

    def end_stage(self) -> None:
        """Record the stage in the trace of the job, once."""
        with self._lock:
            began, self._stage_began = self._stage_began, None
            if began is not None and self._trace:
                record_span("stage", began, time.time(), parent=self._trace, stage=_shorten(self.progress.stage))

    def report_progress(self, done: int, total: int) -> None:
        """Report how much of the stage is done."""
        with self._lock:
            self._update(replace(self.progress, done=done, total=total))

    def report_waiting(self, reason: Message) -> None:
        """Report what the work waits for, "" when it goes on. Raises as `check_abort` does."""
        with self._lock:
            self._update(replace(self.progress, waiting_for=reason))
        self.check_abort()

    def check_abort(self) -> None:
        """Raise JobStopped when the job was asked to stop, JobFailed when there was no progress for too long.

        Raises LeaseLost when the job was given to another attempt.
        """
        if self.abort_error:
            raise self.abort_error

    def note_process(self, pid: int, started: float) -> None:
        """Note the stage process, known by its pid and start time: the runner may have to kill it."""
        self._process = pid, started
        if self._note:
            self._note.write_text(json.dumps(self._process))

    def forget_process(self) -> None:
        """Forget the stage process, which has ended."""
        self._process = None
        if self._note:
            self._note.unlink(missing_ok=True)

    def seconds_without_progress(self) -> float:
        """How long there was no progress; waiting does not count."""
        return 0.0 if self.progress.waiting_for else time.monotonic() - self._changed

    def abort(self, error: SakeError) -> None:
        """Kill the stage process now, and raise the error when the work next checks. The first error counts."""
        self.abort_error = self.abort_error or error
        self.kill_process()

    def kill_process(self) -> None:
        """Kill the stage process, if one runs."""
        if process := self._process:
            _kill_tree(*process)

    def _update(self, progress: JobProgress) -> None:
        if progress != self.progress:
            self.progress, self._changed = progress, time.monotonic()


def _shorten(stage: str) -> str:
    """The stage without what it has come to: a search says which trial is the best until now."""
    return stage.partition(",")[0]


def kill_noted_process(note: Path) -> None:
    """Kill the stage process that an attempt left behind: two at once would write the same files."""
    # A note may be cut short by the kill; and an attempt that has lost its job, and still ends, removes its own.
    with suppress(ValueError, FileNotFoundError):
        pid, started = json.loads(note.read_text())
        _kill_tree(pid, started)
    note.unlink(missing_ok=True)


def _kill_tree(pid: int, started: float) -> None:
    """Kill that very process and its descendants; all are halted first, so that none starts another meanwhile."""
    if not is_alive(pid, started):
        return
    found: list[psutil.Process] = []
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        while fresh := [process for process in (root, *root.children(recursive=True)) if process not in found]:
            found += fresh
            for process in fresh:
                with suppress(psutil.Error):
                    process.suspend()
    # Not waited for: that would take the exit code from whoever started it.
    for process in found:
        with suppress(psutil.Error):
            process.kill()
