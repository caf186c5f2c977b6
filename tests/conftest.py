"""What several tests share: one reader, pages drawn with known words, one home with its first model, one Ray."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from filelock import FileLock

from sake_ray.data.reading import Reader, ReadingOptions
from sake_ray.jobs.local_ray import ensure_token
from tests.command import SAKE
from tests.homes import champion_of, make_tables

# Ray reads this once, when it is first imported: some tests do so long before another starts a Ray with its token.
os.environ["RAY_AUTH_MODE"] = "token"


SLOW_FIRST = (
    "tests/train/", "tests/faults/test_service_killed.py", "tests/faults/", "tests/serve/test_service.py",
    "tests/frontends/", "tests/serve/test_service_on_servers.py", "tests/batch/test_classify.py", "tests/jobs/test_admission.py",
    "tests/cluster/", "tests/cli/test_moving.py", "tests/cli/test_moved_home.py", "tests/test_wheel.py",
)  # fmt: skip


INTEGRATION_FIXTURES = {"home", "imap", "moto", "own_ray", "postgres", "rclone", "reader", "start_sake"}
INTEGRATION_FILES = (
    "tests/backup/", "tests/batch/test_classify.py", "tests/batch/test_throughput_bench.py", "tests/cli/test_audit_command.py",
    "tests/cli/test_environment.py", "tests/cli/test_first_model.py", "tests/cli/test_health.py", "tests/cli/test_migration.py",
    "tests/cli/test_doctor.py", "tests/cli/test_moving.py", "tests/cli/test_prepare.py",
    "tests/cli/test_private_home.py", "tests/cli/test_retry.py", "tests/cli/test_second_factor_command.py",
    "tests/cli/test_start.py", "tests/cluster/test_autoscaling.py", "tests/cluster/test_kuberay_running.py",
    "tests/cluster/test_kuberay_serve.py", "tests/cluster/test_many_nodes.py", "tests/cluster/test_ray_up.py",
    "tests/data/test_hostile_files.py", "tests/data/test_local_reading.py", "tests/data/test_loose_pages.py",
    "tests/data/test_neural_reader.py", "tests/data/test_ocr_benches.py", "tests/data/test_reading.py",
    "tests/data/test_reading_time.py", "tests/faults/",
    "tests/feedback/test_feedback.py", "tests/feedback/test_import_killed.py", "tests/frontends/test_double_click.py",
    "tests/frontends/test_behind_the_gateway.py", "tests/frontends/test_paging.py", "tests/gateway/", "tests/grafana/",
    "tests/jobs/", "tests/ledger/test_command.py", "tests/ledger/test_faults.py", "tests/logs/test_stories.py",
    "tests/monitoring/", "tests/tracing/",
    "tests/registry/", "tests/serve/test_docs_pages.py", "tests/serve/test_downloads.py", "tests/serve/test_exports.py",
    "tests/serve/test_guarded_route.py", "tests/serve/test_lean_imports.py", "tests/serve/test_orchestrator.py",
    "tests/serve/test_placement.py", "tests/serve/test_proxy.py",
    "tests/storage/test_database.py", "tests/storage/test_derived_columns.py",
    "tests/storage/test_job_admission_records.py", "tests/storage/test_migrations.py", "tests/storage/test_objects.py",
    "tests/storage/test_queue_records.py", "tests/storage/test_records_bench.py",
    "tests/storage/test_scaling_bench.py", "tests/synthetic/test_defects.py",
    "tests/synthetic/test_digests.py", "tests/synthetic/test_generate.py", "tests/synthetic/test_identity.py",
    "tests/synthetic/test_invoices_and_resumes.py", "tests/synthetic/test_makers.py", "tests/test_promotion.py",
    "tests/test_splitting_bench.py", "tests/test_wheel.py", "tests/train/test_first_corpus.py", "tests/train/test_search.py",
    "tests/train/test_training.py",
    "tests/train/test_vectorize_on_ray.py", "tests/cli/test_watch_command.py", "tests/watch/test_killed.py", "tests/workspace/",
)  # fmt: skip
INTEGRATION_SERVERS = ("[postgresql", "[moto", "[rclone")
"""How the ids of tests begin that run on each kind of database or store."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make unit` leaves out, and begin with the files that take long, so that no process ends alone with one."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        on_server = any(server in item.nodeid for server in INTEGRATION_SERVERS)
        if on_server or fixtures & INTEGRATION_FIXTURES or item.nodeid.startswith(INTEGRATION_FILES):
            item.add_marker("integration")

    def place(item: pytest.Item) -> int:
        return next((rank for rank, start in enumerate(SLOW_FIRST) if item.nodeid.startswith(start)), len(SLOW_FIRST))

    items.sort(key=place)


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    """A reader with the default engine and limits."""
    with Reader(ReadingOptions()) as reader:
        yield reader


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, reader: Reader) -> Path:
    """A home with the first model in it, as `sake up` makes it; tests that change it copy it."""
    # Made once for all the processes that run tests; each has a copy, whose artifacts stay where they were made.
    first = tmp_path_factory.getbasetemp() / "first-home"
    if "PYTEST_XDIST_WORKER" in os.environ:
        first = first.parents[1] / first.name
    with FileLock(first.with_suffix(".lock")):
        if not (first / "made").exists():
            champion_of(first, reader)
            (first / "made").touch()
    return Path(shutil.copytree(first, tmp_path_factory.mktemp("own") / "home"))


@pytest.fixture(scope="session")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables of the records and nothing in them: a copy is quicker than making them."""
    path = tmp_path_factory.mktemp("tables") / "records.db"
    make_tables(f"sqlite:///{path}")
    return path


RAY = """
import sys
from pathlib import Path
from sake_ray.jobs.ray_connection import share_ray
with share_ray(Path(sys.argv[1]), cpus=2) as address:
    print(address, flush=True)
    sys.stdin.read()
"""


@pytest.fixture(scope="session")
def own_ray(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """One Ray for the commands of all tests, as the settings that lead to it; workers have none of one test's."""
    home = tmp_path_factory.mktemp("ray")
    (home / "run").mkdir()
    command = [sys.executable, "-c", RAY, str(home)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        address = process.stdout.readline().strip()
        assert address
        yield {"SAKE_RAY_ADDRESS": address, "RAY_AUTH_TOKEN_PATH": str(ensure_token(home / "run"))}


@pytest.fixture
def start_sake() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Start the command and let it run; what still runs at the end of the test is ended."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str, home: Path, **settings: str) -> subprocess.Popen[str]:
        environment = os.environ | {"SAKE_HOME": str(home)} | settings
        started.append(
            subprocess.Popen(
                [str(SAKE), *words], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
