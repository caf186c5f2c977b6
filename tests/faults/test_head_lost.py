"""The server of Ray's head (GCS) is killed: with its state in Redis, serving goes on and another takes over."""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from tests.concurrency import TOP
from tests.faults.servers import keeping
from tests.faults.uploading import Uploads, check_once, wait_until_ended
from tests.gateway.front import listens
from tests.ports import free_port, free_ports
from tests.service import run_service
from tests.waiting import wait_until

FULL = os.environ.get("SAKE_FAULTS") == "full"
GONE_SECONDS = 60.0


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """Run a Redis of our own; its address."""
    port = free_port()
    program = shutil.which("redis-server") or pytest.fail("install the packages named in packages-test.apt")
    options = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder), "--appendonly", "yes"]
    with (folder / "redis.log").open("wb") as log:
        process = subprocess.Popen([program, *options], stdout=log, stderr=log, start_new_session=True)
    try:
        wait_until(lambda: listens(port), process=process, log=(folder / "redis.log").read_text)
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


class Head:
    """The head of a cluster of two, in a process of its own."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def find(self, title: str) -> list[psutil.Process]:
        """Processes of the cluster with that in their title."""
        found = []
        for process in psutil.Process(self._process.pid).children(recursive=True):
            with suppress(psutil.Error):
                if title in " ".join(process.cmdline()):
                    found.append(process)
        return found

    def tell(self, what: str) -> None:
        """Have its server killed or started; return when that is done."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{what}\n")
        self._process.stdin.flush()
        while (line := self._process.stdout.readline()) != "done\n":
            assert line, "the cluster has ended"


@contextmanager
def cluster(folder: Path, state: str, environment: dict[str, str]) -> Iterator[tuple[Head, dict[str, str]]]:
    """Run it with its state there; gives the settings by which a service works on it."""
    token = folder / "token"
    token.write_text("f" * 64)
    ports, metrics = [str(free_port()) for _ in range(3)], free_ports(3)[0]
    auth = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(token)}
    own = {
        "RAY_USAGE_STATS_ENABLED": "0", "RAY_GRAFANA_HOST": "DISABLED", "OMP_THREAD_LIMIT": "1",
        "AUTOSCALER_METRIC_PORT": str(metrics + 1), "DASHBOARD_METRIC_PORT": str(metrics + 2),
        "RAY_REDIS_ADDRESS": state, "RAY_external_storage_namespace": "sake",
        # Longer than the head may be away: nodes end themselves after it, and with them what serves.
        "RAY_gcs_rpc_server_reconnect_timeout_s": "300",
    }  # fmt: skip
    words = [ports[0], ports[1], str(metrics), ports[2]]
    with TemporaryDirectory(prefix="ray-") as scratch, (folder / "cluster.log").open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.programs.head_with_redis", *words],
            env=os.environ | auth | own | environment | {"RAY_TMPDIR": scratch}, cwd=TOP, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=written,
        )  # fmt: skip
        try:
            assert process.stdout
            address = process.stdout.readline().strip()
            assert address, (folder / "cluster.log").read_text(errors="replace")
            waits = {"RAY_gcs_rpc_server_reconnect_timeout_s": "300"}
            yield Head(process), auth | waits | {"SAKE_RAY_ADDRESS": address, "SAKE_DASHBOARD_PORT": ports[1]}
        finally:
            process.communicate("", timeout=200)


@pytest.mark.skipif(not FULL, reason="needs a Redis, a cluster and a minute without its head: `make faults`")
@pytest.mark.timeout(1800)
def test_while_the_heads_server_is_gone_documents_are_read_and_afterwards_it_knows_them_all(
    home: Path, tmp_path: Path
) -> None:
    with (
        keeping(tmp_path, home, mlflow=False) as (_, servers),
        redis(tmp_path) as state,
        cluster(tmp_path, state, servers) as (head, settings),
        run_service(home, tmp_path, **servers, **settings) as service,
    ):
        uploads = Uploads(service.client(patience=600), "head")
        uploads.start()
        # Who has never called another asks the head where it is: it serves without the head once it has worked with it.
        wait_until(lambda: uploads.count() >= 3)
        wait_until_ended(service.records, uploads.uuids[:3])
        head.tell("kill")
        killed, before = time.monotonic(), len(uploads.uuids)
        # What was accepted without it is read and classified without it.
        wait_until(lambda: time.monotonic() - killed > GONE_SECONDS and uploads.count() > before + 3, interval=0.5)
        meanwhile = uploads.uuids[before + 1 : -1]
        wait_until_ended(service.records, meanwhile)
        gone = time.monotonic() - killed
        head.tell("start")
        back = time.monotonic()
        # Starting a process is what needs the head.
        readers = head.find("ServeReplica:sake:Etl")
        assert readers
        for reader in readers:
            reader.kill()
        later = len(uploads.uuids)
        wait_until(lambda: uploads.count() > later + 1, process=service.process, log=service.log)
        wait_until_ended(service.records, uploads.uuids[later : later + 1])
        recovered = time.monotonic() - back
        uuids = uploads.end()
        wait_until_ended(service.records, uuids)
        outcomes = check_once(service.records, uuids, len(uuids))
        print(
            f"gone for {gone:.0f} s: {len(meanwhile)} accepted and completed meanwhile, longest upload {uploads.longest:.1f} s;"
            f" a killed reader replaced {recovered:.1f} s after it was back; {len(uuids)} documents, attempts: {outcomes}"
        )
