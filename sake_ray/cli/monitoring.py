"""Prepare Prometheus, Alertmanager and the exporter of this machine's metrics to run beside the service, by the settings."""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from sake_ray.cli.monitoring_config import RAY_LINK, find_folder, make_monitoring_config
from sake_ray.cli.screens import SECRETS
from sake_ray.cli.sidecars import Sidecar
from sake_ray.errors import SetupError
from sake_ray.gateway.config import Tool
from sake_ray.jobs.local_ray import find_discovery_file
from sake_ray.monitoring.config import AlertReceivers
from sake_ray.monitoring.render import write_monitoring
from sake_ray.settings import Settings

PROGRAMS = {
    "prometheus": "prometheus", "promtool": "prometheus", "prometheus-alertmanager": "prometheus-alertmanager",
    "amtool": "prometheus-alertmanager", "prometheus-node-exporter": "prometheus-node-exporter",
}  # fmt: skip
"""What is run, as Debian calls it, and the package that has it."""
MARK = "SAKE_MONITORING"
"""The environment variable by which the programs of a home are known, also when `sake up` was killed."""


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


def end_left_monitoring(settings: Settings) -> None:
    """End the programs that a killed `sake up` left behind. Until the next start they go on, and tell that it is gone."""
    left = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get(MARK) == str(settings.home):
                process.kill()
                left.append(process)
    psutil.wait_procs(left, timeout=5)


def _list_tools(settings: Settings) -> tuple[Tool, ...]:
    from sake_ray.cli.gateway import PROMETHEUS_READS  # with what nginx needs, which only the gateway does

    return (
        Tool("prometheus", f"http://127.0.0.1:{settings.prometheus_port}", changes=PROMETHEUS_READS),
        Tool("alertmanager", f"http://127.0.0.1:{settings.alertmanager_port}", changes=""),
    )


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
