"""A Prometheus that knows a day of an office."""

import time
from collections.abc import Iterator

import httpx
import pytest

from tests.grafana.example_metrics import write_day
from tests.live_prometheus import run_prometheus

NOW = float(round(time.time()) - 60)


@pytest.fixture(scope="session")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Asks it."""
    folder = tmp_path_factory.mktemp("day")
    write_day(folder / "day.txt", now=NOW)
    with (
        run_prometheus(folder, history=folder / "day.txt") as url,
        httpx.Client(base_url=url, trust_env=False, timeout=300) as http,
    ):
        yield http
