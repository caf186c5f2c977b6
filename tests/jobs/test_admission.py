"""Queued jobs start while there is room, each once, and again when they were killed; with real processes."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sake_ray.domain.jobs import Job, JobState
from sake_ray.errors import SetupError
from sake_ray.jobs.admission import Admission
from sake_ray.storage.records import Records
from tests.jobs.test_runner import TOP, now, until, url_of
from tests.jobs.test_runner import records as records
from tests.ports import free_port, free_ports
from tests.storage.test_records import in_processes

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ENTRY = """
import sys, time
from pathlib import Path
from sake_ray.jobs import runner
from sake_ray.storage.records import Records
runner.HEARTBEAT_SECONDS = 0.1
url, folder, number, attempt = sys.argv[1:]
def work(report):
    with Path(folder, "begun").open("a") as file:
        file.write(f"{number} {attempt}\\n")
    while not Path(folder, "go").exists():
        report.check()
        time.sleep(0.05)
    return {}
runner.run_job(
    Records(url), int(number), work, attempt=int(attempt), log=Path(folder, f"{number}.log"), stuck_seconds=60
)
"""


class Starter:
    """Submits a job by starting its keeper, as Ray Jobs would."""

    def __init__(self, records: Records, folder: Path) -> None:
        self.words = [sys.executable, "-c", ENTRY, url_of(records), str(folder)]
        self.folder = folder
        self.started: dict[str, subprocess.Popen[bytes]] = {}

    def submit(self, job: Job) -> None:
        self.started[job.submission] = subprocess.Popen(
            [*self.words, str(job.number), str(job.attempt)], cwd=TOP, stderr=subprocess.DEVNULL
        )

    def alive(self, submission: str) -> bool | None:
        process = self.started.get(submission)
        return None if process is None else process.poll() is None

    @property
    def begun(self) -> list[str]:
        """Number and attempt of every job that was worked on."""
        path = self.folder / "begun"
        return path.read_text().splitlines() if path.exists() else []

    def let_them_end(self) -> None:
        (self.folder / "go").touch()
        for process in self.started.values():
            process.wait(30)


@pytest.fixture
def starter(records: Records, tmp_path: Path) -> Iterator[Starter]:
    """Starts keepers; those that still run at the end of the test are ended."""
    starter = Starter(records, tmp_path)
    yield starter
    for process in starter.started.values():
        process.kill()
        process.wait()


def add(records: Records, count: int = 1) -> list[int]:
    return [records.jobs.add("test", {}, by="ann", now=NOW).number for _ in range(count)]


def states(records: Records) -> list[JobState]:
    return [job.state for job in reversed(records.jobs.all(limit=100))]


def begun(records: Records, *, at: datetime = NOW) -> Job:
    """A job that runs somewhere."""
    add(records)
    (job,) = records.jobs.admit(most=100, now=at)
    return records.jobs.begin(job.number, attempt=job.attempt, now=at)


def knows_nothing(submission: str) -> None:
    return None


def test_jobs_start_in_their_order_while_there_is_room(records: Records, starter: Starter) -> None:
    first, second, third = add(records, 3)
    admission = Admission(records, starter.submit, starter.alive, most=2)
    for _ in range(3):
        admission.step(now())
    until(lambda: len(starter.begun) == 2, "two did not begin")
    assert sorted(starter.begun) == [f"{first} 1", f"{second} 1"]
    assert records.jobs.find(third).why == f"waits for job {first}"
    starter.let_them_end()
    admission.step(now())
    starter.let_them_end()
    assert states(records) == [JobState.SUCCEEDED] * 3


def test_killed_job_starts_again(records: Records, starter: Starter) -> None:
    (number,) = add(records)
    Admission(records, starter.submit, starter.alive, most=1).step(now())
    until(lambda: starter.begun == [f"{number} 1"], "it did not begin")
    for process in starter.started.values():
        process.kill()
    Admission(records, starter.submit, starter.alive, most=1).step(now() + 31 * SECOND)
    until(lambda: starter.begun == [f"{number} 1", f"{number} 2"], "it did not begin again")
    starter.let_them_end()
    assert states(records) == [JobState.SUCCEEDED]


def test_keeper_that_dies_before_it_begins_is_started_again_and_then_no_more(records: Records) -> None:
    (number,) = add(records)
    submitted: list[str] = []
    admission = Admission(records, lambda job: submitted.append(job.submission), lambda _: False, most=1)
    for seconds in range(6):
        admission.step(NOW + seconds * SECOND)
    assert (len(submitted), records.jobs.find(number).state) == (3, JobState.FAILED)


def test_job_that_cannot_be_submitted_stays_queued_and_says_why(records: Records) -> None:
    first, second = add(records, 2)
    submitted: list[int] = []

    def submit(job: Job) -> None:
        if job.number == first and not submitted:
            raise SetupError("Ray's job server does not answer.")
        submitted.append(job.number)

    admission = Admission(records, submit, knows_nothing, most=2)
    admission.step(NOW)
    job = records.jobs.find(first)
    assert (job.state, job.submission, job.why) == (JobState.QUEUED, "", "Ray's job server does not answer.")
    admission.step(NOW + SECOND)
    assert submitted == [second, first]


def test_unforeseen_error_of_a_submission_is_told_by_its_kind(records: Records) -> None:
    (number,) = add(records)

    def submit(job: Job) -> None:
        raise ValueError("a detail for the log")

    Admission(records, submit, knows_nothing, most=1).step(NOW)
    assert records.jobs.find(number).why == "It could not be submitted: ValueError."


def test_job_that_could_give_no_sign_while_the_machine_slept_is_not_lost(records: Records) -> None:
    admission = Admission(records, lambda job: None, knows_nothing, most=9)
    job = begun(records)
    hour = timedelta(hours=1)
    for moment in (NOW, NOW + hour, NOW + hour + SECOND):
        admission.step(moment)
    records.jobs.renew(job.number, job.attempt, stage="", done=0, total=0, why="", now=NOW + hour + 2 * SECOND)
    for seconds in range(3, 32):
        admission.step(NOW + hour + seconds * SECOND)
    assert records.jobs.find(job.number).state is JobState.RUNNING


def test_job_that_gives_no_sign_after_the_machine_slept_is_lost(records: Records) -> None:
    job, hour = begun(records), timedelta(hours=1)
    admission = Admission(records, lambda job: None, knows_nothing, most=0)
    admission.step(NOW)
    for seconds in range(32):
        admission.step(NOW + hour + seconds * SECOND)
    assert records.jobs.find(job.number).state is JobState.QUEUED


ADMIT = """
import sys, time
from pathlib import Path
from sake_ray.jobs.admission import Admission
from sake_ray.domain.jobs import JobState
from sake_ray.storage.records import Records
from tests.jobs.test_admission import Starter
from tests.jobs.test_runner import now
records, folder = Records(sys.argv[1]), Path(sys.argv[2])
starter = Starter(records, folder)
admission = Admission(records, starter.submit, starter.alive, most=3)
print("ready", flush=True)
sys.stdin.readline()
while records.jobs.count() > records.jobs.count([JobState.SUCCEEDED]):
    admission.step(now())
    time.sleep(0.05)
