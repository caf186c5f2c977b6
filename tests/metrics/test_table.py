"""The table of the metrics: whole, bounded, and what the guide shows."""

import re
import sys
import threading
from pathlib import Path

import httpx
import pytest

from sake_ray.cli.job_execution import WORK_BY_KIND
from sake_ray.data.confinement.confine import LAYERS
from sake_ray.errors import SetupError
from sake_ray.gateway.request_log import STATES
from sake_ray.ledger import SEVERITIES
from sake_ray.metrics import METRICS, Exporter, Kind
from sake_ray.metrics.exposition import PrometheusInstruments, serve_metrics
from sake_ray.metrics.instruments import start_counters
from sake_ray.metrics.metric import MORE, AnyOf
from sake_ray.metrics.page import replace_tables
from tests.metrics.scraped import read, scrape
from tests.ports import free_port
from tests.waiting import PATIENCE

TOP = Path(__file__).parents[2]
MAX_SERIES = 3_000
REASONS_OF_PROXY = 4
"""Why it refuses uploads and sign-ins itself: too slow, too large, without a token."""
READERS, DEPLOYMENTS, SCREENS = 8, 3, 2
"""Of a large machine: documents read at a time, other replicas, applications for people."""


def test_the_guide_shows_the_table() -> None:
    """`make contract` makes it again."""
    page = (TOP / "docs/metrics.md").read_text(encoding="utf-8")
    assert replace_tables(page) == page
    assert all(f"| `{metric.exposed}` |" in page for metric in METRICS.values())


def test_a_node_exports_at_most_three_thousand_series() -> None:
    times = {Exporter.ETL: READERS, Exporter.DEPLOYMENT: READERS + DEPLOYMENTS, Exporter.SCREENS: SCREENS}
    own = sum(metric.most_series * times.get(metric.exporter, 1) for metric in METRICS.values())
    assert own + REASONS_OF_PROXY <= MAX_SERIES


def test_as_many_series_are_exported_as_the_table_says() -> None:
    for name, metric in METRICS.items():
        instruments = PrometheusInstruments()
        for labels in combine(metric.labels):
            {Kind.COUNTER: instruments.count, Kind.GAUGE: instruments.set, Kind.HISTOGRAM: instruments.observe}[
                metric.kind
            ](name, 1, **labels)
        assert len(scrape(instruments)) <= metric.most_series, name


def combine(labels):  # type: ignore[no-untyped-def]
    """All combinations of values, and of open ones some more than there may be."""
    found = [{}]
    for label, values in labels.items():
        many = [f"v{number}" for number in range(values.most + 5)] if isinstance(values, AnyOf) else values
        if isinstance(values, AnyOf) and not values.most:
            found = [{**one, label: f"of {''.join(one.values())}"} for one in found]
        else:
            found = [{**one, label: value} for one in found for value in many]
    return found


def test_names_say_the_unit_and_counters_are_totals() -> None:
    for metric in METRICS.values():
        assert re.fullmatch(r"[a-z][a-z0-9_]*[a-z0-9]", metric.name)
        assert metric.exposed.endswith("_total") == (metric.kind is Kind.COUNTER)
        assert metric.name.endswith("_seconds") == (metric.unit == "seconds"), metric.name
        assert metric.name.endswith("_bytes") == (metric.unit == "bytes"), metric.name
        assert list(metric.buckets) == sorted(metric.buckets)
        assert bool(metric.buckets) == (metric.kind is Kind.HISTOGRAM)
        assert metric.meaning.endswith((".", "?"))
        assert metric.action.endswith(".")


def test_labels_have_the_values_that_the_program_knows() -> None:
    assert METRICS["reader_confined"].labels["layer"] == LAYERS
    assert METRICS["jobs"].labels["kind"] == tuple(WORK_BY_KIND)
    assert METRICS["gateway_connections"].labels["state"] == STATES
    kinds = METRICS["ledger_faults"].labels["kind"]
    assert isinstance(kinds, AnyOf)
    assert len(SEVERITIES) <= kinds.most


MADE_OF_PARTS = {name for name in METRICS if name.startswith("watch_")} | {"sign_ins_refused"}


def test_every_metric_of_the_table_is_set_somewhere() -> None:
    files = [*(TOP / "sake_ray").rglob("*.py"), *(TOP / "frontends").rglob("*.py")]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files if file.parent.name != "metrics")
    assert {name for name in METRICS if f'"{name}"' not in text} == MADE_OF_PARTS


def test_values_beyond_the_bound_are_one_and_those_known_stay() -> None:
    instruments = PrometheusInstruments()
    for number in range(60):
        instruments.count("documents_to_review", label=f"label {number}")
    instruments.count("documents_to_review", label="label 0")
    name, most = "sake_documents_to_review_total", 25
    assert read(instruments, name, label="label 0") == 2
    assert read(instruments, name, label=MORE) == 60 - most


