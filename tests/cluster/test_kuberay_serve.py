"""The Serve configuration in the RayService is that of the program."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import ray
import yaml

from sake_ray.serve.app import KEEP_ALIVE_SECONDS, MAX_UPLOAD_SECONDS
from tests.cluster.manifests import OVERLAYS, Manifest, load_base, load_rendered, load_serve_config, pick
from tests.storage.postgres import Postgres
from tests.storage.postgres import postgres as postgres

IMPORT_PATH = "sake_ray.cli.serve_application:application"
TUNED = {
    "Etl": {"autoscaling_config"},  # of SAKE_CPUS, and so of the overlay
    "Gateway": {"num_replicas", "ray_actor_options"},
    "Orchestrator": {"num_replicas", "ray_actor_options"},
    "Predictor": {"num_replicas", "ray_actor_options"},
}
"""What the Serve configuration has otherwise than `serve build`: how many there are, and on which nodes."""


STORE = {"SAKE_OBJECTS_URL": "s3://any/where", "AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "thing"}


def build(home: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run `serve build` on the application with these settings, for `built.yaml` in the home."""
    home.mkdir()
    environment = os.environ | {"SAKE_HOME": str(home), "RAY_AUTH_MODE": "disabled"} | settings
    program = Path(sys.executable).with_name("serve")
    command = [str(program), "build", IMPORT_PATH, "-o", str(home / "built.yaml")]
    return subprocess.run(command, env=environment, cwd=home, check=False, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_serve_configuration_is_that_of_the_program_but_for_what_is_tuned(
    overlay: str, tmp_path: Path, postgres: Postgres
) -> None:
    manifests = load_rendered(overlay)
    cpus = pick(manifests, "ConfigMap")["data"]["SAKE_CPUS"]
    with postgres.empty_database() as url:
        done = build(tmp_path / "home", SAKE_RECORDS_URL=url, SAKE_CPUS=cpus, **STORE)
    assert done.returncode == 0, done.stderr
    built: Manifest = yaml.safe_load((tmp_path / "home" / "built.yaml").read_text())
    (named,), (made,) = load_serve_config(manifests)["applications"], built["applications"]
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


@pytest.mark.parametrize(
    ("settings", "named"),
    [(STORE, "SAKE_RECORDS_URL"), ({"SAKE_RECORDS_URL": "postgresql://any@127.0.0.1:1/where"}, "SAKE_OBJECTS_URL")],
)
def test_records_or_objects_on_a_disk_are_refused_before_anything_is_written(
    settings: dict[str, str], named: str, tmp_path: Path
) -> None:
    """Each reader's pod would make its own, empty ones."""
    done = build(tmp_path / "home", **settings)
    assert done.returncode != 0
    assert f"set {named}=" in done.stdout + done.stderr
    assert list((tmp_path / "home").iterdir()) == []


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
