"""Have Ray run a job, and ask how it is."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sake_ray.domain.jobs import Job
from sake_ray.errors import SetupError

if TYPE_CHECKING:
    from ray.job_submission import JobSubmissionClient


def submit_job(job: Job, *, entrypoint: str, dashboard: str, home: Path) -> None:
    """Have Ray run the entrypoint, a shell command to which the job's number and attempt are added.

    Only SAKE_HOME goes with it: the dashboard shows commands and runtime environments to whoever opens it. Everything else is
    inherited from the process that started Ray. Raises SetupError when Ray does not accept it.
    """
    command = f"SAKE_HOME={shlex.quote(str(home.absolute()))} {entrypoint} {job.number} {job.attempt}"
    metadata = {"job": str(job.number), "kind": job.kind}
    with _job_server(dashboard) as client:
        client.submit_job(entrypoint=command, submission_id=job.submission, metadata=metadata)


def is_submission_alive(submission: str, *, dashboard: str) -> bool | None:
    """Tell whether a submission waits or runs; None when Ray does not answer or does not know it (yet)."""
    with suppress(SetupError), _job_server(dashboard) as client:
        return not client.get_job_status(submission).is_terminal()
    return None


@contextmanager
def _job_server(dashboard: str) -> Iterator["JobSubmissionClient"]:
    from ray.exceptions import AuthenticationError
    from ray.job_submission import JobSubmissionClient

    try:
        yield JobSubmissionClient(dashboard)
    except (ConnectionError, OSError, RuntimeError, AuthenticationError) as error:
        raise SetupError("ray-jobs-unreachable", address=dashboard) from error
