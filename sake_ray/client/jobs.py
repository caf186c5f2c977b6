"""Start jobs, follow them, stop them."""

from collections.abc import Mapping
from typing import Any

from sake_ray.client.connection import HttpConnection
from sake_ray.schemas.jobs import JobList, JobOut, LogOut


class JobCalls:
    """Calls about jobs."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def start(self, kind: str, options: Mapping[str, object] | None = None, *, key: str | None = None) -> JobOut:
        """Queue a job of this kind; under a key that was used before it is the job of then."""
        body = {"kind": kind, "options": dict(options or {})}
        return self._connection.call(JobOut, "POST", "/admin/jobs", json=body, key=key)

    def list(self, **criteria: Any) -> JobList:
        """List the jobs, newest first; one page of them, cheap to ask for again."""
        return self._connection.poll(JobList.model_validate_json, "/admin/jobs", **criteria)

    def get(self, number: int) -> JobOut:
        """Get a job with its progress; cheap to ask for again."""
        return self._connection.poll(JobOut.model_validate_json, f"/admin/jobs/{number}")

    def stop(self, number: int) -> JobOut:
        """Ask a job to stop."""
        return self._connection.call(JobOut, "POST", f"/admin/jobs/{number}/stop")

    def log(self, number: int, *, offset: int = 0, wait: float = 0) -> LogOut:
        """Read a job's log from an offset on; waits up to `wait` seconds for new text."""
        params = {"offset": offset, "wait": wait}
        return self._connection.call(LogOut, "GET", f"/admin/jobs/{number}/log", params=params)
