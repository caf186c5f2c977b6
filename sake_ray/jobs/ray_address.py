"""Publish the address of the service's Ray to other processes on the same home."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from sake_ray.files import write_atomically
from sake_ray.jobs.processes import is_alive

ADDRESS_FILE = "ray.json"


@contextmanager
def publish_address(home: Path, token_file: str) -> Iterator[None]:
    """Publish the address of the connected Ray, for the duration of the block."""
    import ray

    me, path = psutil.Process(), home / "run" / ADDRESS_FILE
    address = ray.get_runtime_context().gcs_address
    note = {"address": address, "token_file": token_file, "pid": me.pid, "started": me.create_time()}
    write_atomically(path, json.dumps(note))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def find_address(home: Path) -> str:
    """Find the Ray of a running `sake up` on this home, and set its token in the environment; "" when none runs."""
    try:
        note = json.loads((home / "run" / ADDRESS_FILE).read_text())
        if is_alive(note["pid"], note["started"]):
            if note["token_file"]:
                os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=note["token_file"])
            return str(note["address"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return ""
