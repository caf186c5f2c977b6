"""Every rule is tried by promtool, is told of in a runbook, and is silent where nothing is wrong."""

import re
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.monitoring.cases import NEEDED
from tests.monitoring.healthy import HEALTHY
from tests.monitoring.recorded import RECORDED
from tests.monitoring.rule_tests import FOLDER, RULES, load_rules, make_files

TOP = Path(__file__).parents[2]
ALERTS = {rule["alert"]: rule for rule in load_rules() if "alert" in rule}
METRIC = re.compile(r"\b(?:ray_sake|sake|ray_serve|node|pg|prometheus|alertmanager)_\w+")
OF_OURS = re.compile(r"\b(?:ray_)?sake_\w+?(?=_bucket\b|_count\b|_sum\b|\b)")


def expressions() -> str:
    """All expressions of all rules."""
    return "\n".join(rule["expr"] for rule in load_rules())


def test_files_of_the_tests_are_the_ones_made_from_the_cases() -> None:
    """`python -m tests.monitoring.rule_tests` makes them again."""
    assert {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.yml")} == make_files()


@pytest.mark.parametrize("name", sorted(path.name for path in FOLDER.glob("*.yml")))
def test_rules_do_what_is_expected_of_them(name: str) -> None:
    done = subprocess.run(["promtool", "test", "rules", FOLDER / name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_every_alert_is_seen_to_fire_to_resolve_and_not_to_fire() -> None:
    fires, resolves, does_not = set(), set(), set()
    for path in FOLDER.glob("*.yml"):
        for group in YAML(typ="safe", pure=True).load(path)["tests"]:
            looks = group.get("alert_rule_test", [])
            fired = [look["alertname"] for look in looks if look["exp_alerts"]]
            fires |= set(fired)
            if fired:
                resolves |= {looks[-1]["alertname"]} if not looks[-1]["exp_alerts"] else set()
            does_not |= {look["alertname"] for look in looks} if looks and not fired else set()
    assert fires == resolves == does_not == ALERTS.keys()


def test_every_recorded_series_is_computed_in_a_test() -> None:
    assert RECORDED.keys() == {rule["record"] for rule in load_rules() if "record" in rule}


def test_every_recorded_series_is_asked_for() -> None:
    """By a rule or a dashboard, or by people whom the guide tells of it."""
    asked = [expressions(), (TOP / "docs/operations.md").read_text(encoding="utf-8")]
    asked += [path.read_text(encoding="utf-8") for path in (TOP / "cluster/grafana/dashboards").glob("*.json")]
    assert RECORDED.keys() - set(re.findall(r"sake:\w+(?::\w+)?", "\n".join(asked))) == set()


def test_every_alert_says_how_bad_it_is_in_one_sentence_and_has_one_name() -> None:
    names = Counter(rule["alert"] for rule in load_rules() if "alert" in rule)
    assert [name for name, count in names.items() if count > 1] == []
    for name, rule in ALERTS.items():
        assert rule["labels"].keys() == {"severity", "area"}, name
        assert rule["labels"]["severity"] in {"critical", "warning"}, name
        assert rule["annotations"].keys() == {"summary", "runbook_url"}, name
        assert re.search(r"^[A-Z{].*\.$", rule["annotations"]["summary"]), name


def test_every_alert_has_its_runbook_and_every_runbook_its_alert() -> None:
    sections = re.findall(r"^### (\w+)$", (TOP / "docs/runbooks.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(sections) == sorted(ALERTS)
    for name, rule in ALERTS.items():
        assert rule["annotations"]["runbook_url"] == f"docs/runbooks.md#{name.lower()}"


def test_runbooks_name_the_severity_of_their_alert() -> None:
    text = (TOP / "docs/runbooks.md").read_text(encoding="utf-8")
    said = dict(re.findall(r"^### (\w+)\n\n\*(\w+)\.\*", text, re.MULTILINE))
    assert said == {name: rule["labels"]["severity"] for name, rule in ALERTS.items()}


@pytest.mark.parametrize("name", HEALTHY)
def test_healthy_systems_have_every_metric_that_a_rule_asks_for(name: str) -> None:
    """Otherwise silence would say nothing."""
    there = {series.partition("{")[0] for series in HEALTHY[name]}
    assert set(METRIC.findall(expressions())) - there == set()


def test_rules_ask_for_metrics_of_ours_that_there_are() -> None:
    """A metric that was renamed would make an alert silent, not red."""
    known = set(OF_OURS.findall((TOP / "docs/metrics.md").read_text(encoding="utf-8")))
    assert set(OF_OURS.findall(expressions())) - known == set()


def test_metrics_that_must_be_there_are_those_of_the_alert() -> None:
    assert set(re.findall(r"absent\((\w+)\)", ALERTS["MetricsMissing"]["expr"])) == NEEDED.keys()


def test_inhibitions_name_alerts_and_areas_that_there_are() -> None:
    settings: dict[str, Any] = YAML(typ="safe", pure=True).load(TOP / "cluster/alertmanager/alertmanager.yml")
    areas = {rule["labels"]["area"] for rule in ALERTS.values()}
    for rule in settings["inhibit_rules"]:
        for matcher in [*rule["source_matchers"], *rule["target_matchers"]]:
            name, values = re.fullmatch(r'(\w+)(?:=~|!~|=)"(.+)"', matcher).groups()  # type: ignore[union-attr]
            known = {"alertname": set(ALERTS), "area": areas, "job": {"ray", "node", "keeper"}}[name]
            assert set(values.split("|")) <= known, matcher


def test_checks_of_prometheus_and_alertmanager_accept_the_files_as_they_are() -> None:
    config = TOP / "cluster/prometheus/prometheus.yml"
    for command in (
        ["promtool", "check", "config", "--syntax-only", config],
        ["promtool", "check", "rules", "--lint-fatal", *RULES.glob("*.yml")],
        ["amtool", "check-config", TOP / "cluster/alertmanager/alertmanager.yml"],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
