"""How near to ideal does the service spread reading over many nodes, and what does a document cost the head?

`bench.scaling` prints it. The nodes are Ray's own (`ray.cluster_utils.Cluster`), each with CPUs that are pretended: reading is
sleeping, so that 16 of them fit on two cores. Orchestrator, Etl, Predictor, records, objects and Serve are the service's. Only
what asks from outside is left out: rows and originals are written directly.
"""

import os
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import uuid4

import psutil
import sqlalchemy as sa

from bench.ray_scaling import HEAD, SleepingReader
from sake_ray.cli.first_model import prepare_models
from sake_ray.cli.startup import make_service_config
from sake_ray.domain.documents import Batch, Document, Status
from sake_ray.domain.texts import Recipe
from sake_ray.serve.config import ServiceConfig
from sake_ray.serve.deployments.etl import Etl
from sake_ray.settings import Settings
from sake_ray.storage.records.tables import attempts

PARTS = {
    "gcs_server": "GCS", "ServeController": "Serve's controller", "Orchestrator": "Orchestrator", "Predictor": "Predictor",
    "SleepingEtl": "Etl", "ServeReplica:sake:Etl": "Etl", "raylet": "raylets", "Agent": "agents",
}  # fmt: skip
"""What a process is, by words of its command line; the first that fits counts."""
ONE_OF_EACH = ("GCS", "Serve's controller", "Orchestrator", "Predictor")
"""Of these a cluster has one, however many nodes there are."""
PATIENCE_SECONDS, POLL_SECONDS = 600.0, 0.5


class ServiceSleepingReader(SleepingReader):
    """A sleeping reader that says it reads as the service does: its model takes no other texts."""

    def __init__(self, config: ServiceConfig) -> None:
        super().__init__(config.reading)
        self.recipe_of_service = config.recipe

    @property
    def recipe(self) -> Recipe:
        """The recipe of the service."""
        return self.recipe_of_service


class SleepingEtl(Etl):
    """Etl whose reader sleeps."""

    def __init__(self, config: ServiceConfig) -> None:
        super().__init__(config)
        self.reader = ServiceSleepingReader(config)


@dataclass(frozen=True, slots=True)
class NodesResult:
    """How so many nodes did: documents a second, share of ideal, CPU milliseconds of each part for a document, memory in MB."""

    nodes: int
    readers: int
    documents: int
    rate: float
    efficiency: float
    cpu: dict[str, float]
    megabytes: dict[str, float]

    @property
    def ceiling(self) -> float:
        """Documents a second at which the busiest part of which there is only one has a CPU to itself."""
        return 1000 / max(self.cpu[name] for name in ONE_OF_EACH)

    def __str__(self) -> str:
        spent = ", ".join(f"{name} {self.cpu[name]:.1f}" for name in ONE_OF_EACH)
        others = sum(value for name, value in self.cpu.items() if name not in ONE_OF_EACH)
        held = ", ".join(f"{name} {value:.0f}" for name, value in sorted(self.megabytes.items()))
        return (
            f"| {self.nodes} | {self.readers} | {self.documents} | {self.rate:.2f} | {self.efficiency:.3f} | {spent}; "
            f"others {others:.1f} | {self.ceiling:.0f} | {held} |"
        )


