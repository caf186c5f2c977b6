"""What a service may depend on, as servers of a test that can be gone for a while and keep what they had."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

import httpx

from tests.ports import free_port
from tests.storage.postgres import find_programs, initialize, serving_data
from tests.storage.s3_servers import BUCKET, Server, serving_folder
from tests.waiting import wait_until


class Outside(Protocol):
    """A server that is stopped and started again."""

    def start(self) -> None:
        """Return when it answers."""

    def stop(self) -> None:
        """End it; what it was doing breaks off."""


class Database:
    """A PostgreSQL."""

    def __init__(self, folder: Path) -> None:
        self._programs, self._folder, self._port, self._running = find_programs(), folder, free_port(), ExitStack()
        initialize(self._programs, folder)

    @property
    def url(self) -> str:
        """The address of the one database in it."""
        return f"postgresql://sake@127.0.0.1:{self._port}/postgres"

    def start(self) -> None:
        """Return when it answers."""
        self._running.enter_context(serving_data(self._programs, self._folder, self._port))

    def stop(self) -> None:
        """End it; transactions break off."""
        self._running.close()


class Store:
    """An S3 server."""

    def __init__(self, folder: Path) -> None:
        self.server = Server(f"http://127.0.0.1:{free_port()}", "sake-access", "sake-secret-0123")
        self._folder, self._running = folder, ExitStack()
        (folder / "buckets").mkdir()

    def start(self) -> None:
        """Return when it answers."""
        self._running.enter_context(serving_folder(self.server, self._folder / "buckets", self._folder / "log"))

    def stop(self) -> None:
        """End it; requests break off."""
        self._running.close()


class Mlflow:
    """An MLflow server on the files of a home."""

    def __init__(self, home: Path, folder: Path) -> None:
        self.url, self._home, self._folder = f"http://127.0.0.1:{(port := free_port())}", home, folder
        store = ["--backend-store-uri", f"sqlite:///{home / 'mlflow.db'}"]
        artifacts = ["--no-serve-artifacts", "--default-artifact-root", (home / "mlflow-artifacts").as_uri()]
        where = ["--host", "127.0.0.1", "--port", str(port), "--workers", "1"]
        self._command = [sys.executable, "-m", "mlflow", "server", *store, *artifacts, *where]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Return when it answers."""
        quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
        log = self._folder / "mlflow.log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(
                self._command, env=os.environ | quiet, stdout=output, stderr=output, start_new_session=True
            )

        def answers() -> bool:
            try:
                return httpx.get(f"{self.url}/health", trust_env=False).status_code == 200
            except httpx.TransportError:
                return False

        wait_until(answers, interval=0.2, process=self._process, log=log.read_text)

    def stop(self) -> None:
        """Kill it and its worker."""
        if self._process:
            os.killpg(self._process.pid, 9)
            self._process.wait()
            self._process = None


@contextmanager
def keeping(folder: Path, home: Path, *, mlflow: bool = True) -> Iterator[tuple[dict[str, Outside], dict[str, str]]]:
    """Run one of each until the block ends; gives them by name, and the settings that lead to them.

    Without `mlflow` the service has its own files for that.
    """
    # Not in pytest's folder: the path of a socket has at most 107 bytes, and another user must be able to go there.
    data = Path(tempfile.mkdtemp(prefix="sake-pg-", dir="/tmp"))
    database, store, registry = Database(data), Store(folder), Mlflow(home, folder)
    servers: dict[str, Outside] = {"PostgreSQL": database, "S3": store} | ({"MLflow": registry} if mlflow else {})
    try:
        for server in servers.values():
            server.start()
        yield (
            servers,
            {
                "SAKE_RECORDS_URL": database.url,
                "SAKE_OBJECTS_URL": f"s3://{BUCKET}/office",
                "SAKE_S3_ENDPOINT": store.server.endpoint,
                "AWS_ACCESS_KEY_ID": store.server.access_key,
                "AWS_SECRET_ACCESS_KEY": store.server.secret_key,
                **({"SAKE_MLFLOW_URL": registry.url} if mlflow else {}),
            },
        )
    finally:
        for server in servers.values():
            server.stop()
        shutil.rmtree(data)
