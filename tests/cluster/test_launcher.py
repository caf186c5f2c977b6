"""ray-cluster.yaml and its variants for rented machines are what Ray's cluster launcher takes."""

from pathlib import Path
from typing import Any

import boto3
import jsonschema
import pytest
import yaml
from botocore.validate import ParamValidator

ROOT = Path(__file__).parents[2]
OWN, RENTED = "ray-cluster.yaml", ("cluster/aws.yaml", "cluster/gcp.yaml")
OF_THE_PROVIDER = {"provider", "auth", "available_node_types", "head_node_type", "min_workers"}
"""What may differ: machines that one has are of no type, so how many there are at least stands beside them."""


def load(name: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return content


def prepare(config: dict[str, Any]) -> dict[str, Any]:
    """Check it as the launcher does, and give it as the launcher sees it."""
    from ray.autoscaler._private.util import prepare_config, validate_config  # this process may not need Ray otherwise

    prepared: dict[str, Any] = prepare_config(config)
    validate_config(prepared)
    return prepared


def find_start(config: dict[str, Any], kind: str) -> str:
    """The one command that starts Ray on a node of the kind."""
    (start,) = [command for command in config[f"{kind}_start_ray_commands"] if "ray start" in command]
    return str(start)


@pytest.mark.parametrize("name", [OWN, *RENTED])
def test_cluster_file_is_valid(name: str) -> None:
    prepared = prepare(load(name))
    types = prepared["available_node_types"]
    workers = [types[name] for name in types if name != prepared["head_node_type"] or len(types) == 1]
    assert [(worker["min_workers"], worker["max_workers"]) for worker in workers] == [(1, 2)]
    assert prepared["max_workers"] == 2


@pytest.mark.parametrize("name", RENTED)
def test_rented_machines_differ_in_the_provider_only(name: str) -> None:
    own, rented = load(OWN), load(name)
    assert rented.keys() - own.keys() == {"available_node_types", "head_node_type"}
    assert own.keys() - rented.keys() == {"min_workers"}
    for field in own.keys() - OF_THE_PROVIDER:
        assert rented[field] == own[field], field
    assert rented["available_node_types"]["worker"]["min_workers"] == own["min_workers"]
    assert rented["available_node_types"]["head"]["resources"] == {"CPU": 0}


@pytest.mark.parametrize("kind", ["head", "worker"])
def test_machines_of_amazon_are_described_in_its_own_words(kind: str) -> None:
    described = load("cluster/aws.yaml")["available_node_types"][kind]["node_config"]
    amazon = boto3.client("ec2", region_name="eu-west-3").meta.service_model.operation_model("RunInstances")
    counts = {"MinCount": 1, "MaxCount": 1}
    found = ParamValidator().validate(described | counts, amazon.input_shape)
    assert found.generate_report() == ""
    misspelt = ParamValidator().validate(described | counts | {"ImageID": "ami-1"}, amazon.input_shape)
    assert "ImageID" in misspelt.generate_report()


def test_head_does_no_work_and_starts_workers_by_the_autoscaler_that_can() -> None:
    start = find_start(load(OWN), "head")
    assert "--num-cpus=0" in start
    assert "--autoscaling-config=~/ray_bootstrap_config.yaml" in start
    assert "RAY_enable_autoscaler_v2=0" in start


@pytest.mark.parametrize("kind", ["head", "worker"])
def test_every_node_starts_with_the_environment_of_the_cluster(kind: str) -> None:
    start = find_start(load(OWN), kind)
    assert start.startswith("umask 077 && cd ~/sake_ray && . cluster/environment.sh &&")
    environment = (ROOT / "cluster/environment.sh").read_text(encoding="utf-8").splitlines()
    assert {"umask 077", "RAY_AUTH_MODE=token", "OMP_THREAD_LIMIT=1", "FORWARDED_ALLOW_IPS="} <= set(environment)


def test_everything_that_is_sent_is_there() -> None:
    for place, sent in load(OWN)["file_mounts"].items():
        if place.startswith("~/sake_ray/"):
            assert place == f"~/sake_ray/{sent}"
            assert (ROOT / sent).exists(), sent


def test_misspelt_key_is_noticed() -> None:
    with pytest.raises(jsonschema.ValidationError):
        prepare(load(OWN) | {"max_worker": 2})
