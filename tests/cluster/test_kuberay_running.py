"""The Serve configuration of cluster/kuberay runs on Ray nodes, with all of it where it belongs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from sake_ray.jobs.local_ray import ensure_token
from sake_ray.jobs.ray_connection import SERVE_ENVIRONMENT
from tests.cluster.manifests import TOP, load_base, load_serve_config
from tests.command import run_sake
from tests.ports import free_port
from tests.storage.postgres import Postgres
from tests.storage.postgres import postgres as postgres
from tests.storage.s3_servers import BUCKET, Server
from tests.storage.s3_servers import moto as moto


def test_serve_configuration_classifies_and_only_reading_leaves_the_front(
    home: Path, tmp_path: Path, postgres: Postgres, moto: Server
) -> None:
    home = Path(shutil.copytree(home, tmp_path / "home"))
    with postgres.empty_database() as url:
        servers = {
            "SAKE_RECORDS_URL": url,
            "SAKE_OBJECTS_URL": f"s3://{BUCKET}/kuberay",
            "SAKE_S3_ENDPOINT": moto.endpoint,
            "AWS_ACCESS_KEY_ID": moto.access_key,
            "AWS_SECRET_ACCESS_KEY": moto.secret_key,
        }
        prepared = run_sake("prepare", home=home, **servers)
        assert prepared.returncode == 0, prepared.stderr
        result = run_on_nodes(home, tmp_path, servers)
    assert result["document"] == "COMPLETED"
    assert result["where"] == {
        "Etl": ["readers"], "Predictor": ["front"], "Orchestrator": ["front"], "Gateway": ["front", "front"],
    }  # fmt: skip


def run_on_nodes(home: Path, tmp_path: Path, servers: dict[str, str]) -> dict[str, Any]:
    """Run the configuration with these servers; return how a document ended, and where each deployment was."""
    config, port = load_serve_config(load_base()), free_port()
    config["http_options"] |= {"host": "127.0.0.1", "port": port}
    (tmp_path / "serve.json").write_text(json.dumps(config))
    environment = os.environ | SERVE_ENVIRONMENT | {
        "SAKE_HOME": str(home), "SAKE_CPUS": "2", "OMP_THREAD_LIMIT": "1", "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(ensure_token(tmp_path)),
    } | servers  # fmt: skip
    command = [sys.executable, "-m", "tests.cluster.serve_on_nodes", str(tmp_path / "serve.json"), str(port)]
    done = subprocess.run(
        [*command, str(free_port())], env=environment, cwd=TOP, capture_output=True, text=True, check=False, timeout=800
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result
