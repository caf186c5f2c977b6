"""What Prometheus would read of a process."""

import re

from prometheus_client import generate_latest

from sake_ray.metrics.exposition import PrometheusInstruments

SERIES = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)
LABEL = re.compile(r'(\w+)="([^"]*)"')


def scrape(instruments: PrometheusInstruments) -> dict[str, float]:
    """Each series as it is written, with its value."""
    text = generate_latest(instruments.registry).decode()
    return {f"{name}{{{labels}}}" if labels else name: float(value) for name, labels, value in SERIES.findall(text)}


def read(instruments: PrometheusInstruments, name: str, **labels: str) -> float | None:
    """The value of one series; None where there is none."""
    text = generate_latest(instruments.registry).decode()
    for found, written, value in SERIES.findall(text):
        if found == name and dict(LABEL.findall(written)) == labels:
            return float(value)
    return None
