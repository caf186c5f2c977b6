"""Machines of a cluster: containers with an SSH server, each with a file system of its own, in a network of their own."""

import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from tests.waiting import wait_until

ROOT = Path(__file__).parents[2]
IMAGE = "localhost/sake_node"
HOME = "/home/sake"
ENGINE = 'settings=$(scripts/containers env) && eval "$settings" && env -0'


@dataclass(frozen=True)
class Engine:
    """Podman or Docker, with what it needs to be told."""

    program: str
    base: str
    environment: Mapping[str, str]

    def call(self, *words: str, cwd: Path | None = None) -> str:
        """Run it, and return what it prints."""
        done = subprocess.run(
            [self.program, *words], env=self.environment, cwd=cwd, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{' '.join(words)}: {done.stderr[-2000:]}"
        return done.stdout


@dataclass(frozen=True)
class Machine:
    """One of them."""

    engine: Engine
    name: str
    address: str

    def run(self, command: str) -> str:
        """Run a command there as root, whatever becomes of it; return what it prints."""
        words = [self.engine.program, "exec", self.name, "sh", "-c", command]
        return subprocess.run(
            words, env=self.engine.environment, capture_output=True, text=True, check=False
        ).stdout.strip()

    def runs(self, words: str) -> bool:
        """Whether a process there has these words in its command line."""
        return bool(self.run(f"pgrep -f -- '[{words[0]}]{words[1:]}'"))  # not the shell that asks

    def kill(self) -> None:
        """Take its power away."""
        self.engine.call("kill", self.name)

    def start(self) -> None:
        """Give it back."""
        self.engine.call("start", self.name)


def find_engine() -> Engine:
    """Have the engine and the base image made, and find them."""
    subprocess.run(["scripts/containers", "base"], cwd=ROOT, check=True)
    found = subprocess.run(["bash", "-c", ENGINE], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    environment = dict(line.split("=", 1) for line in found.split("\0") if line)
    return Engine(environment["CONTAINER_ENGINE"], environment["BASE"], environment)


def build_image(engine: Engine, folder: Path) -> None:
    """Build what each machine is made from; what was built before is taken again."""
    for file in (ROOT / "packages.apt", Path(__file__).with_name("Dockerfile")):
        shutil.copy(file, folder)
    options = ["--isolation", "chroot", "--network", "host"] if engine.program == "podman" else []
    engine.call("build", *options, "--build-arg", f"BASE={engine.base}", "--tag", IMAGE, ".", cwd=folder)


@contextmanager
def running_machines(engine: Engine, names: Sequence[str], public_key: Path) -> Iterator[tuple[list[Machine], str]]:
    """Run machines until the block ends; gives them and the address of this machine in their network.

    Each has this checkout's .venv, read-only, where `scripts/install` would make one: it takes minutes and 2 GB.
    """
    run = uuid4().hex[:6]
    network = f"sake-{run}"
    subnet = make_network(engine, network)
    machines: list[Machine] = []
    try:
        for number, name in enumerate(names, start=10):
            machine = Machine(engine, f"sake-{run}-{name}", f"{subnet}.{number}")
            # A worker has one CPU. Ray's store takes 30 % of the memory, of that shared one of which containers have 64 MB.
            limits = ["--memory", "6g", "--shm-size", "2g", *(["--cpus", "1"] if machines else [])]
            mounts = [f"{ROOT / '.venv'}:{HOME}/sake_ray/.venv:ro", f"{public_key}:{HOME}/.ssh/authorized_keys:ro"]
            python = Path(sys.base_prefix)
            if not python.is_relative_to("/usr"):
                mounts.append(f"{python}:{python}:ro")
            volumes = [word for mount in mounts for word in ("--volume", mount)]
            place = ["--network", network, "--ip", machine.address, "--hostname", name, "--name", machine.name]
            machines.append(machine)
            engine.call("run", "--detach", "--init", *place, *limits, *volumes, IMAGE)
            open_way(machine, python)
        for machine in machines:
            wait_until(lambda machine=machine: machine.runs("sshd.*listener"), interval=0.2)
        yield machines, f"{subnet}.1"
    finally:
        for machine in machines:
            subprocess.run(
                [engine.program, "rm", "--force", "--volumes", machine.name],
                env=engine.environment, capture_output=True, check=False,
            )  # fmt: skip
        engine.call("network", "rm", "--force", network)


def make_network(engine: Engine, name: str) -> str:
    """Make a network of addresses that no other has; return their first three numbers."""
    *others, last = (f"10.89.{number}" for number in random.sample(range(100, 250), 20))
    for subnet in others:
        with suppress(AssertionError):
            engine.call("network", "create", "--subnet", f"{subnet}.0/24", name)
            return subnet
    engine.call("network", "create", "--subnet", f"{last}.0/24", name)
    return last


def open_way(machine: Machine, python: Path) -> None:
    """Let the user reach this machine's Python, and let the programs of .venv find the program that was sent there."""
    parents = " ".join(str(parent) for parent in python.parents)
    machine.run(f"chmod a+x {parents}; mkdir -p {ROOT.parent} && ln -s {HOME}/sake_ray {ROOT}")


def make_key(folder: Path) -> Path:
    """Make a pair of keys; return the public one."""
    folder.mkdir(mode=0o700, parents=True)
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / "id_ed25519"], check=True)
    shown = folder.parent / "authorized_keys"
    shutil.copy(folder / "id_ed25519.pub", shown)
    os.chmod(shown, 0o644)  # noqa: PTH101
    return shown
