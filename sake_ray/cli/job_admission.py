"""Have the Ray of the service run the jobs, as long as the service runs."""

import logging
import os
import shlex
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sake_ray.errors import SakeError
from sake_ray.jobs.admission import Admission, watch_clock
from sake_ray.jobs.submissions import is_submission_alive, submit_job
from sake_ray.settings import Settings
from sake_ray.storage.records import Records

STEP_SECONDS = 1.0
log = logging.getLogger(__name__)


def set_job_environment(settings: Settings) -> None:
    """Let what Ray starts find the home and the command `sake`, also jobs from `ray job submit`."""
    os.environ["SAKE_HOME"] = str(settings.home)
    programs = str(Path(sys.executable).parent)
    if programs not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = f"{programs}{os.pathsep}{os.environ.get('PATH', '')}"


@contextmanager
def admit_jobs(settings: Settings, records: Records, *, max_running: int) -> Iterator[None]:
    """Submit queued jobs, at most so many at once, and requeue stalled ones, for the duration of the block.

    Does nothing where the workspace is in another home: that one's service admits, and only its Ray knows its submissions.
    """
    if not settings.workspace_here:
        yield
        return
    dashboard = f"http://127.0.0.1:{settings.dashboard_port}"
    entrypoint = shlex.join([str(Path(sys.executable).with_name("sake")), "job"])
    admission = Admission(
        records,
        partial(submit_job, entrypoint=entrypoint, dashboard=dashboard, home=settings.home),
        partial(is_submission_alive, dashboard=dashboard),
        max_running=max_running,
    )
    clock, over = watch_clock(records.clock.now), threading.Event()

    def run() -> None:
        while not over.wait(STEP_SECONDS):
            try:
                admission.step(clock.look())
            except SakeError as error:
                log.warning("jobs could not be admitted: %s", error)
            except Exception:  # a job that nobody admits waits for ever
                log.exception("jobs could not be admitted")

    thread = threading.Thread(target=run, name="admission", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(STEP_SECONDS)
