"""What all nodes of a cluster share: PostgreSQL, an S3 server and an MLflow server, on one address of this machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.ports import free_port
from tests.storage.postgres import find_programs
from tests.storage.postgres import running as running_postgres
from tests.storage.s3_servers import BUCKET, Server
from tests.storage.s3_servers import running as running_s3
from tests.waiting import wait_until

DATABASE = "office"


@dataclass(frozen=True)
class SharedServers:
    """Where they listen."""

    records: str
    s3: Server
    mlflow: str

    def settings(self) -> dict[str, str]:
        """What `~/sake.env` says of them."""
        return {
            "SAKE_RECORDS_URL": self.records,
            "SAKE_OBJECTS_URL": f"s3://{BUCKET}/office",
            "SAKE_S3_ENDPOINT": self.s3.endpoint,
            "AWS_ACCESS_KEY_ID": self.s3.access_key,
            "AWS_SECRET_ACCESS_KEY": self.s3.secret_key,
            "SAKE_MLFLOW_URL": self.mlflow,
        }


@contextmanager
def running_servers(host: str, folder: Path) -> Iterator[SharedServers]:
    """Run them until the block ends. The folder is where PostgreSQL's own user may go."""
    with ExitStack() as stack:
        (folder / "postgres").mkdir()
        postgres = stack.enter_context(running_postgres(find_programs(), folder / "postgres", host))
        postgres.command(f"CREATE DATABASE {DATABASE}")
        address = Server(f"http://{host}:{(port := free_port())}", "any", "thing")
        moto = [sys.executable, "-m", "moto.server", "-H", host, "-p", str(port)]
        s3 = stack.enter_context(running_s3(moto, address, folder / "moto.log"))
        mlflow = stack.enter_context(running_mlflow(host, folder))
        yield SharedServers(postgres.url(DATABASE), s3, mlflow)


@contextmanager
def running_mlflow(host: str, folder: Path) -> Iterator[str]:
    """Run an MLflow server that takes artifacts itself; gives its address."""
    url = f"http://{host}:{(port := free_port())}"
    command = [
        sys.executable, "-m", "mlflow", "server", "--host", host, "--port", str(port), "--workers", "1", "--allowed-hosts", "*",
        "--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}", "--artifacts-destination", str(folder / "artifacts"),
    ]  # fmt: skip
    quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    log = folder / "mlflow.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=os.environ | quiet, stdout=output, stderr=output, start_new_session=True
        )

    def answers() -> bool:
        with suppress(httpx.HTTPError):
            return httpx.get(f"{url}/health", timeout=5, trust_env=False).is_success
        return False

    try:
        wait_until(answers, interval=0.3, process=process, log=lambda: log.read_text()[-2000:])
        yield url
    finally:
        os.killpg(process.pid, 15)
        process.wait(60)
