"""The Serve configuration in the RayService is that of the program."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import ray
import yaml

from sake_ray.serve.app import KEEP_ALIVE_SECONDS, MAX_UPLOAD_SECONDS
from tests.cluster.manifests import OVERLAYS, Manifest, load_base, load_rendered, load_serve_config, pick

IMPORT_PATH = "sake_ray.cli.serve_application:application"
TUNED = {
    "Etl": {"autoscaling_config"},  # of SAKE_CPUS, and so of the overlay
    "Gateway": {"num_replicas", "ray_actor_options"},
    "Orchestrator": {"num_replicas", "ray_actor_options"},
    "Predictor": {"num_replicas", "ray_actor_options"},
}
"""What the Serve configuration has otherwise than `serve build`: how many there are, and on which nodes."""


def build(home: Path, tables: Path, cpus: str) -> Manifest:
    """What `serve build` makes of the application by these settings."""
    home.mkdir()
    shutil.copyfile(tables, home / "records.db")
    environment = os.environ | {"SAKE_HOME": str(home), "SAKE_CPUS": cpus, "RAY_AUTH_MODE": "disabled"}
    program = Path(sys.executable).with_name("serve")
    command = [str(program), "build", IMPORT_PATH, "-o", str(home / "built.yaml")]
    subprocess.run(command, env=environment, cwd=home, check=True, capture_output=True, timeout=300)
    built: Manifest = yaml.safe_load((home / "built.yaml").read_text())
    return built


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_serve_configuration_is_that_of_the_program_but_for_what_is_tuned(
    overlay: str, tmp_path: Path, tables: Path
) -> None:
    manifests = load_rendered(overlay)
    cpus = pick(manifests, "ConfigMap")["data"]["SAKE_CPUS"]
    config, built = load_serve_config(manifests), build(tmp_path / "home", tables, cpus)
    (named,), (made,) = config["applications"], built["applications"]
    for name in ("import_path", "route_prefix", "runtime_env"):
        assert named[name] == made[name]
    ours = {one["name"]: one for one in named["deployments"]}
    theirs = {one["name"]: one for one in made["deployments"]}
    assert ours.keys() == theirs.keys() == TUNED.keys()
    for name, tuned in TUNED.items():
        differing = {key for key in ours[name] | theirs[name] if ours[name].get(key) != theirs[name].get(key)}
        assert differing - tuned == set(), name
    # As many readers as the pods have CPUs for, and no pod that no reader asks for.
    (readers,) = [
        group
        for group in pick(manifests, "RayService")["spec"]["rayClusterConfig"]["workerGroupSpecs"]
        if group["groupName"] == "readers"
    ]
    capacity = readers["maxReplicas"] * int(readers["rayStartParams"]["num-cpus"])
    assert theirs["Etl"]["autoscaling_config"]["max_replicas"] == capacity == int(cpus) - 1


def test_serve_has_the_bounds_of_sake_up_and_its_light_deployments_run_where_the_home_is() -> None:
    service = pick(load_base(), "RayService")
    config = load_serve_config([service])
    http = config["http_options"]
    assert http["request_timeout_s"] == MAX_UPLOAD_SECONDS
    assert http["keep_alive_timeout_s"] == KEEP_ALIVE_SECONDS
    cluster = service["spec"]["rayClusterConfig"]
    assert cluster["rayVersion"] == ray.__version__
    for one in config["applications"][0]["deployments"]:
        options = one["ray_actor_options"]
        if one["name"] == "Etl":
            assert options == {"num_cpus": 1.0}
            continue
        (group,) = [group for group in cluster["workerGroupSpecs"] if group.get("labels") == options["label_selector"]]
        claims = [volume.get("persistentVolumeClaim") for volume in group["template"]["spec"]["volumes"]]
        assert {"claimName": "sake-home"} in claims
