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

from sake_ray.files import atomic_path, unique_part
from sake_ray.jobs.processes import end_run, forget_run, reap_runs, record_descendants, record_run

OBJECT_STORE_BYTES = 512 * 1024 * 1024
LOOPBACK = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
"""With it Ray takes 127.0.0.1 for the address of this node, and all its parts listen there only, as it does on a Mac by itself.

Without it Ray turns a 127.0.0.1 that it is given into the address of the network card (seen with Ray 2.60). Read once, on import.
"""
AGENT_PORT = "dashboard_agent_listen_port"


@dataclass(frozen=True, slots=True)
class RayPorts:
    """The ports of a Ray with a dashboard; its metrics take that port and the two after it."""

    dashboard: int
    metrics: int


@contextmanager
def start_ray(home: Path, *, cpus: int, ports: RayPorts | None) -> Iterator[None]:
    """Run a Ray of our own for the duration of the block; with ports it has a dashboard there."""
    run = home / "run"
    reap_runs(run)
    # Ray opens its folder to everybody; the one around it stays ours.
    folder = tempfile.mkdtemp(prefix="sake-")
    mark = record_run(run, scratch=Path(folder))
    os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=str(ensure_token(run)), **LOOPBACK)
    import ray
    from ray._private.utils import write_ray_address

    options: dict[str, object] = {"include_dashboard": False}
    if ports:
        options = {
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
