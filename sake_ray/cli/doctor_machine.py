"""Look at the machine: how much room is on its disks, and whether others have taken the ports."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil

from sake_ray.cli.doctor_findings import Finding, ok, problem, warning
from sake_ray.cli.service_state import (
    find_service,
    find_taken_ports,
    list_gateway_ports,
    list_monitoring_ports,
    list_service_ports,
)
from sake_ray.settings import Settings

FULL_SHARE, SCARCE_SHARE = 0.05, 0.10
"""The first is where the alert DiskFull begins (cluster/prometheus/rules/machine.yml)."""
GIGABYTE = 1_000_000_000
SHARED_MEMORY_BYTES = 512 * 1024 * 1024
"""What Ray's object store takes (jobs/local_ray.py)."""


def check_disks(settings: Settings) -> Iterator[Finding]:
    """Look how much room is left where the program writes."""
    places = {"home": settings.home, "temporary files": Path(tempfile.gettempdir())}
    for name, url in {"objects": settings.objects_url, "backups": settings.backup_url}.items():
        if url and "://" not in url:
            places[name] = Path(url).expanduser()
    for name, place in places.items():
        there = next(folder for folder in (place.absolute(), *place.absolute().parents) if folder.exists())
        usage = shutil.disk_usage(there)
        share, said = usage.free / usage.total, f"{usage.free / GIGABYTE:.1f} GB ({usage.free / usage.total:.0%})"
        sentence = f"The disk of the {name} ({place}) has {said} left."
        mend = "Make room (docs/operations.md, Files in the home), or move it to a larger disk."
        if share < FULL_SHARE:
            yield problem("disk", sentence, mend)
        else:
            yield warning("disk", sentence, mend) if share < SCARCE_SHARE else ok("disk", sentence)
    with suppress(OSError):
        memory = shutil.disk_usage("/dev/shm")  # noqa: S108 - looked at, not written to
        if not settings.ray_address and memory.free < SHARED_MEMORY_BYTES:
            sentence = f"/dev/shm has only {memory.free / 1e6:.0f} MB left, so that Ray takes the slower disk."  # noqa: S108
            yield warning("disk", sentence, "Give the container more shared memory (`--shm-size=1g`).")


def check_ports(settings: Settings) -> Iterator[Finding]:
    """Look for ports that others have taken."""
    if service := find_service(settings.home):
        yield ok("ports", f"The service of this home has its ports (pid {service['pid']}).")
        return
    taken = False
    optional = [*list_gateway_ports(settings), *list_monitoring_ports(settings)]
    for make, needed in ((problem, list_service_ports(settings)), (warning, optional)):
        for host, port, name, reason in find_taken_ports(needed):
            taken = True
            holder = _find_holder(port)
            sentence = (
                f"{host}:{port} (SAKE_{name}) cannot be had: {reason}{f', {holder} listens there' * bool(holder)}."
            )
            needs = "" if make is problem else " It is needed with `--gateway` or `--monitoring` only."
            yield make("ports", sentence, f"End what listens there, or set SAKE_{name} to another port.{needs}")
    if not taken:
        yield ok("ports", "All ports that `sake up` needs are free.")


def _find_holder(port: int) -> str:
    """Name the process that listens on a port; empty where that is another user's."""
    with suppress(psutil.Error, OSError):
        for one in psutil.net_connections("tcp"):
            if one.status == psutil.CONN_LISTEN and one.laddr and one.laddr.port == port and one.pid:
                return f"{psutil.Process(one.pid).name()} (pid {one.pid})"
    return ""
