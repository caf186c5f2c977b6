"""Ask for something slow, follow it, stop it."""

from typing import Any

from sake_ray.client.connection import HttpConnection
from sake_ray.schemas.jobs import JobOut, JobsOut, LogOut


class JobCalls(HttpConnection):
    """Calls about jobs."""

    def start_job(self, kind: str, **options: object) -> JobOut:
        """Ask for something slow."""
        return self._ask(JobOut, "POST", "/admin/jobs", json={"kind": kind, "options": options})

    def jobs(self, **criteria: Any) -> JobsOut:
        """The jobs, newest first; a page of them."""
        return self._ask(JobsOut, "GET", "/admin/jobs", params=criteria)

    def job(self, number: int) -> JobOut:
        """How far a job is."""
        return self._ask(JobOut, "GET", f"/admin/jobs/{number}")

    def stop_job(self, number: int) -> JobOut:
        """Ask a job to stop."""
        return self._ask(JobOut, "POST", f"/admin/jobs/{number}/stop")

    def job_log(self, number: int, *, offset: int = 0, wait: float = 0) -> LogOut:
        """The log of a job from an offset on; waits up to so many seconds for something to be there."""
        return self._ask(LogOut, "GET", f"/admin/jobs/{number}/log", params={"offset": offset, "wait": wait})
