"""On which nodes the parts of the service run: where what they need is."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sake_ray.cli.startup import make_service_config
from sake_ray.serve.app import build_application
from sake_ray.settings import Settings
from sake_ray.storage.objects import FolderStore, ObjectStore
from sake_ray.storage.records import Records
from sake_ray.storage.s3 import S3Store

SQLITE, POSTGRESQL = "sqlite:////home/records.db", "postgresql://db/sake"
FOLDER, BUCKET = FolderStore(Path("objects")), S3Store("office", "", endpoint="", access_key="", secret_key="")


def find_placed(application: Any) -> dict[str, bool]:
    """Of each deployment whether it runs on the node with the home only."""
    found: dict[str, bool] = {}
    waiting = [application._bound_deployment]
    while waiting:
        deployment = waiting.pop()
        selector = deployment.ray_actor_options.get("label_selector", {})
        found[deployment.name] = selector == {"ray.io/node-id": "home"}
        waiting += [part._bound_deployment for part in deployment.init_args if hasattr(part, "_bound_deployment")]
    return found


@pytest.mark.parametrize(
    ("records", "store", "reads_at_home"),
    [(SQLITE, FOLDER, True), (POSTGRESQL, FOLDER, True), (SQLITE, BUCKET, True), (POSTGRESQL, BUCKET, False)],
)
def test_readers_run_anywhere_when_records_and_objects_are_on_servers(
    tmp_path: Path, records: str, store: ObjectStore, reads_at_home: bool
) -> None:
    config = replace(make_service_config(Settings(home=tmp_path)), records=Records(records), store=store)
    placed = find_placed(build_application(config, home_node="home"))
    assert placed == {"Gateway": True, "Orchestrator": True, "Predictor": True, "Etl": reads_at_home}
