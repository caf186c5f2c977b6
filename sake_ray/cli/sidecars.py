"""Run programs beside the service, such as the screens: one that dies is started again, all end with the service."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sake_ray.errors import SetupError
from sake_ray.settings import Settings

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
END_SECONDS = 6.0
PAUSES = 1.0, 30.0
"""Before a start after a death: doubled each time from the first to the second; lived for so long, it begins anew."""


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A program: what it is to people and where they find it, its command, the file its output goes to, what it needs in its
    environment besides ours, and the beginnings of the names there that are none of its business."""

    name: str
    url: str
    command: tuple[str, ...]
    log: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    hidden: tuple[str, ...] = ()


@contextmanager
def accompanied_by(companions: Sequence[Sidecar]) -> Iterator[None]:
    """Keep the programs running for the duration of the block.

    After a kill -9 of this process they live on, known by the mark of its run, and the next start ends them.
    """
    with ExitStack() as stack:
        for companion in companions:
            stack.callback(SupervisedProcess(companion).end)
        yield


class SupervisedProcess:
    """A program that is started again whenever it dies."""

    def __init__(self, companion: Sidecar) -> None:
        self.companion = companion
        self._ending = threading.Event()
        self.process = self._start()
        self._thread = threading.Thread(target=self._keep, name=companion.name, daemon=True)
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

    def _keep(self) -> None:
        started, pause = time.monotonic(), PAUSES[0]
        while not self._ending.wait(LOOK_SECONDS):
            if self.process.poll() is None:
                continue
            if time.monotonic() - started > PAUSES[1]:
                pause = PAUSES[0]
            died = {
                "program": self.companion.name,
                "exit_code": self.process.returncode,
                "log": str(self.companion.log),
            }
            log.warning("a program beside the service died", extra=died)
            if self._ending.wait(pause):
                return
            pause, started = min(2 * pause, PAUSES[1]), time.monotonic()
            self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.companion.log.parent.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(self.companion.hidden)}
        with self.companion.log.open("ab") as out:
            # A session of its own: Ctrl-C reaches `sake up`, which ends its companions after the last request.
            return subprocess.Popen(
                self.companion.command, env=kept | dict(self.companion.environment), stdin=subprocess.DEVNULL,
                stdout=out, stderr=out, start_new_session=True,
            )  # fmt: skip


def mlflow_pages(settings: Settings) -> Sidecar:
    """MLflow's pages over the same store, for this machine only: they ask nobody for a token.

    One worker, no jobs of its own, no artifacts handed through: half a gigabyte instead of two and a half (measured).
    """
    port, home = settings.mlflow_port, settings.home
    store = settings.mlflow_url or f"sqlite:///{home / 'mlflow.db'}"
    if store.startswith("http"):
        raise SetupError(f"SAKE_MLFLOW_URL names a server, which has pages of its own: {store}")
    command = (
        sys.executable, "-m", "mlflow", "server", "--backend-store-uri", store, "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1", "--no-serve-artifacts", "--default-artifact-root", (home / "mlflow-artifacts").as_uri(),
    )  # fmt: skip
    quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    return Sidecar("MLflow", f"http://127.0.0.1:{port}", command, home / "logs" / "mlflow.log", quiet)
