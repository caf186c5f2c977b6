"""S3 servers of two kinds, moto and rclone, each in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from tests.ports import free_port
from tests.waiting import wait_until

BUCKET = "sake-test"


@dataclass(frozen=True)
class Server:
    """Where an S3 server listens, and the keys it takes."""

    endpoint: str
    access_key: str
    secret_key: str


@contextmanager
def running(command: list[str], server: Server, log: Path) -> Iterator[Server]:
    """Run a server until the block ends; its bucket is made when it first answers."""
    with log.open("wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        make_bucket(server, process, log)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def make_bucket(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=server.endpoint,
        region_name="us-east-1",
        aws_access_key_id=server.access_key,
        aws_secret_access_key=server.secret_key,
        config=Config(s3={"addressing_style": "path"}, connect_timeout=2, read_timeout=20),
    )

    def made() -> bool:
        with suppress(Exception):
            client.create_bucket(Bucket=BUCKET)
        with suppress(Exception):
            client.head_bucket(Bucket=BUCKET)  # rclone does not make one again that is there
            return True
        return False

    wait_until(made, interval=0.2, process=process, log=lambda: log.read_text()[-500:])


@contextmanager
def serving_folder(server: Server, folder: Path, log: Path) -> Iterator[Server]:
    """Have rclone serve the folders in a folder as buckets; they outlive it."""
    address, keys = server.endpoint.removeprefix("http://"), f"{server.access_key},{server.secret_key}"
    rclone = Path(sys.executable).parent / "rclone"
    command = [str(rclone), "serve", "s3", "--addr", address, "--config", os.devnull, "--auth-key", keys, str(folder)]
    with running(command, server, log) as started:
        yield started


@pytest.fixture(scope="session")
def moto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = Server(f"http://127.0.0.1:{port}", "any", "thing")
    with running(command, server, tmp_path_factory.mktemp("moto") / "log") as started:
        yield started


@pytest.fixture(scope="session")
def rclone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    port, folder = free_port(), tmp_path_factory.mktemp("rclone")
    (folder / "buckets").mkdir()
    server = Server(f"http://127.0.0.1:{port}", "sake-access", "sake-secret-0123")
    with serving_folder(server, folder / "buckets", folder / "log") as started:
        yield started
