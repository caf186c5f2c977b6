"""Do what is slow as a job: by the Ray of the running service, which outlives this terminal, else here in the foreground."""

import os
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from sake_ray.cli.bootstrap import reading_of, records_of, registry_of, who, workspace_of
from sake_ray.cli.feedback import take_answers
from sake_ray.cli.service_state import read_note
from sake_ray.data.reading import Reader
from sake_ray.domain.jobs import Job, JobState
from sake_ray.errors import InputError, JobFailed
from sake_ray.jobs.ray_connection import INSIDE_A_JOB, share_ray
from sake_ray.jobs.runner import JobContext, Work, run_job
from sake_ray.settings import Settings
from sake_ray.storage.records import Records

if TYPE_CHECKING:
    from sake_ray.train.run import TrainingContext

LOOK_SECONDS = 0.5
OPEN = {JobState.QUEUED, JobState.RUNNING}
console = Console(stderr=True, highlight=False, soft_wrap=True)


def train_work(settings: Settings, job: Job) -> Work:
    """Train on the images of the workspace; options: `tune`, how many sets of hyperparameters to try first."""
    from sake_ray.train.run import train  # DVC and scikit-learn take seconds to import

    training = training_of(settings, job)
    return lambda report: train(training, report, trials=int(str(job.options.get("tune", 0))))


def tune_work(settings: Settings, job: Job) -> Work:
    """Search for better hyperparameters; options: `trials`, `minutes` (0 for no limit) and `metric`."""
    from sake_ray.train.run import tune  # as above
    from sake_ray.train.search.journal import SearchRequest

    training = training_of(settings, job)
    trials, minutes, metric = (str(job.options[name]) for name in ("trials", "minutes", "metric"))
    return lambda report: tune(training, report, SearchRequest(int(trials), float(minutes), metric))


def training_of(settings: Settings, job: Job) -> "TrainingContext":
    """What a training of this job works with."""
    from sake_ray.train.run import TrainingContext  # as above

    with Reader(reading_of(settings)) as reader:
        recipe = reader.recipe
    return TrainingContext(
        workspace=workspace_of(settings),
        registry=registry_of(settings),
        recipe=recipe,
        share_ray=lambda: share_ray(settings.home, address=settings.ray_address, cpus=settings.cpus),
        who=f"job {job.number} ({job.kind}, by {job.by})",
        take_answers=lambda on_progress: take_answers(settings, on_progress),
    )


def restore_work(settings: Settings, job: Job) -> Work:
    """Bring back an earlier training; options: `target`, a run or a commit."""
    from sake_ray.train.restore import RestoreContext, restore  # as above

    with Reader(reading_of(settings)) as reader:
        recipe = reader.recipe

    def work(report: JobContext) -> Mapping[str, object]:
        restoring = RestoreContext(
            workspace=workspace_of(settings),
            registry=registry_of(settings),
            recipe=recipe,
            policy=settings.policy,
            who=f"job {job.number} ({job.kind}, by {job.by})",
        )
        return restore(restoring, report, target=str(job.options.get("target", "")))

    return work


WORKS: Mapping[str, Callable[[Settings, Job], Work]] = {
    "train": train_work, "tune": tune_work, "restore": restore_work,
}  # fmt: skip
"""What each kind of job does."""


def launch_job(settings: Settings, kind: str, options: Mapping[str, object], *, wait: bool = True) -> Job:
    """Have a job done, and return it when it has ended; without `wait`, when the service has it.

    Its log goes to standard error meanwhile. Raises JobFailed with the reason, also when it was stopped.
    """
    records = records_of(settings)
    job = records.jobs.add(kind, options, by=who(), now=datetime.now(UTC))
    if read_note(settings.home) and INSIDE_A_JOB not in os.environ:
        console.print(f"Job {job.number} is with the service; `sake logs -f {job.number}` follows it.", markup=False)
        if not wait:
            return job
        ended = follow(records, job.number, log_of(settings, job.number))
    else:
        console.print(f"Job {job.number}; its log is {log_of(settings, job.number)}", markup=False)
        ended = run_here(settings, records, job, attempt=None)
    if ended.state is not JobState.SUCCEEDED:
        raise JobFailed(ended.why or f"Job {ended.number} was stopped.")
    return ended


def run_here(settings: Settings, records: Records, job: Job, *, attempt: int | None) -> Job:
    """Do a job in this process. Raises what `run_job` raises."""
    if job.kind not in WORKS:
        raise InputError(f"There is no kind of job {job.kind!r}; there are {', '.join(WORKS)}.")
    log = log_of(settings, job.number)
    log.parent.mkdir(parents=True, exist_ok=True)

    def work(report: JobContext) -> Mapping[str, object]:
        return WORKS[job.kind](settings, job)(report)

    return run_job(records, job.number, work, attempt=attempt, log=log, stuck_seconds=settings.stuck_minutes * 60)


def follow(records: Records, number: int, log: Path) -> Job:
    """Copy the log of a job to standard error until the job has ended; return it."""
    offset = 0
    while True:
        job = records.jobs.find(number)
        offset = copy_log(log, offset)
        if job.state not in OPEN:
            return job
        time.sleep(LOOK_SECONDS)


def copy_log(log: Path, offset: int) -> int:
    """Copy what a log has beyond the offset to standard error; return how far it goes now."""
    with suppress(FileNotFoundError), log.open("rb") as file:
        file.seek(offset)
        said = file.read()
        console.file.write(said.decode("utf-8", "replace"))
        console.file.flush()
        return offset + len(said)
    return offset


def log_of(settings: Settings, number: int) -> Path:
    """Where the log of a job is."""
    return settings.home / "jobs" / f"{number}.log"
