"""A cluster that grows: documents wait, so nodes come; none waits, so they go again; and nothing is lost by it.

As Ray's own machines of a cloud: by the fake provider, whose nodes are processes of this machine.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sake_ray.domain.documents import Status
from tests.cluster.nodes import Nodes, run_nodes
from tests.pages import letter, png
from tests.ports import free_port
from tests.service import run_service
from tests.storage.postgres import Postgres
from tests.storage.postgres import postgres as postgres
from tests.storage.s3_servers import BUCKET, Server
from tests.storage.s3_servers import moto as moto
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(1800)
only_in_full = pytest.mark.skipif(
    os.environ.get("SAKE_FAULTS") != "full", reason="takes minutes: a part of make faults"
)
MAX_NODES = 3
COUNT = 40
ROOT = Path(__file__).parents[2]
WORKER = {"resources": {"CPU": 1, "object_store_memory": 150_000_000}, "node_config": {}, "max_workers": MAX_NODES}
FAKE = "ray.autoscaler._private.fake_multi_node.node_provider.FakeMultiNodeProvider"


def make_config(gcs_address: str) -> dict[str, object]:
    """What Ray's wheel leaves out: a cluster of fake nodes, as an external provider, for which no file of defaults is read."""
    return {
        "cluster_name": "fake",
        "max_workers": MAX_NODES,
        "provider": {
            "type": "external",
            "module": FAKE,
            "gcs_address": gcs_address,
            "use_node_id_as_ip": True,
            "disable_node_updaters": True,
            "disable_launch_config_check": True,
        },
        "auth": {},
        "head_node_type": "ray.head.default",
        "available_node_types": {
            "ray.head.default": {"resources": {"CPU": 0}, "node_config": {}, "max_workers": 0},
            "worker": WORKER,
        },
        "upscaling_speed": 10.0,
        "idle_timeout_minutes": 0.1,
        "initialization_commands": [],
        "setup_commands": [],
        "head_setup_commands": [],
        "worker_setup_commands": [],
        "head_start_ray_commands": [],
        "worker_start_ray_commands": [],
        "file_mounts": {},
        "cluster_synced_files": [],
        "docker": {},
    }


@pytest.fixture
def growing(tmp_path: Path) -> Iterator[Nodes]:
    """A head without CPUs, whose autoscaler adds nodes of one."""
    from ray.util import get_node_ip_address

    port, config = free_port(), tmp_path / "autoscaling.json"
    config.write_text(json.dumps(make_config(f"{get_node_ip_address()}:{port}")))
    environment = {
        "RAY_FAKE_CLUSTER": "1",
        "RAY_enable_autoscaler_v2": "0",
        "AUTOSCALER_UPDATE_INTERVAL_S": "1",
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "thing",
    }
    words = [f"--autoscaling-config={config}"]
    with run_nodes(tmp_path / "nodes", tmp_path, (), port=port, words=words, **environment) as nodes:
        yield nodes


def list_nodes(*, alive: bool) -> list[dict[str, object]]:
    """The worker nodes that are there, or were."""
    import ray

    return [node for node in ray.nodes() if node["Alive"] is alive and "head" not in node["Resources"]]


@only_in_full
def test_nodes_come_for_documents_that_wait_and_go_when_none_does(
    growing: Nodes, home: Path, tmp_path: Path, postgres: Postgres, moto: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres.empty_database() as url, growing.connect(tmp_path, monkeypatch):
        servers = {
            "SAKE_RECORDS_URL": url,
            "SAKE_OBJECTS_URL": f"s3://{BUCKET}/growing",
            "SAKE_S3_ENDPOINT": moto.endpoint,
            "AWS_ACCESS_KEY_ID": moto.access_key,
            "AWS_SECRET_ACCESS_KEY": moto.secret_key,
            "SAKE_CPUS": str(MAX_NODES + 1),
        }
        assert list_nodes(alive=True) == []
        with run_service(home, tmp_path, **servers, **growing.settings) as service:
            client = service.client()
            scans = [
                (f"{n}.png", png(letter((f"Letter {n}", "about the invoice")).render(150))) for n in range(COUNT + 1)
            ]
            uuid = client.batches.submit("many", scans[1:]).uuid
            most = wait_until(lambda: list_nodes(alive=True)[MAX_NODES - 1 :], interval=0.5, log=growing.log)
            batch = client.batches.wait(uuid, seconds=900)
            assert {document.status for document in batch.documents} == {Status.COMPLETED}
            assert len(batch.documents) == COUNT
            assert most
            # One reader stays, for the next document.
            wait_until(lambda: len(list_nodes(alive=True)) == 1, interval=0.5, log=lambda: list_nodes(alive=True))
            gone = list_nodes(alive=False)
            print("gone:", [(node.get("DeathReason"), node.get("DeathReasonMessage")) for node in gone])
            assert len(gone) >= MAX_NODES - 1
            again = client.batches.submit("one more", scans[:1]).uuid
            assert client.batches.wait(again, seconds=400).status is Status.COMPLETED
            service.stop()
