"""Run what is slow as a job: with a service by its Ray, which outlives this terminal; else in the foreground."""

import logging
import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sake_ray.cli.bootstrap import find_recipe, find_user_name, open_eraser, open_records, open_registry, open_workspace
from sake_ray.cli.service_state import find_service
from sake_ray.cli.terminal import make_log_handler, report
from sake_ray.domain.jobs import ACTIVE_STATES, Job, JobState
from sake_ray.errors import InputError, JobFailed
from sake_ray.jobs.bounded_log import read_piece

if TYPE_CHECKING:
    from sake_ray.jobs.runner import JobContext, Work
    from sake_ray.settings import Settings
    from sake_ray.storage.records import Records
    from sake_ray.train.run import TrainingContext

POLL_SECONDS = 0.5
PIECE_BYTES = 1_000_000
JOB_LOGS_BYTES = 500_000_000
"""Of all jobs together; the logs of the oldest go first."""


def make_train_work(settings: "Settings", job: Job) -> "Work":
    """Train on the images of the workspace; option `tune`: how many sets of hyperparameters to try first."""
    from sake_ray.train.run import train  # DVC and scikit-learn take seconds to import

    training = make_training_context(settings, job)
    return lambda context: train(training, context, trials=int(str(job.options.get("tune", 0))))


def make_tune_work(settings: "Settings", job: Job) -> "Work":
    """Search for better hyperparameters; options: `trials`, `minutes` (0 for no limit) and `metric`."""
    from sake_ray.train.run import tune  # as above
    from sake_ray.train.search.journal import SearchRequest

    training = make_training_context(settings, job)
    trials, minutes, metric = (str(job.options[name]) for name in ("trials", "minutes", "metric"))
    return lambda context: tune(training, context, SearchRequest(int(trials), float(minutes), metric))


def make_training_context(settings: "Settings", job: Job) -> "TrainingContext":
    """Put together what a training of this job works with."""
    from sake_ray.cli.feedback import take_answers
    from sake_ray.jobs.ray_connection import share_ray
    from sake_ray.train.run import TrainingContext  # as above

    return TrainingContext(
        workspace=open_workspace(settings),
        registry=open_registry(settings),
        recipe=find_recipe(settings),
        share_ray=lambda: share_ray(settings.home, address=settings.ray_address, cpus=settings.cpus),
        owner=f"job {job.number} ({job.kind}, by {job.by})",
        import_answers=lambda on_progress: take_answers(settings, on_progress),
        erase_pending=open_eraser(settings).clear_held_workspace,
    )


def make_restore_work(settings: "Settings", job: Job) -> "Work":
    """Restore an earlier training; option `target`: a run or a commit."""
    from sake_ray.train.restore import RestoreContext, restore  # as above

    recipe = find_recipe(settings)

    def work(context: "JobContext") -> Mapping[str, object]:
        restoring = RestoreContext(
            workspace=open_workspace(settings),
            registry=open_registry(settings),
            recipe=recipe,
            policy=settings.policy,
            owner=f"job {job.number} ({job.kind}, by {job.by})",
        )
        return restore(restoring, context, target=str(job.options.get("target", "")))

    return work


WORK_BY_KIND: "Mapping[str, Callable[[Settings, Job], Work]]" = {
    "train": make_train_work, "tune": make_tune_work, "restore": make_restore_work,
}  # fmt: skip


def launch_job(settings: "Settings", kind: str, options: Mapping[str, object], *, wait: bool = True) -> Job:
    """Have a job run, and return it when it has ended; without `wait`, when the service has it.

    Its log goes to standard error meanwhile. Raises JobFailed with the reason, also when the job was stopped.
    """
    from sake_ray.jobs.ray_connection import INSIDE_A_JOB

    records = open_records(settings)
    job = records.jobs.add(kind, options, by=find_user_name(), now=datetime.now(UTC))
    if find_service(settings.home) and INSIDE_A_JOB not in os.environ:
        report(f"The service runs job {job.number}; `sake logs -f {job.number}` follows it.")
        if not wait:
            return job
        ended = follow_job(records, job.number, find_log(settings, job.number))
    else:
        report(f"Job {job.number}; its log is {find_log(settings, job.number)}")
        ended = run_in_process(settings, records, job, attempt=None)
    if ended.state is not JobState.SUCCEEDED:
        raise JobFailed(ended.why) if ended.why else JobFailed("job-was-stopped", job=ended.number)
    return ended


def run_in_process(settings: "Settings", records: "Records", job: Job, *, attempt: int | None) -> Job:
    """Run a job in this process. Raises what `run_job` raises."""
    from sake_ray.jobs.runner import run_job
    from sake_ray.logs import OURS, set_up_logs
    from sake_ray.logs.bounds import remove_oldest
    from sake_ray.tracing.spans import set_up_tracing

    if job.kind not in WORK_BY_KIND:
        raise InputError("job-kind-unknown", kind=job.kind, kinds=WORK_BY_KIND)
    log = find_log(settings, job.number)
    log.parent.mkdir(parents=True, exist_ok=True)
    set_up_logs("jobs", folder=settings.home / "logs", level=settings.service_log_level, to_stderr=False)
    logging.getLogger(OURS).addHandler(make_log_handler(settings.log_level))
    remove_oldest(log.parent.glob("*.log"), most=JOB_LOGS_BYTES)
    set_up_tracing("job", settings.otlp_endpoint)

    def work(context: "JobContext") -> Mapping[str, object]:
        return WORK_BY_KIND[job.kind](settings, job)(context)

    return run_job(records, job.number, work, attempt=attempt, log=log, stuck_seconds=settings.stuck_minutes * 60)


def follow_job(records: "Records", number: int, log: Path) -> Job:
    """Copy the log of a job to standard error until the job has ended; return the job."""
    offset = 0
    while True:
        job = records.jobs.get(number)
        text, offset = read_log(log, offset)
        sys.stderr.write(text)
        sys.stderr.flush()
        if job.state not in ACTIVE_STATES:
            return job
        time.sleep(POLL_SECONDS)


def read_log(log: Path, offset: int) -> tuple[str, int]:
    """Read what a log has beyond the offset; return it, and where it ends now. A log that is not there yet is empty."""
    text = ""
    while True:
        piece, offset = read_piece(log, offset, PIECE_BYTES)
        if not piece:
            return text, offset
        text += piece


def find_log(settings: "Settings", number: int) -> Path:
    """Where the log of a job is."""
    return settings.home / "jobs" / f"{number}.log"
