"""Run the Serve configuration of cluster/kuberay on three Ray nodes of this machine, as KubeRay would; a program.

    python -m tests.cluster.serve_on_nodes CONFIG PORT DASHBOARD_PORT

A head without CPUs, a node with the label of the group "front", one with a CPU. Hands the configuration to Serve by its HTTP API,
classifies a generated scan, and prints as JSON how the document ended and on which node each replica is.
"""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import httpx

from sake_ray.client import Client
from sake_ray.synthetic.generate import generate_one

PATIENCE_SECONDS = 300.0


def wait_until_running(dashboard: httpx.Client) -> dict[str, Any]:
    """Wait for the application; return what Serve says of it."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        said: dict[str, Any] = dashboard.get("/api/serve/applications/").json()
        application: dict[str, Any] = said["applications"].get("sake", {})
        if application.get("status") == "RUNNING":
            return application
        if application.get("status") == "DEPLOY_FAILED" or time.monotonic() > deadline:
            sys.exit(f"Serve does not run it: {application.get('message') or said}")
        time.sleep(0.5)


def main() -> None:
    """Run it and print what came of it."""
    config, port, dashboard_port = json.loads(Path(sys.argv[1]).read_text()), int(sys.argv[2]), int(sys.argv[3])
    from ray.cluster_utils import Cluster

    with tempfile.TemporaryDirectory(prefix="r", dir="/tmp", ignore_cleanup_errors=True) as folder:
        # Ray notes there which cluster is the one of this machine, and others would take it for theirs.
        os.environ["RAY_TMPDIR"] = folder
        Path(folder, "ray").mkdir()
        memory = {"object_store_memory": 100 * 1024 * 1024}
        head = {"num_cpus": 0, "dashboard_port": dashboard_port, "include_dashboard": True} | memory
        cluster = Cluster(initialize_head=True, head_node_args=head)
        try:
            front = cluster.add_node(num_cpus=0, labels={"sake-group": "front"}, **memory)
            readers = cluster.add_node(num_cpus=1, **memory)
            names = {front.node_id: "front", readers.node_id: "readers"}
            token = Path(os.environ["RAY_AUTH_TOKEN_PATH"]).read_text().strip()
            with httpx.Client(
                base_url=f"http://127.0.0.1:{dashboard_port}", headers={"Authorization": f"Bearer {token}"}, timeout=60
            ) as dashboard:
                dashboard.put("/api/serve/applications/", json=config).raise_for_status()
                application = wait_until_running(dashboard)
            where = {
                name: sorted(names.get(replica["node_id"], "head") for replica in deployment["replicas"])
                for name, deployment in application["deployments"].items()
            }
            print(json.dumps({"document": classify_one(port), "where": where}), flush=True)
        finally:
            cluster.shutdown()


def classify_one(port: int) -> str:
    """Hand in a generated scan by the API; return how it ended."""
    scan = generate_one(1, seed=5)
    password = Path(os.environ["SAKE_HOME"], "admin_password").read_text().strip()
    with Client(f"http://127.0.0.1:{port}", patience=PATIENCE_SECONDS) as client:
        client.accounts.sign_in("admin", password)
        uuid = client.batches.submit("kubernetes", [(scan.name, scan.data)]).uuid
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            status = client.batches.find(uuid)[0].documents[0].status.value
            if status in {"COMPLETED", "FAILED", "NEEDS_OPS"}:
                break
            time.sleep(0.5)
    return str(status)


if __name__ == "__main__":
    main()
