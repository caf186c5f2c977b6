"""A real Prometheus and Alertmanager on our rules, with time that runs faster: what takes a minute takes a second."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx

from sake_ray.cli import monitoring
from sake_ray.cli.sidecars import run_sidecars
from sake_ray.settings import Settings
from tests.ports import free_ports
from tests.receiver import Receiver
from tests.waiting import wait_until

MAX_HOLD, MAX_WINDOW = 2, 4
SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


@dataclass
class Watching:
    """The addresses of the two, and who is told."""

    prometheus: str
    alertmanager: str
    told: Receiver

    def alerts(self) -> list[dict[str, Any]]:
        """What the receiver was told, alert by alert, in order."""
        return [alert for _, body in list(self.told.received) for alert in json.loads(body)["alerts"]]

    def has_told(self, name: str, status: str = "firing", *, since: int = 0) -> bool:
        """Whether it was told of an alert, in what came after the first `since` alerts."""
        return any((alert["labels"]["alertname"], alert["status"]) == (name, status) for alert in self.alerts()[since:])

    def ask(self, query: str) -> list[Any]:
        """What Prometheus answers."""
        answer = httpx.get(f"{self.prometheus}/api/v1/query", params={"query": query}, trust_env=False)
        found: list[Any] = answer.json()["data"]["result"]
        return found

    def list_suppressed(self) -> set[str]:
        """The alerts that another one silences."""
        answer = httpx.get(f"{self.alertmanager}/api/v2/alerts", params={"active": "false"}, trust_env=False)
        return {alert["labels"]["alertname"] for alert in answer.json() if alert["status"]["inhibitedBy"]}


def settings_of(home: Path, **changes: Any) -> Settings:
    """Settings with ports that are free."""
    names = ("prometheus_port", "alertmanager_port", "node_exporter_port", "keeper_metrics_port")
    return Settings(home=home, screens=False, scrape_seconds=1).model_copy(
        update=dict(zip(names, free_ports(len(names)), strict=True)) | changes
    )


@contextmanager
def watch(settings: Settings, told: Receiver, targets: dict[str, int]) -> Iterator[Watching]:
    """Run them for the duration of the block; they ask these ports, by their jobs."""
    prepared = monitoring.prepare_monitoring(
        settings.model_copy(update={"alert_webhook_url": told.url()}), gateway=False
    )
    hasten(prepared.folder, targets)
    with run_sidecars([replace(sidecar, hidden=()) for sidecar in prepared.pages]):
        for url in (prepared.prometheus.url, prepared.alertmanager.url):
            wait_until(lambda url=url: is_ready(url), log=prepared.prometheus.log.read_text)  # type: ignore[misc]
        yield Watching(prepared.prometheus.url, prepared.alertmanager.url, told)


def hasten(folder: Path, targets: dict[str, int]) -> None:
    """Shorten what rules wait for, and have others asked."""
    for path in (folder / "rules").glob("*.yml"):
        text = path.read_text()
        text = re.sub(r"(for|interval): (\d+)([smhd])", lambda m: f"{m[1]}: {_shorten(m[2], m[3], MAX_HOLD)}s", text)
        text = re.sub(r"\[(\d+)([smhd])\]", lambda m: f"[{_shorten(m[1], m[2], MAX_WINDOW, least=3)}s]", text)
        path.write_text(
            re.sub(r"offset (\d+)([smhd])", lambda m: f"offset {_shorten(m[1], m[2], MAX_WINDOW, least=3)}s", text)
        )
    told = folder / "alertmanager.yml"
    text = re.sub(r"group_wait: \S+", "group_wait: 0s", told.read_text())
    told.write_text(re.sub(r"group_interval: \S+", "group_interval: 1s", text))
    asked = folder / "prometheus.yml"
    settings = asked.read_text()
    jobs = "".join(
        f"- job_name: {job}\n  honor_labels: true\n  static_configs:\n  - targets: ['127.0.0.1:{port}']\n"
        "    labels: {host: 127.0.0.1}\n"
        for job, port in targets.items()
    )
    asked.write_text(settings[: settings.index("scrape_configs:")] + "scrape_configs:\n" + jobs)


def _shorten(number: str, unit: str, most: int, *, least: int = 1) -> int:
    return max(least, min(most, int(number) * SECONDS[unit] // 60))


def is_ready(url: str) -> bool:
    """Whether one of them answers."""
    try:
        return httpx.get(f"{url}/-/ready", trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False
