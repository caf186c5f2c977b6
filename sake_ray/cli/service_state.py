"""Hold the home and the ports of a running service, and let other commands find it."""

import json
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
from filelock import FileLock, Timeout

from sake_ray.errors import AlreadyRunning, SetupError
from sake_ray.files import write_atomically
from sake_ray.jobs.processes import is_alive

if TYPE_CHECKING:
    from sake_ray.settings import Settings

SERVICE_FILE = "service.json"


@contextmanager
def lock_home(run: Path) -> Iterator[None]:
    """Hold the home for this process; the kernel releases it however the process ends. Raises AlreadyRunning."""
    try:
        held = FileLock(run / "up.lock").acquire(blocking=False)
    except Timeout as error:
        service = find_service(run.parent)
        if service is None:
            raise AlreadyRunning("service-already-running", home=run.parent) from error
        found = AlreadyRunning("service-already-running-at", home=run.parent, url=service["url"], pid=service["pid"])
        raise found from error
    with held:
        yield


@contextmanager
def publish_service(home: Path, url: str) -> Iterator[None]:
    """Let other commands find the service, for the duration of the block."""
    me, path = psutil.Process(), home / "run" / SERVICE_FILE
    write_atomically(path, json.dumps({"url": url, "pid": me.pid, "started": me.create_time()}))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def find_service(home: Path) -> dict[str, Any] | None:
    """Find the service that runs on a home: its `url` and `pid`; None when none runs."""
    try:
        service: dict[str, Any] = json.loads((home / "run" / SERVICE_FILE).read_text())
        return service if is_alive(service["pid"], service["started"]) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


Port = tuple[str, int, str]
"""Address, port, and the setting without its prefix."""


def check_ports(settings: "Settings") -> None:
    """Raise SetupError when a port that the service needs is taken."""
    _check_free(list_service_ports(settings))


def list_service_ports(settings: "Settings") -> list[Port]:
    """List the ports that `sake up` always needs."""
    screens = [(settings.host, settings.user_port, "USER_PORT"), (settings.host, settings.admin_port, "ADMIN_PORT")]
    needed = screens if settings.screens else []
    # The ports of another Ray are its own business, and a killed start may have left the service on it.
    if not settings.ray_address:
        first = settings.metrics_port
        needed += [(settings.host, settings.port, "PORT"), ("127.0.0.1", settings.dashboard_port, "DASHBOARD_PORT")]
        needed += [("127.0.0.1", first + more, "METRICS_PORT") for more in range(3)]
    metrics = {"KEEPER_METRICS_PORT": settings.keeper_metrics_port}
    if settings.screens:
        metrics |= {"USER_METRICS_PORT": settings.user_metrics_port, "ADMIN_METRICS_PORT": settings.admin_metrics_port}
    return needed + [(settings.metrics_host, port, name) for name, port in metrics.items() if port]


def check_gateway_ports(settings: "Settings") -> None:
    """Raise SetupError when a port that the gateway needs is taken."""
    _check_free(list_gateway_ports(settings))


def list_gateway_ports(settings: "Settings") -> list[Port]:
    """List the ports that the gateway needs."""
    ports = {"GATEWAY_PORT": settings.gateway_port, "GATEWAY_HTTP_PORT": settings.gateway_http_port}
    return [(settings.gateway_host, port, name) for name, port in ports.items() if port]


def check_monitoring_ports(settings: "Settings") -> None:
    """Raise SetupError when a port that the monitoring needs is taken."""
    _check_free(list_monitoring_ports(settings))


def list_monitoring_ports(settings: "Settings") -> list[Port]:
    """List the ports that the monitoring needs."""
    names = ("PROMETHEUS_PORT", "ALERTMANAGER_PORT", "NODE_EXPORTER_PORT")
    return [("127.0.0.1", getattr(settings, name.lower()), name) for name in names]


def find_taken_ports(needed: Sequence[Port]) -> Iterator[tuple[str, int, str, str]]:
    """Yield those of some ports that cannot be listened on, each with the reason."""
    for host, port, name in needed:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError as error:
                yield host, port, name, error.strerror or type(error).__name__


def _check_free(needed: Sequence[Port]) -> None:
    for host, port, name, reason in find_taken_ports(needed):
        raise SetupError("port-in-use", host=host, port=port, error=reason, setting=name)


def to_reachable_host(host: str) -> str:
    """Turn the address that a server listens on into one that this machine can reach it by."""
    local = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, host)  # noqa: S104
    return f"[{local}]" if ":" in local and not local.startswith("[") else local
