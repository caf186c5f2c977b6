"""A real `sake up`, as an office would run it, on ports and in a home of its own."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from sake_ray.cli.bootstrap import open_records
from sake_ray.client import Client
from sake_ray.errors import SakeError
from sake_ray.settings import Settings
from sake_ray.storage.records import Records
from tests.command import SAKE
from tests.ports import free_port, free_ports
from tests.waiting import wait_until

READY_SECONDS = 600.0


class Service:
    """One home, started and killed as often as wanted."""

    def __init__(self, home: Path, *words: str, **settings: str) -> None:
        self.home, self.words = home, words
        self.port, dashboard, self.gateway_port = free_port(), free_port(), free_port()
        self.environment = os.environ | {
            "SAKE_HOME": str(home),
            "SAKE_PORT": str(self.port),
            "SAKE_DASHBOARD_PORT": str(dashboard),
            "SAKE_GATEWAY_PORT": str(self.gateway_port),
            "SAKE_GATEWAY_HTTP_PORT": str(free_port()),
            "SAKE_METRICS_PORT": str(free_ports(3)[0]),
            "SAKE_KEEPER_METRICS_PORT": str(free_port()),
            "SAKE_USER_METRICS_PORT": str(free_port()),
            "SAKE_ADMIN_METRICS_PORT": str(free_port()),
            **{f"SAKE_{name}_PORT": str(free_port()) for name in ("PROMETHEUS", "ALERTMANAGER", "NODE_EXPORTER")},
            "SAKE_CPUS": "2",
            "SAKE_SCREENS": "false",
            "RAY_metrics_report_interval_ms": "3000",
            **settings,
        }
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Begin; use `wait_until_ready` before relying on it."""
        log = (self.home.parent / f"{self.home.name}.log").open("a")
        self.process = subprocess.Popen(
            [str(SAKE), "up", *self.words],
            env=self.environment,
            stdout=log,
            stderr=log,
            text=True,
            start_new_session=True,
        )

    def wait_until_ready(self) -> None:
        """Return when documents are being classified."""
        assert self.process
        with Client(self.url, patience=0) as client:

            def ready() -> bool:
                with suppress(SakeError):
                    client.system.ready()
                    return True
                return False

            wait_until(ready, timeout=READY_SECONDS, interval=0.3, process=self.process, log=self.log)

    def kill(self) -> None:
        """kill -9 of the command itself; what it started lives on until the next start."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self) -> float:
        """End it in order; return the seconds that took."""
        assert self.process
        started = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(400)
        return time.monotonic() - started

    def find(self, title: str) -> list[psutil.Process]:
        """Its processes whose command line has this in it."""
        assert self.process
        found = []
        for process in psutil.Process(self.process.pid).children(recursive=True):
            try:
                if title in " ".join(process.cmdline()):
                    found.append(process)
            except psutil.Error:
                continue
        return found

    def log(self) -> str:
        """What it printed last."""
        return self.whole_log()[-3000:]

    def whole_log(self) -> str:
        """What it printed, from the first start on."""
        return (self.home.parent / f"{self.home.name}.log").read_text()

    @property
    def records(self) -> Records:
        """Its records."""
        return open_records(Settings(home=self.home, records_url=self.environment.get("SAKE_RECORDS_URL", "")))

    @property
    def password(self) -> str:
        """The admin's generated password."""
        return (self.home / "admin_password").read_text().strip()

    def client(self, *, patience: float = 180) -> Client:
        """Signed in as admin."""
        client = Client(self.url, patience=patience)
        client.accounts.sign_in("admin", self.password)
        return client


@contextmanager
def run_service(home: Path, folder: Path, *words: str, **settings: str) -> Iterator[Service]:
    """A service on a copy of a home, started with these words, ready to classify; nothing of it is left at the end."""
    own = folder / "service"
    # What other tests of this session have read there is not this service's.
    shutil.copytree(home, own, ignore=shutil.ignore_patterns("objects"))
    # MLflow keeps artifacts under absolute paths: those of the original home, which is there as long as the tests run.
    service = Service(own, *words, **settings)
    service.start()
    try:
        service.wait_until_ready()
        yield service
    finally:
        if service.process and service.process.poll() is None:
            service.stop()


def processes_of(home: Path) -> list[str]:
    """Every process that knows this home by its environment or command line: what must not be left."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get("SAKE_HOME") == str(home) and process.pid != os.getpid():
                found.append(" ".join(process.cmdline()))
        except psutil.Error:
            continue
    return found
