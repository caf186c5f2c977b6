"""Prepare nginx to run as the gateway beside the service, by the settings."""

import grp
import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import psutil

from sake_ray.cli.bootstrap import find_cpus, find_screens_key
from sake_ray.cli.certificate import GatewayFiles, find_files, provide_certificate
from sake_ray.cli.environment import ADMIN_PLACES
from sake_ray.cli.service_state import to_reachable_host
from sake_ray.cli.sidecars import Sidecar
from sake_ray.errors import SetupError
from sake_ray.gateway.certificates import install_certificate
from sake_ray.gateway.config import BodyLimits, GatewayConfig, Tool
from sake_ray.gateway.render import prove_gateway, write_gateway
from sake_ray.gateway.request_log import RequestListener
from sake_ray.jobs.local_ray import ensure_token
from sake_ray.serve.middleware import MULTIPART_BYTES, OTHER_BYTES, SIGN_IN_BYTES
from sake_ray.serve.tokens import load_key
from sake_ray.settings import Settings

NAME = "Gateway"
TITLES = {
    "grafana": "Grafana", "mlflow": "MLflow", "ray": "Ray", "prometheus": "Prometheus", "alertmanager": "Alertmanager",
}  # fmt: skip
MLFLOW_READS = "/(search|search-[a-z]+|graphql)$"
"""What MLflow's pages ask by POST and changes nothing. Models are promoted by the API, which notes who did it."""
PROMETHEUS_READS = "/api/v1/(query|query_range|query_exemplars|series|labels|format_query|parse_query)$"


