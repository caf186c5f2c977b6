"""Run programs beside the service, such as the screens: one that dies is restarted, all end with the service."""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from sake_ray.errors import SetupError
from sake_ray.logs.bounds import rotate_in_place
from sake_ray.settings import Settings

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
END_SECONDS = 6.0
RESTART_PAUSES = 1.0, 30.0
"""The pause before a restart doubles each time, from the first to the second; a program that lived so long begins anew."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A program beside the service: its name and address for people, its command, the file of its output.

    Its environment is ours with `environment` added, and without variables that begin with one of `hidden`.
    """

    name: str
    url: str
    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()
    own_logs: tuple[Path, ...] = ()
    """Files that it appends to by itself, for ever."""


@contextmanager
def run_sidecars(sidecars: Sequence[Sidecar]) -> Iterator[list["SupervisedProcess"]]:
    """Run the programs for the duration of the block, and give them in the same order.

    After a kill -9 of this process they live on, known by the mark of its run, and the next start ends them.
    """
    with ExitStack() as stack:
        processes = []
        for sidecar in sidecars:
            processes.append(SupervisedProcess(sidecar))
            stack.callback(processes[-1].end)
        yield processes


class SupervisedProcess:
    """A program that is restarted whenever it dies."""

    def __init__(self, sidecar: Sidecar) -> None:
        self.sidecar = sidecar
        self._ending = threading.Event()
        self.restarts = 0
        """How often it was started again."""
        self.process = self._start()
        self._thread = threading.Thread(target=self._supervise, name=sidecar.name, daemon=True)
        self._thread.start()

    def end(self) -> None:
        """End it in order, or by force if it takes too long."""
        self._ending.set()
        self._thread.join()
        self.process.terminate()
        try:
            self.process.wait(END_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    @property
    def is_running(self) -> bool:
        """Whether it runs just now."""
        return self.process.poll() is None

    def send(self, number: signal.Signals) -> None:
        """Send it a signal, if it runs just now."""
        self.process.send_signal(number)

    def _supervise(self) -> None:
        started, pause = time.monotonic(), RESTART_PAUSES[0]
        while not self._ending.wait(POLL_SECONDS):
            for path in (self.sidecar.log, *self.sidecar.own_logs):
                rotate_in_place(path)
            if self.process.poll() is None:
                continue
            if time.monotonic() - started > RESTART_PAUSES[1]:
                pause = RESTART_PAUSES[0]
            facts = {
                "program": self.sidecar.name,
                "exit_code": self.process.returncode,
                "log": str(self.sidecar.log),
            }
            log.warning("sidecar died", extra=facts)
            self._end_children()
            if self._ending.wait(pause):
                return
            self.restarts += 1
            pause, started = min(2 * pause, RESTART_PAUSES[1]), time.monotonic()
            self.process = self._start()

    def _end_children(self) -> None:
        """End what a dead program leaves of its session: it would hold the port of the next one."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def _start(self) -> subprocess.Popen[bytes]:
        self.sidecar.log.parent.mkdir(parents=True, exist_ok=True)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith(self.sidecar.hidden)}
        with self.sidecar.log.open("ab") as out:
            # A session of its own: Ctrl-C reaches `sake up`, which ends its sidecars after the last request.
            return subprocess.Popen(
                self.sidecar.command, env=inherited | dict(self.sidecar.environment), stdin=subprocess.DEVNULL,
                stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip


def make_mlflow_pages(settings: Settings, *, base: str = "") -> Sidecar:
    """Make the sidecar of MLflow's pages, for this machine only: they ask nobody for a token.

    Behind the gateway they live below `base`, such as /mlflow. One worker, no jobs of its own, no artifacts passed on: half a
    gigabyte instead of two and a half (measured).
    """
    port, home = settings.mlflow_port, settings.home
    store = settings.mlflow_url or f"sqlite:///{home / 'mlflow.db'}"
    if store.startswith("http"):
        raise SetupError("mlflow-is-a-server", url=store)
    command: tuple[str, ...] = (
        sys.executable, "-m", "mlflow", "server", "--backend-store-uri", store, "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--no-serve-artifacts", "--default-artifact-root", (home / "mlflow-artifacts").as_uri(),
    )  # fmt: skip
    command += ("--static-prefix", base) if base else ()
    quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    return Sidecar("MLflow", f"http://127.0.0.1:{port}{base}", command, home / "logs" / "mlflow.log", quiet)
