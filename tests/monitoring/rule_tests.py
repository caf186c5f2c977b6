"""Write the unit tests of the rules for `promtool test rules`: python -m tests.monitoring.rule_tests."""

from collections.abc import Iterator, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.monitoring.cases import CASES, Case
from tests.monitoring.healthy import HEALTHY
from tests.monitoring.recorded import DAYS, RECORDED
from tests.monitoring.series import Phase, write_values

FOLDER = Path(__file__).parent / "rules"
RULES = Path(__file__).parents[2] / "cluster" / "prometheus" / "rules"
RECORDING = ("sake-recording", "sake-slo", "sake-slo-days")
Group = dict[str, Any]


def load_rules() -> list[Group]:
    """All rules, as they are written."""
    yaml = YAML(typ="safe", pure=True)
    files = sorted(RULES.glob("*.yml"))
    return [rule for file in files for group in yaml.load(file)["groups"] for rule in group["rules"]]


def make_files() -> dict[str, str]:
    """Make the files, by their names."""
    labels = {rule["alert"]: rule["labels"] for rule in load_rules() if "alert" in rule}
    alerts: dict[tuple[str, int], list[Group]] = {}
    for case in CASES:
        place = (labels[case.alert]["area"], case.minutes)
        groups = alerts.setdefault(place, [])
        # Several ways to break may have the same way to be well.
        groups += [group for group in _test_alert(case, labels[case.alert]) if group not in groups]
    records = [(_test_record(name, *given), name in DAYS) for name, given in RECORDED.items()]
    quiet = [_test_health(name, series) for name, series in HEALTHY.items()]
    everything = sorted(path.name for path in RULES.glob("*.yml"))
    # Each with the rules that it needs only, and evaluated as often as it needs: they take seconds so, and minutes otherwise.
    return {
        **{
            f"{area}{'' if minutes == 1 else '_slowly'}_test.yml": _write(
                groups, (f"{area}.yml", "recording.yml")[: 1 if area == "promises" else 2], every=f"{minutes}m"
            )
            for (area, minutes), groups in alerts.items()
        },
        "recording_test.yml": _write([test for test, slow in records if not slow], ("recording.yml",)),
        "recording_slowly_test.yml": _write([test for test, slow in records if slow], ("promises.yml",), every="10m"),
        "healthy_test.yml": _write(quiet, everything, every="30s"),
    }


def _test_alert(case: Case, labels: Mapping[str, str]) -> Iterator[Group]:
    n = case.steps
    told = {
        "exp_labels": {**labels, **case.labels},
        "exp_annotations": {"summary": case.summary, "runbook_url": f"docs/runbooks.md#{case.alert.lower()}"},
    }
    fault = {
        name: write_values((well, n), (broken, n), (_find_end(case, name, well), 2 * n))
        for name, (well, broken, _) in case.series.items()
    }
    looks = [("before", n - 1, []), ("fires", 2 * n - 1, [told]), ("resolves", 4 * n - 1, [])]
    yield _make_group(case, "fires and resolves", fault, looks)
    almost = {name: write_values((well, n), (near, 2 * n)) for name, (well, _, near) in case.series.items()}
    yield _make_group(case, "does not fire", almost, [("almost", 2 * n - 1, []), ("almost", 3 * n - 1, [])])


def _find_end(case: Case, name: str, well: Phase) -> Phase:
    return case.after.get(name, well)


def _make_group(case: Case, what: str, series: Mapping[str, str], looks: list[tuple[str, int, list[Any]]]) -> Group:
    return {
        "name": f"{case.alert} {what}",
        "interval": f"{case.minutes}m",
        "input_series": [{"series": name, "values": values} for name, values in series.items()],
        "alert_rule_test": [
            {"eval_time": f"{step * case.minutes}m", "alertname": case.alert, "exp_alerts": alerts}
            for _, step, alerts in looks
        ],
    }


def _test_record(name: str, series: Mapping[str, str], at: str, expected: Mapping[str, float]) -> Group:
    samples = [{"labels": f"{name}{labels}", "value": value} for labels, value in expected.items()]
    return {
        "name": name,
        "interval": "1m",
        "input_series": [{"series": one, "values": values} for one, values in series.items()],
        "promql_expr_test": [{"expr": name, "eval_time": at, "exp_samples": samples}],
    }


def _test_health(name: str, series: Mapping[str, Phase]) -> Group:
    """An hour, after one for what looks back; nothing may fire in either."""
    steps = 2 * 360
    looks = [
        {"expr": 'ALERTS{alertstate="firing"}', "eval_time": f"{minutes}m", "exp_samples": []}
        for minutes in range(5, 121, 5)
    ]
    whole = {"expr": 'count_over_time(ALERTS{alertstate="firing"}[2h])', "eval_time": "2h", "exp_samples": []}
    return {
        "name": f"silent on a healthy system: {name}",
        "interval": "10s",
        "input_series": [{"series": one, "values": write_values((phase, steps))} for one, phase in series.items()],
        "promql_expr_test": [*looks, whole],
    }


def _write(tests: list[Group], rules: Sequence[str], *, every: str = "1m") -> str:
    yaml, out = YAML(typ="safe", pure=True), StringIO()
    yaml.default_flow_style, yaml.width, yaml.sort_base_mapping_type_on_output = False, 1000, False  # type: ignore[assignment]
    paths = [f"../../../cluster/prometheus/rules/{name}" for name in rules]
    # Without an order it is another one each time, and what is recorded may be too old for who needs it.
    groups = [group["name"] for name in rules for group in yaml.load(RULES / name)["groups"]]
    order = sorted(groups, key=lambda name: name not in RECORDING)
    yaml.dump({"rule_files": paths, "evaluation_interval": every, "group_eval_order": order, "tests": tests}, out)
    return (
        "# Made by `python -m tests.monitoring.rule_tests` from cases.py, recorded.py and healthy.py.\n"
        + out.getvalue()
    )


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, text in make_files().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
