"""Run two jobs by a Ray of our own, beside others on this machine; print what its job server shows to people."""

import os
import shlex
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx
import ray
from ray.job_submission import JobSubmissionClient

from sake_ray.domain.jobs import JobState
from sake_ray.jobs.admission import Admission
from sake_ray.jobs.local_ray import RayPorts
from sake_ray.jobs.ray_connection import host_ray
from sake_ray.jobs.submissions import is_submission_alive, submit_job
from sake_ray.storage.records import Records
from sake_ray.storage.records.clock_watch import Look
from tests.jobs.running import now
from tests.jobs.starter import WAIT_FOR_GO, add
from tests.waiting import wait_until

OTHER = "import time; time.sleep(280)"
"""Another Ray is known by the name and the words of its process."""
OTHERS = 20
AGENT_PORT = 52365


@contextmanager
def other_rays() -> Iterator[None]:
    """Have what looks like other Rays on this machine, one with the port that Ray takes by default."""
    taken = socket.socket()
    with suppress(OSError):
        taken.bind(("0.0.0.0", AGENT_PORT))  # noqa: S104 - as Ray does
        taken.listen()
    words = [["raylet", "-c", OTHER, f"--gcs-address=10.0.0.{number}:1"] for number in range(OTHERS)]
    others = [subprocess.Popen(each, executable=sys.executable) for each in words]
    try:
        yield
    finally:
        for other in others:
            other.kill()


def wait_for(records: Records, admission: Admission, job: int, state: JobState) -> None:
    """Return when the job is in that state."""

    def reached() -> bool:
        if records.jobs.get(job).state is state:
            return True
        admission.step(Look(now()))  # Ray's job server takes nothing in its first seconds
        return False

    wait_until(reached, interval=0.2, log=lambda: records.jobs.get(job))


def stop_on_rays_pages(records: Records, dashboard: str, job: int) -> None:
    """Stop a running job as somebody may on Ray's pages: nothing of ours is told."""
    submission = records.jobs.get(job).submission
    assert is_submission_alive(submission, dashboard=dashboard) is True
    JobSubmissionClient(dashboard).stop_job(submission)
    wait_until(lambda: not is_submission_alive(submission, dashboard=dashboard), interval=0.1)
    records.jobs.request_abort(job, now=now())
    records.jobs.requeue_stalled(older_than=timedelta(), now=now())
    assert records.jobs.get(job).state is JobState.STOPPED


def address_of_submitted(dashboard: str, folder: str) -> str:
    """The Ray that a submitted command would take."""
    client = JobSubmissionClient(dashboard)
    asking = client.submit_job(entrypoint=f"echo $RAY_ADDRESS > {folder}/address")
    wait_until(lambda: client.get_job_status(asking).is_terminal(), interval=0.2)
    return Path(folder, "address").read_text().strip()


def shown_jobs(dashboard: str) -> str:
    """What the dashboard says of its jobs."""
    token = Path(os.environ["RAY_AUTH_TOKEN_PATH"]).read_text().strip()
    return httpx.get(f"{dashboard}/api/jobs/", headers={"Authorization": f"Bearer {token}"}).raise_for_status().text


def main(url: str, folder: str, dashboard_port: str, metrics_port: str) -> None:
    """Have the first job stopped and the second succeed."""
    records, dashboard = Records(url), f"http://127.0.0.1:{dashboard_port}"
    entrypoint = shlex.join([sys.executable, WAIT_FOR_GO, url, folder])
    ports = RayPorts(int(dashboard_port), int(metrics_port))
    with other_rays(), host_ray(Path(folder), cpus=1, ports=ports):
        submit = partial(submit_job, entrypoint=entrypoint, dashboard=dashboard, home=Path(folder))
        is_alive = partial(is_submission_alive, dashboard=dashboard)
        admission = Admission(records, submit, is_alive, max_running=1)
        (first, second) = add(records, 2)
        assert is_submission_alive("unknown", dashboard=dashboard) is None
        wait_for(records, admission, first, JobState.RUNNING)
        stop_on_rays_pages(records, dashboard, first)
        Path(folder, "go").touch()
        wait_for(records, admission, second, JobState.SUCCEEDED)
        address = address_of_submitted(dashboard, folder)
        assert address == ray.get_runtime_context().gcs_address, address
        print(shown_jobs(dashboard))


if __name__ == "__main__":
    main(*sys.argv[1:])
