"""A day on which nothing happened: no panel shows what is no number, and all dashboards can be drawn."""

import math
from collections.abc import Iterator
from dataclasses import replace

import httpx
import pytest

from scripts.dashboard_pictures import to_series
from scripts.dashboards.drawing import draw
from tests.grafana.asking import Answer, ask, list_panels, read_dashboards
from tests.grafana.conftest import NOW
from tests.grafana.example_metrics import Series, list_series, write_series
from tests.live_prometheus import run_prometheus

DASHBOARDS = read_dashboards()
COUNTS = ("_total", "_bucket", "_count", "_sum")
each = pytest.mark.parametrize("uid", DASHBOARDS)


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Asks a Prometheus of which all counters and histograms stand still."""
    folder = tmp_path_factory.mktemp("quiet")
    write_series(folder / "day.txt", map(stand_still, list_series(NOW)), now=NOW, hours=1)
    with (
        run_prometheus(folder, history=folder / "day.txt") as url,
        httpx.Client(base_url=url, trust_env=False, timeout=300) as http,
    ):
        yield http


def stand_still(series: Series) -> Series:
    return replace(series, value=lambda _: series.value(24)) if series.name.endswith(COUNTS) else series


@each
def test_every_point_is_a_number(uid: str, quiet: httpx.Client) -> None:
    for panel in list_panels(DASHBOARDS[uid]):
        for answer in ask(quiet, panel, now=NOW, hours=1):
            values = [value for _, points in answer.series for _, value in points]
            assert all(map(math.isfinite, values)), (panel["title"], answer.target["expr"])


@each
def test_it_can_be_drawn(uid: str, quiet: httpx.Client) -> None:
    answers = {
        panel["id"]: [one for answer in ask(quiet, panel, now=NOW) for one in to_series(panel, answer)]
        for panel in list_panels(DASHBOARDS[uid])
    }
    assert "</main>" in draw(DASHBOARDS[uid], answers, [])


def test_a_series_without_a_number_is_not_drawn() -> None:
    points = {"nothing": (math.nan, math.nan), "something": (math.nan, 2.0)}
    series = tuple(({"name": name}, tuple(enumerate(values))) for name, values in points.items())
    answer = Answer({"legendFormat": "{{name}}"}, series)
    assert list(to_series({"transformations": []}, answer)) == [("something", [(1, 2.0)])]
