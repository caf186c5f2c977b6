"""A real Prometheus answers every expression of every dashboard."""

import re
from collections.abc import Iterator

import httpx
import pytest

from sake_ray.metrics import METRICS
from sake_ray.serve.measures import MEASURES
from tests.grafana.asking import ask, list_asked, list_names, list_panels, read_dashboards
from tests.grafana.conftest import NOW
from tests.grafana.example_metrics import list_series
from tests.live_prometheus import run_prometheus
from tests.monitoring.rule_tests import load_rules

DASHBOARDS = read_dashboards()
NOTHING_WRONG = {"Faults of the ledger", "What fires"}
"""Panels that are rightly empty on a good day."""
OF_OTHERS = {"SessionName", "NodeAddress", "deployment", "job", "instance", "part", "le"}
"""Labels that Ray and Prometheus add."""
each = pytest.mark.parametrize("uid", DASHBOARDS)


@each
def test_every_expression_is_answered_and_shows_something_after_a_day(uid: str, day: httpx.Client) -> None:
    for panel in list_panels(DASHBOARDS[uid]):
        for answer in ask(day, panel, now=NOW):
            where = f"{panel['title']}: {answer.target['expr']}"
            assert not answer.error, f"{where}: {answer.error}"
            assert answer.series or panel["title"] in NOTHING_WRONG, where


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """Asks a Prometheus that has measured nothing."""
    with (
        run_prometheus(tmp_path_factory.mktemp("nothing")) as url,
        httpx.Client(base_url=url, trust_env=False, timeout=300) as http,
    ):
        yield http


@each
def test_before_anything_was_measured_panels_are_empty_or_say_zero(uid: str, nothing: httpx.Client) -> None:
    for panel in list_panels(DASHBOARDS[uid]):
        for answer in ask(nothing, panel, now=NOW):
            assert not answer.error, (panel["title"], answer.error)
            assert not answer.series or answer.is_zero, (panel["title"], answer.series)


@each
def test_a_figure_of_one_value_is_never_two(uid: str, day: httpx.Client) -> None:
    """Over all replicas: one series, whatever Ray adds to it."""
    for panel in list_panels(DASHBOARDS[uid]):
        if panel["type"] == "stat":
            (answer,) = ask(day, panel, now=NOW)
            assert len(answer.series) == 1, (panel["title"], answer.series)


@each
def test_what_changed_is_marked_when_it_did(uid: str, day: httpx.Client) -> None:
    for mark in DASHBOARDS[uid]["annotations"]["list"]:
        query = {"query": mark["expr"], "start": NOW - 86400, "end": NOW, "step": 60}
        answer = day.post("/api/v1/query_range", data=query).json()
        (found,) = answer["data"]["result"]
        assert 1 <= len(found["values"]) <= 4, mark["name"]


def test_the_example_knows_every_metric_that_is_asked_for() -> None:
    known = {series.name for series in list_series(NOW)}
    assert list_asked() - known == set()


def test_what_rules_record_for_the_dashboards_they_record() -> None:
    recorded = {rule["record"] for rule in load_rules() if "record" in rule}
    assert {name for name in list_asked() if name.startswith("sake:")} <= recorded


def test_every_metric_is_in_a_dashboard_a_rule_or_on_the_page_monitoring() -> None:
    marks = [mark for dashboard in DASHBOARDS.values() for mark in dashboard["annotations"]["list"]]
    asked = [*(mark["expr"] for mark in marks), *(rule["expr"] for rule in load_rules())]
    text = " ".join([*list_asked(), *asked, *(measure.expression for measure in MEASURES)])
    assert [
        metric.exposed
        for metric in METRICS.values()
        if not re.search(rf"\b{metric.exposed}(_bucket|_count|_sum)?\b", text)
    ] == []


def test_nothing_is_shown_of_the_sums_that_ray_only_estimates() -> None:
    shown = list_asked() | {name for measure in MEASURES for name in list_names(measure.expression)}
    assert {name for name in shown if name.startswith("ray_") and name.endswith("_sum")} == set()


def test_the_example_is_made_of_metrics_labels_and_buckets_that_there_are() -> None:
    table = {metric.exposed: metric for metric in METRICS.values()}
    for series in list_series(NOW):
        if "sake_" not in series.name:
            continue
        metric = table.get(series.name) or table[re.sub("_(bucket|sum|count)$", "", series.name)]
        labels = {name: value for name, value in series.labels.items() if name not in OF_OTHERS}
        assert labels.keys() == metric.labels.keys(), series.name
        for name, value in labels.items():
            values = metric.labels[name]
            assert not isinstance(values, tuple) or value in values, (series.name, name, value)
        assert float(series.labels.get("le", "inf")) in {*metric.buckets, float("inf")}, series
