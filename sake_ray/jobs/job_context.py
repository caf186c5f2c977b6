"""Hear from the work how far it is, and end what it started."""

import json
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from sake_ray.errors import SakeError
from sake_ray.jobs.processes import lives


@dataclass(frozen=True, slots=True)
class JobProgress:
    """How far the work said it is."""

    stage: str = ""
    done: int = 0
    total: int = 0
    why: str = ""


class JobContext:
    """What the work tells of itself; read by the keeper's thread.

    The stage process is noted in a file too: when the keeper is killed it may live on, and the next attempt has to end it.
    """

    def __init__(self, note: Path | None = None) -> None:
        self.told = JobProgress()
        self.verdict: SakeError | None = None
        self._changed = time.monotonic()
        self._process: tuple[int, float] | None = None
        self._note = note

    def stage(self, name: str) -> None:
        """Begin a stage, of which nothing is done yet."""
        self._tell(JobProgress(name))

    def progress(self, done: int, total: int) -> None:
        """Tell how much of the stage is done."""
        self._tell(replace(self.told, done=done, total=total))

    def waits(self, why: str) -> None:
        """Tell what the work waits for; empty when it no longer does. Raises JobStopped when a stop was asked."""
        self._tell(replace(self.told, why=why))
        self.check()

    def check(self) -> None:
        """Raise JobStopped when a stop was asked, JobFailed when there was no progress for too long."""
        if self.verdict:
            raise self.verdict

    def runs(self, pid: int, started: float) -> None:
        """Name the stage process, known by its pid and start time: the keeper may have to end it."""
        self._process = pid, started
        if self._note:
            self._note.write_text(json.dumps(self._process))

    def ended(self) -> None:
        """Tell that the stage process has ended."""
        self._process = None
        if self._note:
            self._note.unlink(missing_ok=True)

    def silent_seconds(self) -> float:
        """How long there was no progress; waiting does not count."""
        return 0.0 if self.told.why else time.monotonic() - self._changed

    def end(self, verdict: SakeError) -> None:
        """Let the work end: its stage process now, itself when it next checks. The first verdict counts."""
        self.verdict = self.verdict or verdict
        self.end_process()

    def end_process(self) -> None:
        """End the stage process, if one runs."""
        if process := self._process:
            _end_tree(*process)

    def _tell(self, told: JobProgress) -> None:
        if told != self.told:
            self.told, self._changed = told, time.monotonic()


def end_noted(note: Path) -> None:
    """End the stage process that an attempt left behind: two at once would write the same files."""
    with suppress(ValueError):  # a note cut short by the kill
        pid, started = json.loads(note.read_text())
        _end_tree(pid, started)
    note.unlink()


def _end_tree(pid: int, started: float) -> None:
    """Kill that very process and its descendants; all are halted first, so that none starts another meanwhile."""
    if not lives(pid, started):
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
