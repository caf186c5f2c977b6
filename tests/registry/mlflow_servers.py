"""MLflow servers: one on a SQLite file and a folder, one on PostgreSQL and S3, each in a process of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from sake_ray.cli.keeper import measure_answer
from sake_ray.registry.connection import EXPERIMENT
from tests.ports import free_port
from tests.storage.postgres import Postgres
from tests.storage.s3_servers import BUCKET, Server
from tests.waiting import wait_until


@dataclass(frozen=True)
class MlflowServer:
    """Where the server listens, the address of its database, and the tables that were not empty when it began."""

    url: str
    database: str
    kept: frozenset[str] = frozenset()

    def list_filled(self) -> frozenset[str]:
        """Name the tables that have rows."""
        with self._open() as (connection, tables):
            queries = {name: sa.text(f"SELECT 1 FROM {name} LIMIT 1") for name in tables}  # noqa: S608
            return frozenset(name for name, query in queries.items() if connection.execute(query).first())

    def clear(self) -> None:
        """Let it be as it began: a server for each test would take half a minute."""
        with self._open() as (connection, tables):
            for name in tables:
                if name not in self.kept:
                    connection.execute(sa.text(f"DELETE FROM {name}"))  # noqa: S608
            connection.execute(sa.text("DELETE FROM experiments WHERE name = :name"), {"name": EXPERIMENT})

    @contextmanager
    def _open(self) -> Iterator[tuple[sa.Connection, list[str]]]:
        """Yield a transaction, and the tables in an order in which they may be emptied."""
        engine = sa.create_engine(self.database)
        metadata = sa.MetaData()
        metadata.reflect(engine)
        with engine.begin() as connection:
            yield connection, [table.name for table in reversed(metadata.sorted_tables)]
        engine.dispose()


@contextmanager
def serving(database: str, artifacts: str, folder: Path, environment: Mapping[str, str]) -> Iterator[MlflowServer]:
    """Run a server until the block ends."""
    port = free_port()
    server = MlflowServer(f"http://127.0.0.1:{port}", database)
    command = [sys.executable, "-m", "mlflow", "server", "--backend-store-uri", database, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--artifacts-destination", artifacts]
    quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            env=os.environ | quiet | environment,
            cwd=folder,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        wait_until(
            lambda: measure_answer(f"{server.url}/health") is not None,
            interval=0.2,
            process=process,
            log=lambda: log.read_text()[-500:],
        )
        yield MlflowServer(server.url, database, server.list_filled())
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="session")
def mlflow_on_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MlflowServer]:
    folder = tmp_path_factory.mktemp("mlflow-server")
    with serving(f"sqlite:///{folder / 'mlflow.db'}", str(folder / "artifacts"), folder, {}) as server:
        yield server


@pytest.fixture(scope="session")
def mlflow_on_servers(
    tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, rclone: Server
) -> Iterator[MlflowServer]:
    folder = tmp_path_factory.mktemp("mlflow-servers")
    environment = {
        "MLFLOW_S3_ENDPOINT_URL": rclone.endpoint,
        "AWS_ACCESS_KEY_ID": rclone.access_key,
        "AWS_SECRET_ACCESS_KEY": rclone.secret_key,
    }
    with postgres.empty_database() as url:
        database = url.replace("postgresql://", "postgresql+psycopg://")
        with serving(database, f"s3://{BUCKET}/mlflow", folder, environment) as server:
            yield server
