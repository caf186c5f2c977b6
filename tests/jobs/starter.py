"""Submit jobs without a Ray: each in a process that was started here."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from sake_ray.domain.jobs import Job
from sake_ray.storage.records import Records
from tests.jobs.running import TOP, url_of

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
WAIT_FOR_GO = str(Path(__file__).with_name("wait_for_go.py"))


def add(records: Records, count: int = 1) -> list[int]:
    return [records.jobs.add("test", {}, by="ann", now=NOW).number for _ in range(count)]


class Starter:
    """Submits a job by starting its runner, as Ray Jobs would."""

    def __init__(self, records: Records, folder: Path) -> None:
        self.words = [sys.executable, WAIT_FOR_GO, url_of(records), str(folder)]
        self.folder = folder
        self.started: dict[str, subprocess.Popen[bytes]] = {}

    def submit(self, job: Job) -> None:
        self.started[job.submission] = subprocess.Popen([*self.words, str(job.number), str(job.attempt)], cwd=TOP)

    def is_alive(self, submission: str) -> bool | None:
        process = self.started.get(submission)
        return None if process is None else process.poll() is None

    @property
    def begun(self) -> list[str]:
        """Number and attempt of every job that was worked on."""
        path = self.folder / "begun"
        return path.read_text().splitlines() if path.exists() else []

    def let_them_end(self) -> None:
        (self.folder / "go").touch()
        for process in self.started.values():
            process.wait(30)
