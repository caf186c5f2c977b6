"""Make the sidecars of the screens: a process for each application."""

import sys
from collections.abc import Sequence

from sake_ray.cli.bootstrap import find_screens_key
from sake_ray.cli.service_state import to_reachable_host
from sake_ray.cli.sidecars import Sidecar
from sake_ray.settings import Settings

SECRETS = ("AWS_", "RAY_AUTH", "SAKE_RECORDS_URL", "SAKE_MLFLOW_URL")
"""Variables hidden from the screens: they have nothing but the token of whoever signed in, and the key that states
where that person is."""


BASES = {"user": "", "admin": "/admin-ui"}
"""Where each application lives behind the gateway."""


def make_screens(
    settings: Settings, api: str, others: Sequence[Sidecar] = (), *, gateway: Sequence[str] | None = None
) -> tuple[Sidecar, ...]:
    """Make the applications for people, which speak to the service at that address; none when they are switched off.

    The admin's link to Ray's dashboard, the tools that the settings name and the other sidecars, or behind the gateway to
    the tools that it has.
    """
    ports = {"user": settings.user_port, "admin": settings.admin_port} if settings.screens else {}
    metrics = {"user": settings.user_metrics_port, "admin": settings.admin_metrics_port}
    limits = ("--max-bytes", str(settings.read_bytes), "--max-pages", str(settings.read_pages))
    peers = ["--key-file", str(find_screens_key(settings))]
    peers += [f"--trusted-proxies={settings.trusted_proxies}"] if settings.trusted_proxies else []
    bases = dict.fromkeys(BASES, "") if gateway is None else BASES
    if gateway is None:
        links = {} if settings.ray_address else {"Ray": f"http://127.0.0.1:{settings.dashboard_port}"}
        links |= {"Grafana": settings.grafana_url, "Prometheus": settings.prometheus_url}
        links |= {other.name: other.url for other in others}
        more = {"user": [], "admin": [f"--link={name}={url}" for name, url in links.items() if url]}
    else:
        tools = [f"--link={name}=/{name.lower()}/" for name in gateway]
        more = {"user": ["--link=admin=/admin-ui/", *tools], "admin": tools}
    return tuple(
        Sidecar(
            f"Screens ({name})",
            f"http://{to_reachable_host(settings.host)}:{port}{bases[name]}",
            (
                sys.executable, "-m", "frontends.server", name, "--api", api, "--host", settings.host, "--port", str(port),
                "--metrics-port", str(metrics[name]), "--metrics-host", settings.metrics_host,
                *limits,
                *peers,
                *more[name],
                *([f"--base={bases[name]}"] if bases[name] else []),
            ),
            settings.home / "logs" / f"screens-{name}.log",
            hidden=SECRETS,
        )
        for name, port in ports.items()
    )  # fmt: skip
