"""Run the gateway alone, on a machine in front of services and screens elsewhere."""

import os
import re
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.bootstrap import find_screens_key, load_settings
from sake_ray.cli.terminal import report, stop_on_signals
from sake_ray.errors import SetupError

if TYPE_CHECKING:
    from sake_ray.gateway.config import Tool
    from sake_ray.settings import Settings

ADDRESS = re.compile(r"([\w.-]+|\[[0-9a-fA-F:]+\]):\d{1,5}")
WARNED_BEFORE_DAYS = 14


def gateway(
    api: Annotated[list[str], typer.Option(help="A service, host:port; give it again for each.")],
    user_screens: Annotated[list[str] | None, typer.Option(help="Screens of users, host:port; again for each.")] = None,
    admin_screens: Annotated[list[str] | None, typer.Option(help="The same for the admin screens.")] = None,
    tool: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=URL",
            help="A tool elsewhere for admin and ops, by its name; again for each.",
        ),
    ] = None,
) -> None:
    """Run the gateway alone, in front of a service and screens elsewhere. Ctrl-C ends it.

    Its home needs a copy of the service's `screens_key`. Screens that run elsewhere for the admin need `--base /admin-ui`.

    Names of tools are grafana, mlflow, ray, prometheus and alertmanager, as in mlflow=http://mlflow:5000; Ray's token is the
    one of RAY_AUTH_TOKEN_PATH.
    """
    from sake_ray.cli.certificate import watch_certificate
    from sake_ray.cli.gateway import Addresses, end_left_gateway, find_gateway_url, list_named_tools, prepare_gateway
    from sake_ray.cli.keeper import KeptPrograms, export_kept
    from sake_ray.cli.service_state import check_gateway_ports, lock_home
    from sake_ray.cli.sidecars import run_sidecars
    from sake_ray.metrics.exposition import PrometheusInstruments

    settings, stop = load_settings(), threading.Event()
    behind = Addresses(_check(api), _check(user_screens), _check(admin_screens))
    _check_key(settings)
    stop_on_signals(stop)
    (settings.home / "run").mkdir(parents=True, exist_ok=True)
    with lock_home(settings.home / "run"):
        end_left_gateway(settings)
        check_gateway_ports(settings)
        given = {named.name: named for named in (*list_named_tools(settings), *read_tools(tool))}
        prepared = prepare_gateway(settings, behind, list(given.values()))
        instruments, warning = PrometheusInstruments(), _Warning()

        def note_days(days: float) -> None:
            warning.look(days)
            instruments.set("certificate_days_left", days)

        url = find_gateway_url(settings)
        with (
            run_sidecars([prepared.sidecar]) as (process,),
            export_kept(settings, KeptPrograms([process], gateway=url, listener=prepared.listener), instruments),
            watch_certificate(settings, prepared.files, process, on_days=note_days),
        ):
            report(f"Gateway         {prepared.sidecar.url}")
            report("Ctrl-C ends it.")
            stop.wait()


class _Warning:
    """Says once a day that a certificate ends soon, for whoever reads the terminal or its log."""

    def __init__(self) -> None:
        self._said: int | None = None

    def look(self, days: float) -> None:
        """Say it if it is time."""
        if days < WARNED_BEFORE_DAYS and int(days) != self._said:
            self._said = int(days)
            report(f"The certificate of the gateway ends in {days:.0f} days.")


def _check(addresses: list[str] | None) -> tuple[str, ...]:
    for address in addresses or ():
        if not ADDRESS.fullmatch(address):
            raise typer.BadParameter(f"{address!r} is not host:port")
    return tuple(addresses or ())


def read_tools(given: list[str] | None) -> "list[Tool]":
    """Read tools from NAME=URL; raises BadParameter for one that is none."""
    from sake_ray.cli.gateway import TITLES, describe_tool, is_tool_address

    tools = []
    for name, _, url in (one.partition("=") for one in given or ()):
        if name not in TITLES or not is_tool_address(url):
            raise typer.BadParameter(f"{name}={url} is not one of {', '.join(TITLES)} with http://host:port")
        path = Path(os.environ.get("RAY_AUTH_TOKEN_PATH", ""))
        token = path.read_text(encoding="utf-8").strip() if name == "ray" and path.is_file() else ""
        tools.append(describe_tool(name, url, ray_token=token))
    return tools


def _check_key(settings: "Settings") -> None:
    path = find_screens_key(settings)
    if not path.exists():
        raise SetupError("gateway-key-missing", path=path)
