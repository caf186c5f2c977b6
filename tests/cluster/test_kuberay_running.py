"""The Serve configuration of cluster/kuberay runs on Ray nodes, with all of it where it belongs."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from sake_ray.cli.first_model import prepare_models
from sake_ray.cli.startup import make_service_config
from sake_ray.jobs.local_ray import ensure_token
from sake_ray.jobs.ray_connection import SERVE_ENVIRONMENT
from sake_ray.settings import Settings
from tests.cluster.manifests import TOP, load_base, load_serve_config
from tests.ports import free_port


def test_serve_configuration_classifies_and_only_reading_leaves_the_front(home: Path, tmp_path: Path) -> None:
    home = Path(shutil.copytree(home, tmp_path / "home"))
    # What the container "prepare" does.
    service = make_service_config(Settings(home=home))
    prepare_models(service.registry, service.records, service.recipe)
    service.records.database.close()
    config, port = load_serve_config(load_base()), free_port()
    config["http_options"] |= {"host": "127.0.0.1", "port": port}
    (tmp_path / "serve.json").write_text(json.dumps(config))
    environment = os.environ | SERVE_ENVIRONMENT | {
        "SAKE_HOME": str(home), "SAKE_CPUS": "2", "OMP_THREAD_LIMIT": "1", "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN_PATH": str(ensure_token(tmp_path)),
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.cluster.serve_on_nodes", str(tmp_path / "serve.json"), str(port)]
    done = subprocess.run(
        [*command, str(free_port())], env=environment, cwd=TOP, capture_output=True, text=True, check=False, timeout=800
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["document"] == "COMPLETED"
    assert result["where"] == {
        "Etl": ["readers"], "Predictor": ["front"], "Orchestrator": ["front"], "Gateway": ["front", "front"],
    }  # fmt: skip
