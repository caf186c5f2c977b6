"""A service whose workspace is in the home of another service admits no jobs: they would train on the wrong one."""

import threading
from pathlib import Path

import pytest

from sake_ray.cli.job_admission import admit_jobs
from sake_ray.settings import Settings
from sake_ray.storage.records import Records
from tests.jobs.starter import add
from tests.ports import free_port
from tests.waiting import wait_until


def is_admitting() -> bool:
    return any(thread.name == "admission" for thread in threading.enumerate())


@pytest.mark.parametrize("here", [True, False])
def test_only_the_service_with_the_workspace_admits_jobs(records: Records, tmp_path: Path, here: bool) -> None:
    add(records)
    settings = Settings(home=tmp_path, workspace_here=here, dashboard_port=free_port())
    with admit_jobs(settings, records, max_running=1):
        assert is_admitting() is here
        if here:
            wait_until(lambda: records.jobs.list().items[0].attempt > 0)
    (job,) = records.jobs.list().items
    assert bool(job.attempt) is here