@dataclass(frozen=True, slots=True)
class PreparedGateway:
    """A gateway that can be started: its program, its files, the names of the tools behind it."""

    sidecar: Sidecar
    files: GatewayFiles
    tools: tuple[str, ...]
    listener: RequestListener | None = None
    """What it tells of each request, if its metrics are exported."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """What a gateway stands in front of, each host:port; several share the work."""

    api: tuple[str, ...]
    user_screens: tuple[str, ...] = ()
    admin_screens: tuple[str, ...] = ()


def prepare_gateway(settings: Settings, addresses: Addresses, tools: Sequence[Tool]) -> PreparedGateway:
    """Write the files of the gateway, and have nginx check them.

    Raises SetupError when nginx is missing, or something of the settings cannot be used.
    """
    nginx = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:{ADMIN_PLACES}")
    if nginx is None:
        raise SetupError("nginx-missing")
    files = find_files(settings)
    provide_certificate(settings, files)
    install_certificate(files.certificate, files.key, files.installed)
    listener = RequestListener() if settings.keeper_metrics_port else None
    config = make_gateway_config(settings, addresses, tools)
    write_gateway(files.folder, replace(config, listener_port=listener.port if listener else 0))
    command = (nginx, "-e", "stderr", "-p", str(files.folder), "-c", str(files.folder / "nginx.conf"))
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    if checked.returncode:
        lines = checked.stderr.strip().splitlines()
        raise SetupError("nginx-refuses", error=next((line for line in lines if "[emerg]" in line), lines[-1]))
    logs = settings.home / "logs"
    sidecar = Sidecar(
        NAME, find_gateway_url(settings), command, logs / "nginx.log", own_logs=(logs / "nginx-failures.log",)
    )
    return PreparedGateway(sidecar, files, tuple(TITLES[tool.name] for tool in tools), listener)


def find_own_addresses(settings: Settings) -> Addresses:
    """Find the service and the screens of this machine."""
    host = to_reachable_host(settings.host)
    api = (f"{host}:{settings.port}",)
    if not settings.screens:
        return Addresses(api)
    return Addresses(api, (f"{host}:{settings.user_port}",), (f"{host}:{settings.admin_port}",))


def make_gateway_config(settings: Settings, addresses: Addresses, tools: Sequence[Tool]) -> GatewayConfig:
    """Put together what a gateway is made from."""
    return GatewayConfig(
        host=settings.gateway_host,
        port=settings.gateway_port,
        http_port=settings.gateway_http_port,
        api=addresses.api,
        user_screens=addresses.user_screens,
        admin_screens=addresses.admin_screens,
        proof=prove_gateway(load_key(find_screens_key(settings))),
        bodies=BodyLimits(SIGN_IN_BYTES, MULTIPART_BYTES, OTHER_BYTES, settings.read_bytes),
        log=settings.home / "logs" / "nginx-failures.log",
        tools=tuple(tools),
        trusted_proxies=settings.proxies,
        workers=min(find_cpus(settings), 4),
        user=find_worker_user(),
    )


def find_gateway_url(settings: Settings) -> str:
    """The address by which this machine reaches the gateway."""
    host = to_reachable_host(settings.gateway_host)
    return f"https://{'localhost' if host == '127.0.0.1' else host}:{settings.gateway_port}"


def end_left_gateway(settings: Settings) -> None:
    """End the nginx that a killed `sake up` left behind: it writes its own title, and is known by its folder."""
    folder = find_files(settings).folder
    with suppress(OSError, ValueError, psutil.Error):
        process = psutil.Process(int((folder / "nginx.pid").read_text()))
        if str(folder) in " ".join(process.cmdline()):
            family = [process, *process.children(recursive=True)]
            for member in family:
                member.kill()
            psutil.wait_procs(family, timeout=5)


def list_own_tools(settings: Settings, *, mlflow: bool, beside: Sequence[Tool] = ()) -> list[Tool]:
    """List the tools beside the service, those `beside` among them, and the others that the settings name."""
    own = {tool.name for tool in beside}
    tools = [*beside, *(tool for tool in list_named_tools(settings) if tool.name not in own)]
    if mlflow:
        tools.append(Tool("mlflow", f"http://127.0.0.1:{settings.mlflow_port}", changes=MLFLOW_READS))
    if not settings.ray_address:
        token = ensure_token(settings.home / "run").read_text(encoding="utf-8").strip()
        url = f"http://127.0.0.1:{settings.dashboard_port}"
        tools.append(Tool("ray", url, f"Bearer {token}", at_top=True, changes=""))
    return tools


def list_named_tools(settings: Settings) -> list[Tool]:
    """List the tools whose addresses the settings name; raises SetupError for one that is no address."""
    named = {"grafana": settings.grafana_url, "prometheus": settings.prometheus_url}
    for name, url in named.items():
        if url and not is_tool_address(url):
            raise SetupError("tool-address-invalid", setting=f"{name.upper()}_URL", url=url)
    return [describe_tool(name, url) for name, url in named.items() if url]


def describe_tool(name: str, url: str, *, ray_token: str = "") -> Tool:
    """Say of one of TOOLS that runs elsewhere how it is reached, and what of it may be asked."""
    match name:
        case "grafana":
            return Tool(name, url, cookies=("grafana_session",))
        case "prometheus":
            return Tool(name, url, changes=PROMETHEUS_READS)
        case "mlflow":  # its pages name everything relatively, so that they do without a path of their own
            return Tool(name, url, at_top=True, changes=MLFLOW_READS)
        case "ray":
            return Tool(name, url, f"Bearer {ray_token}" if ray_token else "", at_top=True, changes="")
        case _:
            return Tool(name, url, changes="")


def is_tool_address(url: str) -> bool:
    """Whether it is http(s)://host:port and nothing more."""
    parts = urlsplit(url)
    return parts.scheme in {"http", "https"} and bool(parts.netloc) and not parts.path.strip("/") and not parts.query


def find_worker_user() -> str:
    """Whom nginx's workers run as: as nobody where root starts it, else as ourselves, which needs no word."""
    if os.geteuid() != 0:
        return ""
    nobody = pwd.getpwnam("nobody")
    return f"{nobody.pw_name} {grp.getgrgid(nobody.pw_gid).gr_name}"
