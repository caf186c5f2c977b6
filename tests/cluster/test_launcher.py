"""ray-cluster.yaml is what Ray's cluster launcher takes."""

from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

FILE = Path(__file__).parents[2] / "ray-cluster.yaml"


def load() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return content


def check(config: dict[str, Any]) -> None:
    """Check it as the launcher does."""
    from ray.autoscaler._private.util import prepare_config, validate_config  # this process may not need Ray otherwise

    validate_config(prepare_config(config))


def test_cluster_file_is_valid_and_needs_a_token() -> None:
    config = load()
    check(config)
    for commands in (config["head_start_ray_commands"], config["worker_start_ray_commands"]):
        (start,) = [command for command in commands if "ray start" in command]
        assert "RAY_AUTH_MODE=token" in start
        assert "OMP_THREAD_LIMIT=1" in start
        assert start.startswith("umask 077 &&")


def test_misspelt_key_is_noticed() -> None:
    with pytest.raises(jsonschema.ValidationError):
        check(load() | {"max_worker": 2})
