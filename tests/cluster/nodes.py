"""A Ray cluster on this machine whose nodes share no disk and can be lost: each worker node has its own mounts and processes."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import pytest

from sake_ray.jobs.ray_connection import open_ray
from tests.ports import free_port, free_ports
from tests.waiting import wait_until

NAMES = ("one", "two", "three")
"""The worker nodes of the tests; each has a resource of its name."""
RAY = str(Path(sys.executable).with_name("ray"))
OWN_PLACE = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
"""Mounts that nobody else sees, and processes that all end with the first of them, as when a machine loses its power."""
STARTED = "will now block forever"
STARTS = 4
"""Ray gives up a node that has not started within half a minute, which a busy machine may take."""
COMMON = [
    "--block",
    "--disable-usage-stats",
    "--min-worker-port=0",
    "--max-worker-port=0",
    "--object-store-memory=150000000",
]
QUIET = {
    "RAY_AUTH_MODE": "token", "RAY_USAGE_STATS_ENABLED": "0", "OMP_THREAD_LIMIT": "1", "RAY_GRAFANA_HOST": "DISABLED",
    # Another test of this process may have had a Ray on the loopback address, which takes no other node.
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "1",
    "RAY_prestart_worker_first_driver": "0", "FORWARDED_ALLOW_IPS": "",
    # A node that says nothing for so long is lost; by default half a minute, and the tests wait for it.
    "RAY_health_check_period_ms": "1000", "RAY_health_check_failure_threshold": "5",
}  # fmt: skip


def can_hide_disks() -> bool:
    """Whether this machine lets a process have mounts of its own."""
    return subprocess.run([*OWN_PLACE, "true"], capture_output=True, check=False).returncode == 0


needs_own_disks = pytest.mark.skipif(not can_hide_disks(), reason="only who may mount can hide a disk: run it as root")


@dataclass
class Node:
    """One node; `process` is the outermost of its processes."""

    name: str
    process: "subprocess.Popen[bytes]"

    def find(self, title: str) -> list[psutil.Process]:
        """Its processes whose command line has this in it."""
        found = []
        with suppress(psutil.Error):
            for child in psutil.Process(self.process.pid).children(recursive=True):
                with suppress(psutil.Error):
                    found += [child] if title in " ".join(child.cmdline()) else []
        return found

    def lose(self) -> None:
        """End every process of the node at once, without any leave."""
        end_family(self.process)


@dataclass
class Nodes:
    """A cluster; `hidden` are the folders of this machine that its worker nodes do not see."""

    folder: Path
    address: str
    dashboard: int
    environment: dict[str, str]
    hidden: tuple[Path, ...]
    workers: list[Node] = field(default_factory=list)

    @property
    def settings(self) -> dict[str, str]:
        """What leads commands to this cluster."""
        names = ("RAY_AUTH_MODE", "RAY_AUTH_TOKEN_PATH")
        found = {name: self.environment[name] for name in names}
        return found | {"SAKE_RAY_ADDRESS": self.address, "SAKE_DASHBOARD_PORT": str(self.dashboard)}

    def add(self, name: str) -> Node:
        """Add a node that has the resource `name`, and none of the hidden folders."""
        # The program is the same on every node, and so is the token; a home, a corpus and Ray's own folder are not.
        token = Path(self.environment["RAY_AUTH_TOKEN_PATH"]).read_text()
        hidden = self.hidden if can_hide_disks() else ()
        mounts = "".join(f"mount -t tmpfs -o mode=755 tmpfs '{folder}' && " for folder in hidden)
        start = [RAY, "start", f"--address={self.address}", "--num-cpus=1", *COMMON]
        start += ["--dashboard-agent-listen-port=0", f'--resources={{"{name}": 100}}']
        environment = {name: value for name, value in self.environment.items() if name != "RAY_AUTH_TOKEN_PATH"}
        path = self.folder / f"{name}.log"
        for _ in range(STARTS):
            with path.open("wb") as log:
                process = subprocess.Popen(
                    [*(OWN_PLACE if mounts else ()), "sh", "-c", f'{mounts}cd / && exec "$@"', "sh", *start],
                    env=environment | {"RAY_AUTH_TOKEN": token}, stdout=log, stderr=log, start_new_session=True,
                )  # fmt: skip
            while process.poll() is None:
                if STARTED in path.read_text():
                    self.workers.append(Node(name, process))
                    return self.workers[-1]
                time.sleep(0.1)
        raise AssertionError(f"node {name} does not start: {self.log()}")

    @contextmanager
    def connect(self, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Make this process a driver on the head, for the duration of the block."""
        from ray._private.authentication_test_utils import reset_auth_token_state  # Ray reads its environment on import

        for name, value in self.settings.items():
            monkeypatch.setenv(name, value)
        reset_auth_token_state()  # Ray keeps the token that another test of this process had
        with open_ray(home, address=self.address):
            yield
        reset_auth_token_state()

    def wait_for(self, *names: str) -> None:
        """Wait, connected, until just these worker nodes are there."""
        import ray  # whoever connects sets its environment before

        def found() -> set[str]:
            alive = [set(node["Resources"]) for node in ray.nodes() if node["Alive"]]
            return {name for resources in alive for name in resources & set(NAMES)}

        wait_until(lambda: found() == set(names), timeout=120, interval=0.2, log=self.log)

    def find_with(self, title: str) -> list[Node]:
        """The worker nodes with a process whose command line has this in it."""
        return [node for node in self.workers if node.find(title)]

    def log(self) -> str:
        """What the nodes said at their ends."""
        return "\n".join(f"{path.name}: {path.read_text()[-2000:]}" for path in sorted(self.folder.glob("*.log")))


