"""Prepare Prometheus, Alertmanager and the exporter of this machine's metrics to run beside the service, by the settings."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from sake_ray.cli.screens import SECRETS
from sake_ray.cli.sidecars import Sidecar
from sake_ray.errors import SetupError
from sake_ray.gateway.config import Tool
from sake_ray.jobs.local_ray import find_discovery_file
from sake_ray.monitoring.config import (
    AlertReceivers,
    EmailReceiver,
    MonitoringConfig,
    RayDashboard,
    RayFile,
    ScrapeTarget,
)
from sake_ray.monitoring.render import write_monitoring
from sake_ray.settings import Settings

PROGRAMS = {
    "prometheus": "prometheus", "promtool": "prometheus", "prometheus-alertmanager": "prometheus-alertmanager",
    "amtool": "prometheus-alertmanager", "prometheus-node-exporter": "prometheus-node-exporter",
}  # fmt: skip
"""What is run, as Debian calls it, and the package that has it."""
MARK = "SAKE_MONITORING"
"""The environment variable by which the programs of a home are known, also when `sake up` was killed."""
RAY_LINK = "ray.json"


@dataclass(frozen=True, slots=True)
class PreparedMonitoring:
    """A monitoring that can be started: its programs, and those of them that are tools behind a gateway."""

    folder: Path
    prometheus: Sidecar
    alertmanager: Sidecar
    machine: Sidecar
    tools: tuple[Tool, ...]
    tells: bool
    """Whether alerts are told to anybody."""

    @property
    def pages(self) -> tuple[Sidecar, ...]:
        """The programs that have pages for people."""
        return self.prometheus, self.alertmanager

    @property
    def sidecars(self) -> tuple[Sidecar, ...]:
        """All programs."""
        return (*self.pages, self.machine)

    def follow_ray(self, settings: Settings) -> None:
        """Lead Prometheus to the list of what Ray exports, in the folder of the Ray that has just been started."""
        if not settings.ray_address:
            link = self.folder / RAY_LINK
            link.unlink(missing_ok=True)
            link.symlink_to(find_discovery_file(settings.home / "run"))


def prepare_monitoring(settings: Settings, *, gateway: bool) -> PreparedMonitoring:
    """Write the files of the monitoring, and have the programs check them.

    Raises SetupError when a program, the metrics of `sake up` itself or a file with a secret is missing, or something of the
    settings cannot be used.
    """
    if not settings.keeper_metrics_port:
        raise SetupError("monitoring-without-keeper")
    programs = _find_programs()
    folder = find_folder(settings)
    bases = ("/prometheus", "/alertmanager") if gateway else ("", "")
    config = make_monitoring_config(settings, *bases)
    write_monitoring(folder, config)
    if not (link := folder / RAY_LINK).exists():
        link.unlink(missing_ok=True)  # it led to a Ray that has ended, and promtool refuses what leads nowhere
    _check([programs["promtool"], "check", "config", str(folder / "prometheus.yml")])
    _check([programs["amtool"], "check-config", str(folder / "alertmanager.yml")])
    prometheus = _make_prometheus(settings, programs["prometheus"], folder, bases[0])
    alertmanager = _make_alertmanager(settings, programs["prometheus-alertmanager"], folder, bases[1])
    machine = _make_machine(settings, programs["prometheus-node-exporter"])
    return PreparedMonitoring(
        folder,
        prometheus,
        alertmanager,
        machine,
        _list_tools(settings) if gateway else (),
        config.receivers != AlertReceivers(),
    )


def find_folder(settings: Settings) -> Path:
    """Find the folder of the configuration."""
    return settings.home / "run" / "monitoring"


def end_left_monitoring(settings: Settings) -> None:
    """End the programs that a killed `sake up` left behind. Until the next start they go on, and tell that it is gone."""
    left = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get(MARK) == str(settings.home):
                process.kill()
                left.append(process)
    psutil.wait_procs(left, timeout=5)


def make_monitoring_config(settings: Settings, prometheus_path: str, alertmanager_path: str) -> MonitoringConfig:
    """Put together what a monitoring is made from. Raises SetupError when a file with a secret is missing."""
    here = "127.0.0.1"
    targets = [
        ScrapeTarget("prometheus", f"{here}:{settings.prometheus_port}", f"{prometheus_path}/metrics"),
        ScrapeTarget("alertmanager", f"{here}:{settings.alertmanager_port}", f"{alertmanager_path}/metrics"),
        ScrapeTarget("node", f"{here}:{settings.node_exporter_port}"),
    ]
    ports = {"keeper": settings.keeper_metrics_port}
    if settings.screens:
        ports |= {"screens-user": settings.user_metrics_port, "screens-admin": settings.admin_metrics_port}
    targets += [ScrapeTarget(job, f"{here}:{port}") for job, port in ports.items() if port]
    if settings.postgres_exporter:
        targets.append(ScrapeTarget("postgresql", settings.postgres_exporter))
    return MonitoringConfig(
        targets=tuple(targets),
        ray=_find_ray(settings),
        alertmanager=f"{here}:{settings.alertmanager_port}",
        alertmanager_path=alertmanager_path,
        receivers=find_receivers(settings),
        seconds=settings.scrape_seconds,
        runbooks=settings.alert_runbooks,
    )


def find_receivers(settings: Settings) -> AlertReceivers:
    """Find whom alerts are told to; raises SetupError for a file of a secret that cannot be read."""
    return AlertReceivers(
        slack_file=_find_secret(settings, "alert_slack_file"),
        slack_channel=settings.alert_slack_channel,
        email=_find_email(settings),
        webhook_url=settings.alert_webhook_url,
        webhook_token_file=_find_secret(settings, "alert_webhook_token_file"),
    )


def _list_tools(settings: Settings) -> tuple[Tool, ...]:
    from sake_ray.cli.gateway import PROMETHEUS_READS  # with what nginx needs, which only the gateway does

    return (
        Tool("prometheus", f"http://127.0.0.1:{settings.prometheus_port}", changes=PROMETHEUS_READS),
        Tool("alertmanager", f"http://127.0.0.1:{settings.alertmanager_port}", changes=""),
    )


def _find_email(settings: Settings) -> EmailReceiver | None:
    if not settings.alert_email:
        return None
    return EmailReceiver(
        settings.alert_email,
        settings.alert_smtp,
        settings.alert_smtp_from,
        settings.alert_smtp_user,
        _find_secret(settings, "alert_smtp_password_file"),
        settings.alert_smtp_tls,
    )


def _find_secret(settings: Settings, name: str) -> Path | None:
    """Alertmanager looks at these files only when it wants to tell somebody: too late to hear that one is missing."""
    given = getattr(settings, name)
    if not given:
        return None
    path = Path(given).expanduser().absolute()
    try:
        if path.read_text(encoding="utf-8").strip():
            return path
        reason = "it is empty"
    except (OSError, UnicodeDecodeError) as error:
        reason = (error.strerror or "?") if isinstance(error, OSError) else "it is not text"
    raise SetupError("alert-secret-unreadable", setting=name.upper(), file=path, error=reason)


def _find_ray(settings: Settings) -> RayFile | RayDashboard:
    if not settings.ray_address:
        return RayFile(find_folder(settings) / RAY_LINK)
    token = Path(os.environ.get("RAY_AUTH_TOKEN_PATH") or "~/.ray/auth_token").expanduser().absolute()
    return RayDashboard(f"http://127.0.0.1:{settings.dashboard_port}", token if token.exists() else None)


def _make_prometheus(settings: Settings, program: str, folder: Path, base: str) -> Sidecar:
    address, data = f"127.0.0.1:{settings.prometheus_port}", settings.home / "prometheus"
    command = (
        program,
        f"--config.file={folder / 'prometheus.yml'}",
        f"--storage.tsdb.path={data}",
        f"--storage.tsdb.retention.time={settings.prometheus_days}d",
        f"--storage.tsdb.retention.size={settings.prometheus_mb}MB",
        f"--web.listen-address={address}",
        *_place(settings, base, address),
    )
    return _make_sidecar("Prometheus", f"http://{address}{base}", command, settings.home / "logs/prometheus.log")


def _make_alertmanager(settings: Settings, program: str, folder: Path, base: str) -> Sidecar:
    address = f"127.0.0.1:{settings.alertmanager_port}"
    command = (
        program,
        f"--config.file={folder / 'alertmanager.yml'}",
        f"--storage.path={settings.home / 'alertmanager'}",
        f"--web.listen-address={address}",
        "--cluster.listen-address=",  # it is the only one
        *_place(settings, base, address),
    )
    return _make_sidecar("Alertmanager", f"http://{address}{base}", command, settings.home / "logs/alertmanager.log")


def _make_machine(settings: Settings, program: str) -> Sidecar:
    address = f"127.0.0.1:{settings.node_exporter_port}"
    command = (program, f"--web.listen-address={address}", "--no-collector.systemd")
    return _make_sidecar(
        "Node exporter", f"http://{address}/metrics", command, settings.home / "logs/node-exporter.log"
    )


def _make_sidecar(name: str, url: str, command: tuple[str, ...], log: Path) -> Sidecar:
    return Sidecar(name, url, command, log, {MARK: str(log.parents[1])}, SECRETS)


def _place(settings: Settings, base: str, address: str) -> Iterator[str]:
    """Say where people find the program: alerts have links to it."""
    public = settings.alert_address or f"http://{address}"
    if base and not settings.alert_address:
        from sake_ray.cli.gateway import find_gateway_url

        public = find_gateway_url(settings)
    yield f"--web.external-url={public}{base}/"
    yield f"--web.route-prefix={base}/"


def _find_programs() -> dict[str, str]:
    found = {program: shutil.which(program) for program in PROGRAMS}
    if missing := sorted({PROGRAMS[program] for program, path in found.items() if path is None}):
        raise SetupError("monitoring-programs-missing", packages=" ".join(missing))
    return {program: path for program, path in found.items() if path}


def _check(command: list[str]) -> None:
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    if checked.returncode:
        said = [
            line.strip()
            for line in (checked.stdout + checked.stderr).splitlines()
            if "FAILED" in line or "error" in line
        ]
        raise SetupError("monitoring-refused", error=said[-1] if said else f"exit code {checked.returncode}")
