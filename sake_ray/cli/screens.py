"""Run the screens beside the service: a process for each application, started again when it dies."""

import logging
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from sake_ray.cli.hosting import reachable
from sake_ray.settings import Settings

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
END_SECONDS = 6.0
PAUSES = 1.0, 30.0
"""Before a start after a death: doubled each time from the first to the second; lived for so long, it begins anew."""
SECRETS = ("AWS_", "RAY_AUTH", "SAKE_RECORDS_URL", "SAKE_MLFLOW_URL")
"""What the screens do not need to know: they have nothing but the token of whoever signed in."""


def addresses(settings: Settings) -> Mapping[str, str]:
    """Where each application is opened, by its name."""
    if not settings.screens:
        return {}
    return {"user": f"http://{reachable(settings.host)}:{settings.user_port}"}


@contextmanager
def screens(settings: Settings, api: str) -> Iterator[None]:
    """Run the screens for the duration of the block. They inherit the run's mark, so a kill -9 leaves nothing for good."""
    kept = [
        Kept(_command(settings, name, api), settings.home / "logs" / f"screens-{name}.log")
        for name in addresses(settings)
    ]
    try:
        yield
    finally:
        for one in kept:
            one.end()


class Kept:
    """A process that is started again whenever it dies."""

    def __init__(self, command: list[str], log_file: Path) -> None:
        self.command, self.log_file = command, log_file
        self._ending = threading.Event()
        self.process = self._start()
        self._thread = threading.Thread(target=self._keep, daemon=True)
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
            log.warning("screens died", extra={"exit_code": self.process.returncode, "log": str(self.log_file)})
            if self._ending.wait(pause):
                return
            pause, started = min(2 * pause, PAUSES[1]), time.monotonic()
            self.process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        self.log_file.parent.mkdir(parents=True, exist_ok=True)
        kept = {name: value for name, value in os.environ.items() if not name.startswith(SECRETS)}
        with self.log_file.open("ab") as out:
            # A session of its own: Ctrl-C reaches `sake up`, which ends the screens after the last request.
            return subprocess.Popen(
                self.command, env=kept, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True
            )


def _command(settings: Settings, name: str, api: str) -> list[str]:
    limits = ["--most-bytes", str(settings.read_bytes), "--most-pages", str(settings.read_pages)]
    where = ["--api", api, "--host", settings.host, "--port", str(settings.user_port)]
    return [sys.executable, "-m", "frontends.host", name, *where, *limits]