"""


def test_two_admissions_at_once_start_every_job_once(records: Records, tmp_path: Path) -> None:
    expected = add(records, 8)
    (tmp_path / "go").touch()
    in_processes(2, ADMIT, url_of(records), str(tmp_path))
    lines = (tmp_path / "begun").read_text().splitlines()
    assert sorted(lines) == sorted(f"{number} 1" for number in expected)


ON_RAY = """
import os, shlex, socket, subprocess, sys, time, urllib.request
from contextlib import suppress
from datetime import timedelta
from functools import partial
from pathlib import Path
from ray.job_submission import JobSubmissionClient
from sake_ray.jobs.admission import Admission
from sake_ray.domain.jobs import JobState
from sake_ray.jobs.ray_connection import host_ray
from sake_ray.jobs.local_ray import RayPorts
from sake_ray.jobs.submissions import submission_lives, submit_job
from sake_ray.storage.records import Records
from tests.jobs.test_admission import ENTRY, add
from tests.jobs.test_runner import now

url, folder, dashboard_port, metrics_port = sys.argv[1:]
records, dashboard = Records(url), f"http://127.0.0.1:{dashboard_port}"
entrypoint = shlex.join([sys.executable, "-c", ENTRY, url, folder])

def wait_for(job, state):
    end = time.monotonic() + 400
    while records.jobs.find(job).state is not state:
        assert time.monotonic() < end, records.jobs.find(job)
        time.sleep(0.2)
        admission.step(now())  # Ray's job server takes nothing in its first seconds

# Another Ray is known by the name and the words of its process.
OTHER = "import time; time.sleep(280)"
taken = socket.socket()  # as another Ray on this machine would have it
with suppress(OSError):
    taken.bind(("0.0.0.0", 52365))
    taken.listen()
others = [
    subprocess.Popen(["raylet", "-c", OTHER, f"--gcs-address=10.0.0.{n}:1"], executable=sys.executable) for n in range(20)
]
with host_ray(Path(folder), cpus=1, ports=RayPorts(int(dashboard_port), int(metrics_port))):
    submit = partial(submit_job, entrypoint=entrypoint, dashboard=dashboard, home=Path(folder))
    admission = Admission(records, submit, partial(submission_lives, dashboard=dashboard), most=1)
    (first, second) = add(records, 2)
    assert submission_lives("unknown", dashboard=dashboard) is None
    wait_for(first, JobState.RUNNING)
    submission = records.jobs.find(first).submission
    assert submission_lives(submission, dashboard=dashboard) is True
    JobSubmissionClient(dashboard).stop_job(submission)  # as somebody may on Ray's pages
    while submission_lives(submission, dashboard=dashboard):
        time.sleep(0.1)
    records.jobs.ask_stop(first, now=now())
    records.jobs.take_back_lost(older_than=timedelta(), now=now())
    assert records.jobs.find(first).state is JobState.STOPPED
    Path(folder, "go").touch()
    wait_for(second, JobState.SUCCEEDED)
    token = Path(os.environ["RAY_AUTH_TOKEN_PATH"]).read_text().strip()
    client = JobSubmissionClient(dashboard)
    asking = client.submit_job(entrypoint=f"echo $RAY_ADDRESS > {folder}/told")
    while not client.get_job_status(asking).is_terminal():
        time.sleep(0.2)
    import ray
    told = Path(folder, "told").read_text().strip()
    assert told == ray.get_runtime_context().gcs_address, told
    asked = urllib.request.Request(f"{dashboard}/api/jobs/", headers={"Authorization": f"Bearer {token}"})
    print(urllib.request.urlopen(asked).read().decode())
for other in others:
    other.kill()
"""


def test_ray_runs_submitted_jobs_beside_other_rays_and_shows_no_secret_of_theirs(
    records: Records, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "run").mkdir()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hidden-word")
    monkeypatch.setenv("SAKE_S3_SECRET", "hidden-word")
    words = [url_of(records), str(tmp_path), str(free_port()), str(free_ports(3)[0])]
    done = subprocess.run(
        [sys.executable, "-c", ON_RAY, *words], cwd=TOP, capture_output=True, text=True, timeout=800, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "sake-2-1-" in done.stdout
    assert "hidden-word" not in done.stdout
