"""A real PostgreSQL on this machine, as long as the tests run."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from tests.ports import free_port
from tests.waiting import wait_until

PASSWORD = "hidden-word"
"""In every address, so that tests can look for it where it must not be shown; the server takes any."""


@dataclass(frozen=True)
class Postgres:
    """Where the server listens."""

    port: int
    host: str = "127.0.0.1"

    def url(self, database: str) -> str:
        """The address of a database."""
        return f"postgresql://sake:{PASSWORD}@{self.host}:{self.port}/{database}"

    def command(self, sentence: str) -> None:
        """Run one command outside of any transaction."""
        with psycopg.connect(self.url("postgres"), autocommit=True, connect_timeout=5) as connection:
            connection.execute(sentence.encode())

    @cached_property
    def version(self) -> int:
        """The major version of the server."""
        with psycopg.connect(self.url("postgres"), connect_timeout=5) as connection:
            return connection.info.server_version // 10_000

    @contextmanager
    def empty_database(self, *, like: str = "template1") -> Iterator[str]:
        """Make a copy of a database, yield its address, and drop it at the end, also from under who still uses it."""
        name = f"test_{uuid4().hex}"
        # From version 15 on a copy goes through the log by default, which takes six times as long.
        strategy = "" if self.version < 15 else " STRATEGY FILE_COPY"
        self.command(f"CREATE DATABASE {name} TEMPLATE {like}{strategy}")
        yield self.url(name)
        self.command(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server with nothing in it."""
    programs = find_programs()
    # Not in pytest's folder: the path of a socket has at most 107 bytes, and another user must be able to go there.
    folder = Path(tempfile.mkdtemp(prefix="sake-pg-", dir="/tmp"))
    try:
        with running(programs, folder) as server:
            yield server
    finally:
        shutil.rmtree(folder)


def find_programs() -> Path:
    """The folder of the newest PostgreSQL; Debian keeps it off the PATH."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda it: float(it.parent.name), reverse=True):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    on_path = shutil.which("initdb")
    if on_path is None:
        pytest.fail("There is no PostgreSQL on this machine; install the packages named in packages-test.apt.")
    return Path(on_path).resolve().parent


@contextmanager
def running(programs: Path, folder: Path, host: str = "127.0.0.1") -> Iterator[Postgres]:
    """Run a new server until the block ends; on another address of this machine it answers whoever is in its network."""
    initialize(programs, folder)
    with serving_data(programs, folder, free_port(), host) as server:
        yield server


def initialize(programs: Path, folder: Path) -> None:
    """Make the files of a server."""
    initdb = ["-D", str(folder / "data"), "-U", "sake", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    with (folder / "log").open("wb") as output:
        command = [*as_its_user(), str(programs / "initdb"), *initdb]
        done = subprocess.run(command, cwd=folder, stdout=output, stderr=output, check=False)
    if done.returncode:
        pytest.fail(f"initdb did not work: {(folder / 'log').read_text()[-500:]}")
    with (folder / "data" / "pg_hba.conf").open("a") as rules:
        rules.write("host all all samenet trust\n")


def as_its_user() -> list[str]:
    """What stands before a command of the server: it refuses to run as root."""
    # The signal stops the server also when the tests themselves are killed.
    start = ["setpriv", "--pdeathsig", "INT"]
    return start + ["--reuid=postgres", "--regid=postgres", "--init-groups"] * (os.geteuid() == 0)


@contextmanager
def serving_data(programs: Path, folder: Path, port: int, host: str = "127.0.0.1") -> Iterator[Postgres]:
    """Run a server on files that are there, which outlive it, until the block ends."""
    server, log = Postgres(port, host), folder / "log"
    command = [str(programs / "postgres"), "-D", str(folder / "data"), "-k", str(folder), "-p", str(port)]
    options = ["-c", f"listen_addresses={host}", "-c", "fsync=off", "-c", "full_page_writes=off"]
    with log.open("ab") as output:
        process = subprocess.Popen([*as_its_user(), *command, *options], cwd=folder, stdout=output, stderr=output)
    try:
        wait_for(server, process, log)
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_for(server: Postgres, process: subprocess.Popen[bytes], log: Path) -> None:
    """Return when the server answers."""

    def answers() -> bool:
        with suppress(psycopg.OperationalError):
            server.command("SELECT 1")
            return True
        return False

    wait_until(answers, interval=0.1, process=process, log=lambda: log.read_text()[-500:])
