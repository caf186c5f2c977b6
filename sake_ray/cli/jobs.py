"""Jobs: what is slow, how far it is, how it ended."""

import time
from datetime import UTC, datetime
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import records_of
from sake_ray.cli.job_execution import OPEN, log_of, run_here
from sake_ray.domain.jobs import Job, JobState
from sake_ray.errors import NotFound
from sake_ray.settings import read_settings

Number = Annotated[int, typer.Argument(help="The number of the job, see `sake jobs`.")]
LOOK_SECONDS = 0.5


def jobs(most: Annotated[int, typer.Option("--most", min=1, help="How many to list.")] = 20) -> None:
    """List the jobs, newest first: number, kind, who, state, stage and progress, why it waits or failed."""
    for job in records_of(read_settings()).jobs.all(limit=most):
        far = f"{job.stage} {job.done}/{job.total}" if job.total else job.stage
        facts = (job.number, job.kind, job.by, f"{job.created_at:%Y-%m-%d %H:%M}", job.state.value, far, job.why)
        print("\t".join(map(str, facts)))  # noqa: T201 - the result


def logs(
    number: Number, follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the job ends.")] = False
) -> None:
    """Print the log of a job."""
    settings = read_settings()
    records = records_of(settings)
    path, offset = log_of(settings, number), 0
    while True:
        job = records.jobs.find(number)
        if path.exists():
            with path.open("rb") as log:
                log.seek(offset)
                said = log.read()
            offset += len(said)
            typer.echo(said.decode("utf-8", "replace"), nl=False)
        elif not follow and job.state not in OPEN:
            raise NotFound(f"Job {number} left no log.")
        if not follow or job.state not in OPEN:
            return
        time.sleep(LOOK_SECONDS)


def stop(number: Number) -> None:
    """Stop a job; what it has finished stays, and another training goes on from there."""
    job: Job = records_of(read_settings()).jobs.ask_stop(number, now=datetime.now(UTC))
    print(f"Job {job.number} {'is stopped' if job.state is JobState.STOPPED else 'is being stopped'}.")  # noqa: T201


def job(number: Number, attempt: Annotated[int, typer.Argument(help="The attempt it was submitted as.")]) -> None:
    """Do a job that the service has submitted; nobody types this."""
    settings = read_settings()
    records = records_of(settings)
    run_here(settings, records, records.jobs.find(number), attempt=attempt)
