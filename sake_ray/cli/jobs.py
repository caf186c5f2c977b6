"""Jobs: list them, stop them, run one."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import find_user_name, load_settings, open_records
from sake_ray.domain.jobs import Job, JobState

Number = Annotated[int, typer.Argument(help="Job number, see `sake jobs`.")]


def jobs(most: Annotated[int, typer.Option("--most", min=1, help="Number of jobs to list.")] = 20) -> None:
    """List jobs, newest first: number, kind, user, time, state, progress, reason.

    The reason says what a job waits for, or why it failed.
    """
    for job in open_records(load_settings()).jobs.list(limit=most).items:
        progress = f"{job.stage} {job.done}/{job.total}" if job.total else job.stage
        columns = (job.number, job.kind, job.by, f"{job.created_at:%Y-%m-%d %H:%M}", job.state.value, progress, job.why)
        print("\t".join(map(str, columns)))  # noqa: T201 - the result


def stop(number: Number) -> None:
    """Stop a job.

    Finished stages stay, and the next training goes on from there.
    """
    job: Job = open_records(load_settings()).jobs.request_abort(number, by=find_user_name(), now=datetime.now(UTC))
    print(f"Job {job.number} {'is stopped' if job.state is JobState.STOPPED else 'is being stopped'}.")  # noqa: T201


def job(number: Number, attempt: Annotated[int, typer.Argument(help="Attempt it was submitted as.")]) -> None:
    """Run a job that the service submitted (internal)."""
    from sake_ray.cli.job_execution import run_in_process

    settings = load_settings()
    records = open_records(settings)
    run_in_process(settings, records, records.jobs.get(number), attempt=attempt)
