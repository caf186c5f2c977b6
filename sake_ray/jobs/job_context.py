"""Learn from the work of a job how far it is, and abort it."""

import json
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
        # Stages are begun by other threads, too.
        self._trace, self._stage_began = current_trace.get(), time.time()
        self.abort_error: SakeError | None = None
        self._changed = time.monotonic()
        self._process: tuple[int, float] | None = None
        self._note = note

    def begin_stage(self, name: str) -> None:
        """Begin a stage, of which nothing is done yet."""
        if _shorten(name) != _shorten(self.progress.stage):
            self.end_stage()
        self._update(JobProgress(name))

    def end_stage(self) -> None:
        """Record the stage in the trace of the job."""
        ended = time.time()
        if self.progress.stage and self._trace:
            record_span("stage", self._stage_began, ended, parent=self._trace, stage=_shorten(self.progress.stage))
        self._stage_began = ended

    def report_progress(self, done: int, total: int) -> None:
        """Report how much of the stage is done."""
        self._update(replace(self.progress, done=done, total=total))

    def report_waiting(self, reason: Message) -> None:
        """Report what the work waits for, "" when it goes on. Raises JobStopped when the job was asked to stop."""
        self._update(replace(self.progress, waiting_for=reason))
        self.check_abort()

    def check_abort(self) -> None:
        """Raise JobStopped when the job was asked to stop, JobFailed when there was no progress for too long."""
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
    with suppress(ValueError):  # a note cut short by the kill
        pid, started = json.loads(note.read_text())
        _kill_tree(pid, started)
    note.unlink()


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
