"""Note where the Ray of a service is, for those who look for it."""

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

from sake_ray.jobs.processes import lives

WHERE = "ray.json"


@contextmanager
def noted(home: Path, token: str) -> Iterator[None]:
    """Note where the connected Ray is, for the duration of the block."""
    import ray

    me, where = psutil.Process(), home / "run" / WHERE
    part = where.with_suffix(".part")
    address = ray.get_runtime_context().gcs_address
    note = {"address": address, "token_file": token, "pid": me.pid, "started": me.create_time()}
    part.write_text(json.dumps(note))
    part.replace(where)
    try:
        yield
    finally:
        where.unlink(missing_ok=True)


def noted_address(home: Path) -> str:
    """Where the Ray of a running `sake up` on this home is; empty when none runs."""
    try:
        note = json.loads((home / "run" / WHERE).read_text())
        if lives(note["pid"], note["started"]):
            if note["token_file"]:
                os.environ.update(RAY_AUTH_MODE="token", RAY_AUTH_TOKEN_PATH=note["token_file"])
            return str(note["address"])
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return ""
