"""What a running service holds: its home, its ports, and the note by which other commands find it."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from filelock import FileLock, Timeout

from sake_ray.errors import AlreadyRunning, SetupError
from sake_ray.files import write_atomically
from sake_ray.jobs.processes import is_alive
from sake_ray.settings import Settings

NOTE = "service.json"


@contextmanager
def alone(run: Path) -> Iterator[None]:
    """Hold the home for this process; the kernel lets go of it however we end."""
    try:
        held = FileLock(run / "up.lock").acquire(blocking=False)
    except Timeout as error:
        note = read_note(run.parent)
        where = f" at {note['url']} (process {note['pid']})" if note else ""
        raise AlreadyRunning(
            f"A service runs on {run.parent} already{where}; `sake status` tells how it is."
        ) from error
    with held:
        yield


@contextmanager
def noted(home: Path, url: str) -> Iterator[None]:
    """Let other commands find the service."""
    me, path = psutil.Process(), home / "run" / NOTE
    write_atomically(path, json.dumps({"url": url, "pid": me.pid, "started": me.create_time()}))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def read_note(home: Path) -> dict[str, Any] | None:
    try:
        note: dict[str, Any] = json.loads((home / "run" / NOTE).read_text())
        return note if is_alive(note["pid"], note["started"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def check_ports(settings: Settings) -> None:
    screens = [(settings.host, settings.user_port, "USER_PORT"), (settings.host, settings.admin_port, "ADMIN_PORT")]
    wanted = screens if settings.screens else []
    # The ports of another Ray are its own business, and a killed start may have left the service on it.
    if not settings.ray_address:
        metrics = settings.metrics_port
        wanted += [(settings.host, settings.port, "PORT"), ("127.0.0.1", settings.dashboard_port, "DASHBOARD_PORT")]
        wanted += [("0.0.0.0", metrics + more, "METRICS_PORT") for more in range(3)]  # noqa: S104 - where Ray listens
    for host, port, name in wanted:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                raise SetupError(
                    f"{host}:{port} cannot be listened on ({error.strerror}); end what uses it, or set SAKE_{name}."
                ) from error


def reachable(host: str) -> str:
    """The address by which this machine reaches what listens on `host`."""
    local = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    return f"[{local}]" if ":" in local and not local.startswith("[") else local
