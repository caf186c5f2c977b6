"""Ray's launcher brings up a cluster of three machines and takes it down, as the README says (`make faults`)."""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest

from sake_ray.domain.jobs import JobState
from sake_ray.storage.records import Records
from tests.cluster.launching import LaunchingSide, make_launching_side, read_commands
from tests.cluster.machines import ROOT, Machine, build_image, find_engine, make_key, running_machines
from tests.cluster.shared_servers import SharedServers, running_servers
from tests.storage.s3_servers import BUCKET
from tests.waiting import wait_until

pytestmark = [
    pytest.mark.skipif(os.environ.get("SAKE_FAULTS") != "full", reason="takes ten minutes: a part of make faults"),
    pytest.mark.timeout(3000),
]
READER = "sake_ray.data.reader_process"
RAYLET = "raylet/raylet"
IMAGES = 32


@dataclass(frozen=True)
class Office:
    """Three machines that nothing runs on yet, and what they will share."""

    side: LaunchingSide
    head: Machine
    workers: tuple[Machine, Machine]
    servers: SharedServers


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    # Short: Ray makes sockets in it. And open to the user that PostgreSQL runs as.
    folder = Path(tempfile.mkdtemp(prefix="up-", dir="/tmp"))
    folder.chmod(0o711)
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        subprocess.run(["scripts/install"], cwd=ROOT, check=True)  # the nodes take this .venv as their own
        engine = find_engine()
        (folder / "image").mkdir()
        build_image(engine, folder / "image")
        home = folder / "home"
        public_key = make_key(home / ".ssh")
        machines, host = stack.enter_context(running_machines(engine, ("head", "one", "two"), public_key))
        servers = stack.enter_context(running_servers(host, folder))
        addresses = [machine.address for machine in machines]
        side = make_launching_side(folder / "sake", home, addresses, servers.settings())
        head, one, two = machines
        yield Office(side, head, (one, two), servers)
        print(json.dumps(side.took, indent=1))


def test_cluster_comes_up_works_loses_a_worker_and_goes_down(office: Office) -> None:
    side, (one, two) = office.side, office.workers
    token, up, prepare, service, status, train, down = read_commands()
    for line in (token, up, prepare):
        side.run(line)
    wait_until(lambda: one.runs(RAYLET), interval=1)
    assert re.search(r"Active:\s+2 local.cluster.node", side.run(status))  # the head, and the one worker at least
    side.on_head(
        f"sake samples --count {IMAGES} --out scans >/dev/null 2>&1 && cd scans && "
        "for label in */; do sake images add ${label%/} $label* >/dev/null; done"
    )

    with side.typing(service) as serving:
        wait_until(lambda: "Sign in" in serving.read(), interval=1, process=serving.process, log=serving.read)
        assert "The test failed" not in serving.read()  # its document was read by the first worker, which has one CPU
        assert not two.runs(RAYLET)
        with side.typing(train) as training:
            wait_until(lambda: two.runs(READER), interval=1, process=training.process, log=training.read, timeout=800)
            serving.interrupt()
            wait_until(lambda: serving.process.poll() is not None, log=serving.read)
            two.kill()
            wait_until(lambda: one.runs(READER), interval=1, process=training.process, log=training.read)
            wait_until(lambda: training.process.poll() is not None, interval=1, log=training.read, timeout=1500)
            assert training.process.returncode == 0, training.read()

    check_results(office.servers)
    kept = "ls /home/sake/sake_ray/var/workspace"
    assert (bool(office.head.run(kept)), one.run(kept)) == (True, "")  # nothing is lost with a worker
    two.start()
    wait_until(lambda: two.runs(RAYLET), interval=1)
    side.run(down)
    for machine in (office.head, one, two):
        wait_until(lambda machine=machine: not machine.runs(RAYLET), interval=1)


def check_results(servers: SharedServers) -> None:
    """The job succeeded, and what came of it is where all nodes find it."""
    job = Records(servers.records).jobs.list().items[0]
    assert (job.kind, job.state) == ("train", JobState.SUCCEEDED)
    import mlflow

    run = mlflow.MlflowClient(servers.mlflow).get_run(str(job.result["run"]))
    assert run.info.status == "FINISHED"
    client = boto3.client(
        "s3", endpoint_url=servers.s3.endpoint, region_name="us-east-1",
        aws_access_key_id=servers.s3.access_key, aws_secret_access_key=servers.s3.secret_key,
    )  # fmt: skip
    assert client.list_objects_v2(Bucket=BUCKET, Prefix="office/")["KeyCount"] >= IMAGES