@contextmanager
def run_nodes(
    folder: Path, hidden: Path, names: Sequence[str], *, port: int = 0, words: Sequence[str] = (), **environment: str
) -> Iterator[Nodes]:
    """Run a head without CPUs, on this machine's disk, and a worker node of each name, which does not see what is `hidden`.

    The head is started with these words more.
    """
    folder.mkdir(parents=True, exist_ok=True)
    token = folder / "token"
    token.write_text("f" * 64)
    token.chmod(0o600)
    port, dashboard, metrics = port or free_port(), free_port(), free_ports(3)[0]
    with TemporaryDirectory(prefix="ray-") as scratch:
        own = {"AUTOSCALER_METRIC_PORT": str(metrics + 1), "DASHBOARD_METRIC_PORT": str(metrics + 2)}
        everything = os.environ | QUIET | own | {"RAY_AUTH_TOKEN_PATH": str(token)} | environment
        start = [RAY, "start", "--head", f"--port={port}", "--num-cpus=0", f"--temp-dir={scratch}", *COMMON]
        start += ["--dashboard-host=127.0.0.1", f"--dashboard-port={dashboard}"]
        start += [f"--metrics-export-port={metrics}", f"--dashboard-agent-listen-port={free_port()}"]
        start += [f"--ray-client-server-port={free_port()}", '--resources={"head": 100}', *words]
        log = (folder / "head.log").open("wb")
        head = subprocess.Popen(start, env=everything, stdout=log, stderr=log, start_new_session=True)
        nodes = Nodes(folder, "", dashboard, everything, (hidden, Path(scratch)))
        try:
            wait_until(lambda: STARTED in nodes.log(), timeout=120, process=head, log=nodes.log)
            # Ray takes the address of the network card, also where it is told another.
            (ip,) = re.findall(r"Local node IP\S*: \S*?(\d+\.\d+\.\d+\.\d+)", Path(log.name).read_text())
            nodes.address = f"{ip}:{port}"
            for name in names:
                nodes.add(name)
            yield nodes
        finally:
            for process in (*(node.process for node in nodes.workers), head):
                end_family(process)


def end_family(process: "subprocess.Popen[bytes]") -> None:
    """End a process and all that it started."""
    family = []
    with suppress(psutil.NoSuchProcess):
        family = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    for each in family:
        with suppress(psutil.NoSuchProcess):
            each.kill()
    _, left = psutil.wait_procs(family, timeout=60)
    assert not left, left


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nodes]:
    """A head without CPUs and three nodes that see none of the folders of these tests."""
    # Secrets do not travel: each node has the keys of the store in its environment.
    keys = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "thing"}
    with run_nodes(tmp_path_factory.mktemp("nodes"), tmp_path_factory.getbasetemp().parent, NAMES, **keys) as nodes:
        yield nodes


@pytest.fixture
def connected(nodes: Nodes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """This process as a driver on the head, with all nodes there."""
    with nodes.connect(tmp_path, monkeypatch):
        nodes.wait_for(*NAMES)
        yield
