"""Start a private Ray on this machine."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from inspect import signature
from pathlib import Path
from typing import Any

from sake_ray.errors import SetupError
from sake_ray.files import atomic_path, unique_part
from sake_ray.jobs.processes import (
    MARK,
    end_run,
    find_scratch,
    forget_run,
    reap_runs,
    record_descendants,
    record_run,
)

LOG_BOUNDS = {"RAY_ROTATION_MAX_BYTES": "10000000", "RAY_ROTATION_BACKUP_COUNT": "2"}
"""Of each log of Ray and Serve, which would keep six times 512 MB of each (seen with Ray 2.60)."""
OBJECT_STORE_BYTES = 512 * 1024 * 1024
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""With it Ray takes 127.0.0.1 for the address of this node, and all its parts listen there only, as it does on a Mac by itself.

Without it Ray turns a 127.0.0.1 that it is given into the address of the network card (seen with Ray 2.60). Read once, on import.
"""
MAX_FOLDER_BYTES = 107 - len(
    "/sake-12345678/ray/session_2026-11-23_08-00-00_123456_1234567/sockets/dash_PlatformEventHead"
)
"""The path of a socket may have 107 bytes; this one has the longest name of Ray's."""
OTHER_FOLDERS = ("/tmp", "/var/tmp", "/dev/shm")  # noqa: S108 - in them a folder of a random name is made, for this user alone
AGENT_PORT = "dashboard_agent_listen_port"


@dataclass(frozen=True, slots=True)
class RayPorts:
    """The ports of a Ray with a dashboard; its metrics take that port and the two after it."""

    dashboard: int
    metrics: int


@contextmanager
def start_ray(home: Path, *, cpus: int, ports: RayPorts | None, setup_hook: str = "") -> Iterator[None]:
    """Run a Ray of our own for the duration of the block; with ports it has a dashboard there.

    What this process starts there calls the setup hook first, a function by its full name.
    """
    run = home / "run"
    reap_runs(run)
    # Ray opens its folder to everybody; the one around it stays ours.
    folder = tempfile.mkdtemp(prefix="sake-", dir=find_short_folder())
    mark = record_run(run, scratch=Path(folder))
    os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=str(ensure_token(run)), **LOOPBACK)
    for name, value in LOG_BOUNDS.items():
        os.environ.setdefault(name, value)
    import ray
    from ray._private.utils import write_ray_address

    options: dict[str, object] = {"include_dashboard": False}
    if setup_hook:
        options["runtime_env"] = {"worker_process_setup_hook": setup_hook}
    if ports:
        options |= {
            "include_dashboard": True,
            "dashboard_host": "127.0.0.1",
            "dashboard_port": ports.dashboard,
            "_metrics_export_port": ports.metrics,
        }
    # What the workers leave in the temporary folder when they are killed goes with it.
    own = os.environ.get("TMPDIR")
    scratch = Path(folder, "tmp")
    scratch.mkdir()
    os.environ["TMPDIR"] = str(scratch)
    try:
        with free_agent_port():
            ray.init(
                address="local",
                num_cpus=cpus or None,
                log_to_driver=False,
                logging_level="ERROR",
                object_store_memory=OBJECT_STORE_BYTES,
                _temp_dir=f"{folder}/ray",
                **options,
            )
        # As `ray start` does: a job that Ray runs takes any Ray on this machine otherwise (seen with Ray 2.60).
        write_ray_address(ray.get_runtime_context().gcs_address, f"{folder}/ray")
        record_descendants(run, mark)
        if own is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = own
        yield
    finally:
        with suppress(Exception):  # whatever Ray says of its end, what is left is ended below
            record_descendants(run, mark)
            ray.shutdown()
        end_run(run, mark)
        forget_run(run, mark)
        shutil.rmtree(folder, ignore_errors=True)


def find_discovery_file(run: Path) -> Path:
    """Find the file in which the Ray that this process has started lists what it exports, for Prometheus.

    The path is good for every session of that Ray; Ray writes the file some seconds after its start.
    """
    return Path(find_scratch(run, os.environ[MARK]), "ray", "prom_metrics_service_discovery.json")


def find_short_folder() -> str:
    """Find a folder for temporary files whose path leaves room for those of Ray's sockets; raises SetupError."""
    usual = tempfile.gettempdir()
    for folder in (usual, *OTHER_FOLDERS):
        if len(os.fsencode(folder)) <= MAX_FOLDER_BYTES and os.access(folder, os.W_OK | os.X_OK):
            return folder
    raise SetupError("ray-folder-too-deep", folder=usual)


@contextmanager
def free_agent_port() -> Iterator[None]:
    """Let Ray choose the port of the agent that takes jobs, for the duration of the block.

    `ray.init` has no option for it and takes 52365, which a second Ray on this machine cannot have. There would be no error, and
    its jobs would wait for ever (seen with Ray 2.60).
    """
    from ray._private.parameter import RayParams

    make: Any = RayParams.__init__
    known = make.__defaults__
    names = list(signature(make).parameters)[-len(known) :]
    assert AGENT_PORT in names, (
        "this Ray names the port of its agent otherwise; tests/jobs/test_local_ray.py says what to look at"
    )
    make.__defaults__ = tuple(0 if name == AGENT_PORT else value for name, value in zip(names, known, strict=True))
    try:
        yield
    finally:
        make.__defaults__ = known


def ensure_token(run: Path) -> Path:
    """Return the file with the token of local clusters, made if it is missing; only its owner can read it."""
    path = run / "ray_token"
    if not path.exists():
        with atomic_path(path, part=unique_part(path)) as part:
            part.touch(mode=0o600)
            part.write_text(secrets.token_hex(32))
    return path
