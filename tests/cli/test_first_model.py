"""The process that starts the service has a model registered, and holds nothing of what that takes."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sake_ray.cli.bootstrap import open_registry
from sake_ray.cli.keeper import measure_answer
from sake_ray.settings import Settings
from tests.command import run_sake
from tests.ports import free_port
from tests.waiting import wait_until

ENSURE = """
import sys
from sake_ray.cli.bootstrap import connect_records, find_recipe, load_settings, open_registry
from sake_ray.cli.first_model import ensure_model
settings = load_settings()
records = connect_records(settings)
records.database.migrate()
ensure_model(settings, open_registry(settings), records, find_recipe(settings), on_stage=print)
print(sorted({"mlflow", "sklearn", "pandas"} & set(sys.modules)))
"""


def ensure(home: Path) -> list[str]:
    """What is said while a model is made sure of in a home, and which heavy packages that process holds then."""
    done = subprocess.run(
        [sys.executable, "-c", ENSURE],
        env=os.environ | {"SAKE_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.splitlines()


def test_a_new_and_a_used_home_get_a_model_without_the_process_holding_what_made_it(tmp_path: Path) -> None:
    assert ensure(tmp_path)[-2:] == ["model version 1 is ready", "[]"]
    assert ensure(tmp_path) == ["model version 1 is ready", "[]"]
    (run,) = open_registry(Settings(home=tmp_path)).runs.list()
    assert (run.name, run.status, run.version, run.metrics) == ("first model", "FINISHED", 1, {"documents": 1100.0})


def test_a_server_of_mlflow_gets_a_model_too_whatever_its_client_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    store, artifacts = f"sqlite:///{tmp_path / 'server.db'}", str(tmp_path / "server")
    where = ("--backend-store-uri", store, "--artifacts-destination", artifacts, "--port", url.rpartition(":")[2])
    command = (sys.executable, "-m", "mlflow", "server", "--workers", "1", *where)
    quiet = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false", "MLFLOW_DISABLE_TELEMETRY": "true"}
    with (tmp_path / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=os.environ | quiet, stdout=log, stderr=log, start_new_session=True)
    try:
        log_of = (tmp_path / "server.log").read_text
        wait_until(lambda: measure_answer(f"{url}/health") is not None, process=server, log=log_of)
        monkeypatch.setenv("SAKE_MLFLOW_URL", url)
        (tmp_path / "home").mkdir()
        assert ensure(tmp_path / "home")[-2] == "model version 1 is ready"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def test_an_mlflow_that_does_not_answer_gets_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    done = run_sake("first-model", home=tmp_path, SAKE_MLFLOW_URL=f"http://127.0.0.1:{free_port()}")
    assert done.returncode == 6, done.stderr
    assert done.stderr.splitlines()[-1].startswith("sake: MLflow")
