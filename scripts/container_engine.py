"""The containers of one trial: the engine that runs them, and what is asked of it."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import httpx

from tests.ports import free_port

ROOT = Path(__file__).parents[1]
DOCKER = ROOT / "cluster" / "docker"
PROJECT, SUBNET = "sake_trial", "10.89.91"
COMPOSE_SECONDS, ANSWER_SECONDS = 900.0, 120.0
PROFILES = ("prediction", "training", "monitoring")
T = TypeVar("T")


class Trial:
    """The containers of one run: their engine, the commands that speak to it, and the protocol."""

    def __init__(self, scratch: Path) -> None:
        self.engine = take_environment()
        self.scratch, self.https = scratch, free_port()
        self.began = time.monotonic()
        driver = "json-file" if self.engine == "docker" else "k8s-file"
        self.environment = os.environ | {
            "SECRETS": str(scratch / "secrets"), "SUBNET": SUBNET, "LOG_DRIVER": driver, "COMPOSE_PROJECT_NAME": PROJECT,
            "HTTPS_PORT": str(self.https), "HTTP_PORT": str(free_port()),
        }  # fmt: skip

    def say(self, text: str) -> None:
        """Print a line of the protocol."""
        print(f"{time.monotonic() - self.began:6.1f} s  {text}", flush=True)

    def compose(self, *words: str) -> None:
        """Run docker compose, or podman-compose, on our files."""
        program = (
            ["docker", "compose"]
            if self.engine == "docker"
            else [str(Path(sys.executable).with_name("podman-compose"))]
        )
        files = ["-f", str(DOCKER / "compose.yaml"), "-f", str(DOCKER / "compose.test.yaml")]
        command = [*program, "-p", PROJECT, *files, *(f"--profile={name}" for name in PROFILES), *words]
        with (self.scratch / "compose.log").open("ab") as log:
            subprocess.run(command, env=self.environment, stdout=log, stderr=log, check=True, timeout=COMPOSE_SECONDS)

    def ask_engine(self, *words: str) -> str:
        """Run the engine's command, and return what it prints."""
        done = subprocess.run(
            [self.engine, *words], capture_output=True, text=True, check=False, timeout=ANSWER_SECONDS
        )
        if done.returncode:
            raise RuntimeError(f"{self.engine} {' '.join(words)}: {done.stderr.strip()}")
        return done.stdout

    def find(self, service: str) -> str:
        """Find the container of a service."""
        labels = {"project": PROJECT, "service": service}
        filters = [f"--filter=label=com.docker.compose.{name}={value}" for name, value in labels.items()]
        return self.ask_engine("ps", "-a", "--format", "{{.Names}}", *filters).split()[0]

    def wait(self, what: str, condition: Callable[[], T], seconds: float) -> T:
        """Ask until the answer is true; end the trial when it never is."""
        end, fault = time.monotonic() + seconds, ""
        while time.monotonic() < end:
            try:
                if answer := condition():
                    return answer
            except (httpx.HTTPError, RuntimeError, LookupError, ValueError) as error:
                fault = str(error)
            time.sleep(0.5)
        raise SystemExit(f"Not within {seconds:.0f} s: {what}. {fault}")


@contextmanager
def alone(place: Path | None = None) -> Iterator[None]:
    """Refuse to begin beside another trial: it has the same containers and network, and each removes those of the other."""
    place = place or Path(tempfile.gettempdir()) / f"{PROJECT}-{os.getuid()}.lock"
    with place.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit("Another trial of the containers runs on this machine; wait until it has ended.") from None
        yield


def take_environment() -> str:
    """Take over where scripts/containers has the engine's settings; return the engine."""
    command = ["bash", "-c", 'settings=$(scripts/containers env) && eval "$settings" && env -0']
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    os.environ.update(line.split("=", 1) for line in printed.split("\0") if line)
    engine = os.environ["CONTAINER_ENGINE"]
    if engine == "podman" and shutil.which("podman") is None:
        subprocess.run([ROOT / "scripts/containers", "engine"], check=True)
    return engine
