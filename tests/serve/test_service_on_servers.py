"""The service on PostgreSQL and S3 and a cluster of two nodes, instead of SQLite, a folder and a Ray of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from sake_ray.cli.startup import check_shared_storage
from sake_ray.domain.documents import Status
from sake_ray.errors import SetupError
from sake_ray.settings import Settings
from sake_ray.storage.s3 import S3Store
from tests.command import run_sake
from tests.pages import letter, png
from tests.ports import free_port, free_ports
from tests.service import run_service
from tests.storage.postgres import PASSWORD, Postgres, postgres
from tests.storage.s3_servers import BUCKET, Server, moto
from tests.waiting import wait_until

__all__ = ["moto", "postgres"]  # fixtures
KINDS = {"original_raw", "ocr_raw", "cleaned", "prediction"}
CLUSTER = """
import sys
from ray.cluster_utils import Cluster
gcs, dashboard, metrics, agent = sys.argv[1:]
common = {"include_log_monitor": False}
cluster = Cluster(initialize_head=True, head_node_args={
    "num_cpus": 0, "gcs_server_port": int(gcs), "include_dashboard": True, "dashboard_port": int(dashboard),
    "metrics_export_port": int(metrics), "dashboard_agent_listen_port": int(agent),
})
cluster.add_node(num_cpus=1)
print(cluster.address, flush=True)
sys.stdin.read()
cluster.shutdown()
"""
"""The head reads no documents: with no CPU of its own it leaves that to the other node."""


@contextmanager
def cluster_of_two(folder: Path, environment: dict[str, str]) -> Iterator[dict[str, str]]:
    """Run a cluster; gives the settings by which a service works on it."""
    token = folder / "token"
    token.write_text("f" * 64)
    ports = [str(free_port()) for _ in range(3)]
    metrics = free_ports(3)[0]
    auth = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(token)}
    quiet = {"RAY_USAGE_STATS_ENABLED": "0", "OMP_THREAD_LIMIT": "1", "RAY_GRAFANA_HOST": "DISABLED"}
    own = {"AUTOSCALER_METRIC_PORT": str(metrics + 1), "DASHBOARD_METRIC_PORT": str(metrics + 2)}
    log = folder / "cluster.log"
    with TemporaryDirectory(prefix="ray-") as scratch, log.open("wb") as written:
        # By the variable, not as the head's temp_dir: Cluster writes its address into the default folder, which is not
        # there on a machine that never ran Ray.
        own["RAY_TMPDIR"] = scratch
        words = [ports[0], ports[1], str(metrics), ports[2]]
        cluster = subprocess.Popen(
            [sys.executable, "-c", CLUSTER, *words], env=os.environ | auth | quiet | own | environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=written,
        )  # fmt: skip
        try:
            assert cluster.stdout
            address = cluster.stdout.readline().strip()
            assert address, log.read_text(errors="replace")
            yield auth | {"SAKE_RAY_ADDRESS": address, "SAKE_DASHBOARD_PORT": ports[1]}
        finally:
            cluster.communicate("", timeout=200)


def test_files_that_other_nodes_cannot_see_are_refused(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, objects_url=str(tmp_path))
    with pytest.raises(SetupError, match=r"3 nodes.*SAKE_RECORDS_URL=postgresql://… and SAKE_OBJECTS_URL=s3://bucket"):
        check_shared_storage(settings, 3)
    check_shared_storage(Settings(home=tmp_path, records_url="postgresql://db", objects_url="s3://office"), 3)


@pytest.mark.timeout(1200)
def test_service_keeps_everything_in_postgresql_and_s3_and_reads_on_another_node(
    home: Path, tmp_path: Path, postgres: Postgres, moto: Server
) -> None:
    store = S3Store(BUCKET, "office", endpoint=moto.endpoint, access_key=moto.access_key, secret_key=moto.secret_key)
    with postgres.empty_database() as url:
        servers = {
            "SAKE_RECORDS_URL": url,
            "SAKE_OBJECTS_URL": f"s3://{BUCKET}/office",
            "SAKE_S3_ENDPOINT": moto.endpoint,
            "AWS_ACCESS_KEY_ID": moto.access_key,
            "AWS_SECRET_ACCESS_KEY": moto.secret_key,
        }
        with (
            cluster_of_two(tmp_path, servers) as cluster,
            run_service(home, tmp_path, **servers, **cluster) as service,
        ):
            other = run_sake("up", home=tmp_path / "other", SAKE_PORT=str(free_port()), **servers, **cluster)
            assert (other.returncode, "Another `sake up`" in other.stderr) == (5, True), other.stderr
            client = service.client()
            scan = png(letter().render(100))
            uuid = client.batches.submit("Durand", [(f"{n}.png", scan) for n in range(3)]).uuid
            batch = client.batches.wait(uuid, seconds=400)
            assert batch.status is Status.COMPLETED
            first = batch.documents[0].id
            assert client.documents.page_image(first, 1)[:2] == b"\xff\xd8"
            assert client.documents.original(first) == scan
            assert client.documents.answer(first, "facture").by == "admin"
            service.kill()
            service.start()
            service.wait_until_ready()
            assert client.batches.find("Durand")[0].documents[0].answer == "facture"
            # Exports follow the records by about a second, and by a restart when a kill came between.
            wait_until(lambda: {key.split("/")[1] for key in store.list(f"{uuid}/")} == KINDS, interval=0.2)
            service.stop()
            logs = "\n".join(path.read_text() for path in (service.home / "logs").glob("*.log"))
            assert PASSWORD not in logs + service.log()
            assert not (service.home / "records.db").exists()
            assert not (service.home / "objects").exists()