def test_a_label_that_goes_with_a_bounded_one_is_bounded_with_it() -> None:
    instruments = PrometheusInstruments()
    for number in range(40):
        instruments.set("watch_away", 1, place="inbox", team=f"team {number}")
    assert read(instruments, "sake_watch_away", place="inbox", team="team 0") == 1
    assert read(instruments, "sake_watch_away", place=MORE, team=MORE) == 1
    assert len(scrape(instruments)) == 31


def test_a_value_that_the_table_does_not_name_is_one_of_more() -> None:
    instruments = PrometheusInstruments()
    for status in ("0xx", "7xx", "8xx", "2xx"):
        instruments.count("screens_requests", status=status)
    assert read(instruments, "sake_screens_requests_total", status=MORE) == 3
    assert read(instruments, "sake_screens_requests_total", status="2xx") == 1


def set_labels(instruments: PrometheusInstruments, counts: dict[str, int]) -> None:
    instruments.set_all(
        "documents", [({"status": "COMPLETED", "label": label}, count) for label, count in counts.items()]
    )


def count_label(instruments: PrometheusInstruments, label: str) -> float | None:
    return read(instruments, "sake_documents", status="COMPLETED", label=label)


def test_what_a_gauge_says_beyond_the_bound_is_added_up() -> None:
    instruments = PrometheusInstruments()
    set_labels(instruments, {f"label {number}": number for number in range(28)})
    assert count_label(instruments, "label 24") == 24
    assert count_label(instruments, MORE) == 25 + 26 + 27


def test_labels_that_a_gauge_had_before_stay_and_those_that_are_gone_make_room() -> None:
    instruments = PrometheusInstruments()
    set_labels(instruments, {f"label {number}": 1 for number in range(25)})
    set_labels(instruments, {"new": 5, "newer": 7} | {f"label {number}": 1 for number in range(1, 25)})
    assert [count_label(instruments, label) for label in ("label 0", "label 1", "new", MORE)] == [None, 1, 5, 7]


def test_what_has_the_same_labels_is_one() -> None:
    instruments, inbox = PrometheusInstruments(), {"place": "inbox", "team": "paris"}
    instruments.set_all("watch_away", [(inbox, 1), (inbox, 0)], fold=max)
    assert scrape(instruments) == {'sake_watch_away{place="inbox",team="paris"}': 1}


def test_counters_whose_labels_are_known_begin_at_0() -> None:
    for exporter in Exporter:
        instruments = PrometheusInstruments()
        start_counters(instruments, exporter)
        counters = [m for m in METRICS.values() if m.kind is Kind.COUNTER and m.exporter is exporter]
        known = [m for m in counters if not any(isinstance(values, AnyOf) for values in m.labels.values())]
        series = scrape(instruments)
        assert set(series.values()) <= {0}
        assert len(series) == sum(metric.most_series for metric in known)
        assert not [metric.name for metric in known if metric.absent]


def test_threads_may_use_a_metric_for_the_first_time_at_once() -> None:
    failed: list[Exception] = []

    def use() -> None:
        try:
            barrier.wait(PATIENCE)
            for name in gauges:
                instruments.set(name, 1)
                instruments.forget(name)
        except Exception as error:
            failed.append(error)

    gauges = [name for name, metric in METRICS.items() if metric.kind is Kind.GAUGE and not metric.labels]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for _ in range(20):
            instruments, barrier = PrometheusInstruments(), threading.Barrier(4)
            threads = [threading.Thread(target=use) for _ in range(4)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(PATIENCE)
    finally:
        sys.setswitchinterval(interval)
    assert not failed


def test_metrics_are_served_on_this_machine_with_those_of_the_process() -> None:
    instruments, port = PrometheusInstruments(), free_port()
    instruments.count("screens_errors", 0)
    with serve_metrics(instruments, port):
        text = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
        assert "\nsake_screens_errors_total 0.0\n" in text
        assert "\nprocess_resident_memory_bytes " in text
        with (
            pytest.raises(SetupError, match="KEEPER_METRICS_PORT"),
            serve_metrics(PrometheusInstruments(), port, setting="KEEPER_METRICS_PORT"),
        ):
            pass
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)


def test_metrics_are_served_on_another_address_where_that_is_asked_for() -> None:
    port = free_port()
    with serve_metrics(PrometheusInstruments(), port, host="127.0.0.2"):
        assert httpx.get(f"http://127.0.0.2:{port}/metrics", trust_env=False).status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)


def test_on_port_0_nothing_is_served() -> None:
    instruments = PrometheusInstruments()
    with serve_metrics(instruments, 0):
        assert scrape(instruments) == {}
