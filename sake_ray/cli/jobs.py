"""Jobs: list them, follow their logs, stop them."""

import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import find_user_name, load_settings, open_records
from sake_ray.domain.jobs import ACTIVE_STATES, Job, JobState
from sake_ray.errors import NotFound

Number = Annotated[int, typer.Argument(help="Job number, see `sake jobs`.")]
POLL_SECONDS = 0.5


def jobs(most: Annotated[int, typer.Option("--most", min=1, help="Number of jobs to list.")] = 20) -> None:
    """List jobs, newest first: number, kind, user, time, state, progress, reason.

    The reason says what a job waits for, or why it failed.
    """
    for job in open_records(load_settings()).jobs.list(limit=most).items:
        progress = f"{job.stage} {job.done}/{job.total}" if job.total else job.stage
        columns = (job.number, job.kind, job.by, f"{job.created_at:%Y-%m-%d %H:%M}", job.state.value, progress, job.why)
        print("\t".join(map(str, columns)))  # noqa: T201 - the result


def logs(
    number: Number,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Follow the log until the job ends.")] = False,
) -> None:
    """Print the log of a job."""
    from sake_ray.cli.job_execution import find_log, read_log

    settings = load_settings()
    records = open_records(settings)
    path, offset = find_log(settings, number), 0
    while True:
        job = records.jobs.get(number)
        if path.exists():
            text, offset = read_log(path, offset)
            typer.echo(text, nl=False)
        elif not follow and job.state not in ACTIVE_STATES:
            raise NotFound("job-log-missing", job=number)
        if not follow or job.state not in ACTIVE_STATES:
            return
        time.sleep(POLL_SECONDS)


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
