"""Run jobs in processes of their own, and wait for what they do."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import psutil

from sake_ray.domain.jobs import Job
from sake_ray.jobs.runner import JobContext
from sake_ray.storage.records import Records
from tests.waiting import wait_until

TOP = Path(__file__).parents[2]
PATIENCE = 120.0


def now() -> datetime:
    return datetime.now(UTC)


def url_of(records: Records) -> str:
    return records.database._url.render_as_string(hide_password=False)


def submitted(records: Records) -> Job:
    """A job that may be begun."""
    records.jobs.add("test", {}, by="ann", now=now())
    (job,) = records.jobs.admit(max_running=1, now=now())
    return job


@contextmanager
def running(
    records: Records, job: Job, work: Callable[[JobContext], object], log: Path, *, stuck_seconds: float = 60
) -> Iterator[subprocess.Popen[str]]:
    """Run a job in a process of its own; what it leaves is ended."""
    words = [url_of(records), str(job.number), str(job.attempt), work.__name__, str(log), str(stuck_seconds)]
    runner = subprocess.Popen(
        [sys.executable, "-m", "tests.jobs.run_work", *words],
        cwd=TOP,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    try:
        yield runner
    finally:
        family = psutil.Process(runner.pid).children(recursive=True) if runner.poll() is None else []
        for process in (*family, runner):
            process.kill()
        runner.communicate()


def run_to_end(
    records: Records, job: Job, work: Callable[[JobContext], object], log: Path, *, stuck_seconds: float = 60
) -> tuple[int, str, str]:
    """Run a job in a process of its own to its end; return its exit code, standard output and standard error."""
    with running(records, job, work, log, stuck_seconds=stuck_seconds) as runner:
        out, err = runner.communicate(timeout=PATIENCE)
        return runner.returncode, out, err


def contains(log: Path, words: str) -> Callable[[], bool]:
    return lambda: log.exists() and words in log.read_text()


def family_of(runner: subprocess.Popen[str], log: Path) -> list[psutil.Process]:
    """The stage process and its child, once they run."""
    wait_until(contains(log, "stage runs"), process=runner)
    family = psutil.Process(runner.pid)
    wait_until(lambda: len(family.children(recursive=True)) == 2, process=runner)
    return list(family.children(recursive=True))