def measure_nodes(nodes: int, *, cpus: int, seconds: float, documents: int, records_url: str = "") -> NodesResult:
    """Let so many nodes of so many CPUs read documents that take so many seconds each.

    The environment has a token for Ray, since before Ray was imported.
    """
    readers = nodes * cpus
    with tempfile.TemporaryDirectory(prefix="sn", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        settings = Settings(home=home, cpus=readers + 1, records_url=records_url)
        config = make_service_config(settings)
        prepare_models(config.registry, config.records, config.recipe)
        with _run_cluster(nodes, cpus=cpus), _serve(config, readers):
            cpu = _read_cpu()
            ids = _hand_in(config, documents, seconds=seconds)
            starts, ends = _wait_until_done(config, ids)
            spent = _read_cpu()
            held = _read_memory()
    rate = documents / (ends[-1] - starts[0])
    each = {name: (spent[name] - cpu[name]) * 1000 / documents for name in spent}
    return NodesResult(nodes, readers, len(starts), rate, rate * seconds / readers, each, held)


@contextmanager
def _run_cluster(nodes: int, *, cpus: int) -> Iterator[None]:
    import ray
    from ray.cluster_utils import Cluster

    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp", ignore_cleanup_errors=True) as temp:
        # Ray notes there which cluster is the one of this machine, and others would take it for theirs.
        os.environ["RAY_TMPDIR"] = temp
        Path(temp, "ray").mkdir()
        memory = 100 * 1024 * 1024
        head = {"num_cpus": 0, "include_dashboard": False, "object_store_memory": memory}
        cluster = Cluster(initialize_head=True, head_node_args=head)
        try:
            for _ in range(nodes):
                cluster.add_node(num_cpus=cpus, object_store_memory=memory)
            ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
            yield
        finally:
            ray.shutdown()
            cluster.shutdown()


@contextmanager
def _serve(config: ServiceConfig, readers: int) -> Iterator[None]:
    """Run the deployments, all readers from the start: how they come and go is another question."""
    from ray import serve

    from sake_ray.serve.deployments.orchestrator import OrchestratorReplica
    from sake_ray.serve.deployments.predictor import Predictor

    light: dict[str, Any] = {"ray_actor_options": {"num_cpus": 0}, "max_ongoing_requests": 64}
    one_cpu: dict[str, Any] = {"ray_actor_options": {"num_cpus": 1}, "max_ongoing_requests": 1}
    etl = serve.deployment(SleepingEtl, name="Etl", num_replicas=readers, **one_cpu).bind(config)
    predictor = serve.deployment(Predictor, name="Predictor", **light).bind(config)
    orchestrator = serve.deployment(OrchestratorReplica, name="Orchestrator", **light).bind(config, etl, predictor)
    serve.start(proxy_location="Disabled", logging_config={"log_level": "WARNING"})
    serve.run(orchestrator, name="sake", route_prefix=None)
    try:
        yield
    finally:
        serve.shutdown()


def _hand_in(config: ServiceConfig, documents: int, *, seconds: float) -> list[str]:
    """Store so many originals, each other bytes, and accept them in batches of twenty."""
    ids: list[str] = []
    for first in range(0, documents, 20):
        now, uuid = datetime.now(UTC), str(uuid4())
        batch, accepted = Batch(uuid, "some", "paris", "marie", now), []
        for number in range(first, min(first + 20, documents)):
            data = HEAD + f'{{"pages": 1, "seconds": {seconds}, "number": {number}}}'.encode()
            id, digest = uuid4().hex, sha256(data).hexdigest()
            key = f"{uuid}/original_raw/{id}.pdf"
            config.store.put(key, data)
            accepted.append(
                Document(id, uuid, "some", "paris", "a.pdf", "application/pdf", len(data), digest, key, now)
            )
        config.records.documents.accept(batch, accepted)
        ids += [document.id for document in accepted]
    return ids


def _wait_until_done(config: ServiceConfig, ids: list[str]) -> tuple[list[float], list[float]]:
    """Wait until all are completed; return when attempts at them began and ended, each in order, in Unix seconds."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        done = Counter[Status]()
        for status, _, number in config.records.queue.measure_depth().documents:
            done[status] += number
        if done[Status.COMPLETED] == len(ids):
            break
        time.sleep(POLL_SECONDS)
    else:
        raise TimeoutError(f"not all documents were completed: {dict(done)}")
    with config.records.database.transaction(reads_only=True) as connection:
        query = sa.select(attempts.c.started_at, attempts.c.ended_at).where(attempts.c.outcome == "completed")
        rows = connection.execute(query).all()
    starts, ends = zip(*((row.started_at.timestamp(), row.ended_at.timestamp()) for row in rows), strict=True)
    return sorted(starts), sorted(ends)


def _list_processes() -> Iterator[tuple[str, psutil.Process]]:
    for process in psutil.Process().children(recursive=True):
        try:
            line = " ".join(process.cmdline())
        except psutil.Error:
            continue
        yield next((part for words, part in PARTS.items() if words in line), "others"), process


def _read_cpu() -> Counter[str]:
    """The CPU seconds of each part until now, of the processes that are there."""
    spent = Counter[str](dict.fromkeys(PARTS.values(), 0))
    for part, process in _list_processes():
        try:
            times = process.cpu_times()
        except psutil.Error:
            continue
        spent[part] += times.user + times.system  # type: ignore[assignment] # seconds, not numbers
    return spent


def _read_memory() -> dict[str, float]:
    """The memory of each part in MB (PSS)."""
    held = Counter[str]()
    for part, process in _list_processes():
        try:
            held[part] += process.memory_full_info().pss // 1_000_000
        except psutil.Error:
            continue
    return dict(held)
