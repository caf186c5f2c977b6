"""A real Prometheus with what a test wants measured: by rules, by scraping, or written as history beforehand."""

import json
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from sake_ray.domain.measurements import Measurements
from sake_ray.schemas.measurements import MeasurementsOut
from tests.ports import free_port
from tests.waiting import wait_until

RULES = [
    {"record": "ray_sake_queue_depth", "expr": "vector(3)", "labels": {"replica": "a"}},
    {"record": "ray_sake_queue_oldest_seconds", "expr": "vector(0) / 0"},
    {
        "alert": "DocumentsNeedOps",
        "expr": "vector(1)",
        "labels": {"severity": "critical", "team": "ops"},
        "annotations": {"summary": "Two documents need ops.", "runbook_url": "docs/runbooks.md#needs-ops"},
    },
    {"alert": "Later", "expr": "vector(1)", "for": "1h", "labels": {"severity": "ticket"}},
]
"""Measured without anything to scrape: a figure, one that is no number, an alert that fires and one that soon may."""


@contextmanager
def run_prometheus(
    folder: Path,
    *,
    targets: Mapping[str, Sequence[str]] = {},
    scrapes: Sequence[Mapping[str, Any]] = (),
    rules: Sequence[Mapping[str, str | Mapping[str, str]]] = (),
    path: str = "",
    history: Path | None = None,
) -> Iterator[str]:
    """Run one for the duration of a block, which looks every second; its address without a path.

    `targets` are host:port by job, `scrapes` whole jobs, `rules` recording or alerting rules, `path` where it lives;
    `history` is a file in OpenMetrics form with the time of each sample.
    """
    folder.mkdir(parents=True, exist_ok=True)
    jobs = [{"job_name": job, "static_configs": [{"targets": list(those)}]} for job, those in targets.items()]
    config = {
        "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
        "rule_files": ["rules.yml"],
        "scrape_configs": [*jobs, *scrapes],
    }
    # JSON is YAML.
    (folder / "rules.yml").write_text(json.dumps({"groups": [{"name": "test", "rules": list(rules)}]}))
    (folder / "prometheus.yml").write_text(json.dumps(config))
    data = folder / "data"
    if history:
        command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(history), str(data)]
        subprocess.run(command, check=True, capture_output=True, text=True)
    address = f"127.0.0.1:{free_port()}"
    url, log = f"http://{address}", folder / "log"
    command = [
        "prometheus", f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={data}",
        f"--web.listen-address={address}", f"--web.external-url=https://localhost{path}/",
        "--storage.tsdb.retention.time=10y",
    ]  # fmt: skip
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        wait_until(lambda: _is_ready(f"{url}{path}/-/ready"), process=process, log=log.read_text)
        yield url
    finally:
        process.terminate()
        process.wait(60)


def has_measured(found: Measurements | MeasurementsOut) -> bool:
    """Whether both alerts of RULES, its figure and a scraped address are there."""
    return len(found.alerts) == 2 and len(found.parts) == 1 and bool(found.courses[0].points)


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
