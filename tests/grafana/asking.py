"""Ask a Prometheus what the panels of a dashboard ask, as Grafana would."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

FOLDER = Path(__file__).parents[2] / "cluster" / "grafana" / "dashboards"
STEP = 240.0
VARIABLES = {"$__rate_interval": "10m", "$__range": "24h", "$__interval": "4m"}
"""What Grafana fills in for a day on a screen of usual width."""
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query was answered: its series, each with labels and points, or the error."""

    target: Json
    series: tuple[tuple[Mapping[str, str], tuple[tuple[float, float], ...]], ...]
    error: str = ""

    @property
    def is_zero(self) -> bool:
        """Whether it has series, and nothing but zeros in them."""
        return bool(self.series) and all(value == 0 for _, points in self.series for _, value in points)


def read_dashboards() -> dict[str, Json]:
    """The committed dashboards, by their uids."""
    return {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.json"))}


def list_panels(dashboard: Json) -> list[Json]:
    """Its panels without the headings."""
    return [panel for panel in dashboard["panels"] if panel["type"] != "row"]


def fill(expression: str) -> str:
    """Fill in Grafana's own variables."""
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


def ask(http: httpx.Client, panel: Json, *, now: float, hours: float = 24) -> Iterator[Answer]:
    """Ask all of a panel: what is shown over time for all hours, anything else for now."""
    for target in panel["targets"]:
        query: dict[str, str | float] = {"query": fill(target["expr"])}
        if target["range"]:
            query |= {"start": now - hours * 3600, "end": now, "step": STEP}
        else:
            query |= {"time": now}
        answer = http.post(f"/api/v1/query{'_range' if target['range'] else ''}", data=query).json()
        if answer["status"] != "success":
            yield Answer(target, (), answer["error"])
            continue
        found = answer["data"]["result"]
        series = ((one["metric"], one["values"] if target["range"] else [one["value"]]) for one in found)
        yield Answer(
            target,
            tuple((labels, tuple((float(at), float(value)) for at, value in points)) for labels, points in series),
        )


FUNCTIONS = set(
    "histogram_quantile sum max min count rate increase round time vector abs last_over_time predict_linear label_replace "
    "by or on and unless bool".split()
)


def list_names(expression: str) -> set[str]:
    """The names of metrics in an expression."""
    plain = re.sub(r'"[^"]*"|\[[^\]]*\]|\b(by|on) \([^)]*\)', " ", fill(expression))
    return set(re.findall(r"[a-zA-Z_:][a-zA-Z0-9_:]*(?=[{\s)*]|$)", re.sub(r"\{[^}]*\}", " ", plain))) - FUNCTIONS


def list_asked() -> set[str]:
    """The names of all metrics that panels ask for."""
    panels = [panel for one in read_dashboards().values() for panel in list_panels(one)]
    return {name for panel in panels for target in panel["targets"] for name in list_names(target["expr"])}


def may_be_empty(expression: str) -> bool:
    """Whether it shows only what is above 0, or what was observed at all."""
    return expression.endswith("> 0") or ">= 0" in expression


@dataclass(frozen=True, slots=True)
class Gaps:
    """What a Prometheus could not say: wrong expressions, metrics that it has not, panels that are empty nevertheless."""

    wrong: tuple[str, ...]
    missing: frozenset[str]
    empty: frozenset[str]


def find_gaps(http: httpx.Client, *, now: float, hours: float) -> Gaps:
    """Ask everything of all dashboards."""
    known = set(http.get("/api/v1/label/__name__/values").json()["data"])
    wrong, missing, empty = list[str](), set[str](), set[str]()
    for dashboard in read_dashboards().values():
        for panel in list_panels(dashboard):
            for answer in ask(http, panel, now=now, hours=hours):
                names = list_names(answer.target["expr"])
                missing |= names - known
                if answer.error:
                    wrong.append(f"{panel['title']}: {answer.error}")
                elif not answer.series and names <= known and not may_be_empty(answer.target["expr"]):
                    empty.add(panel["title"])
    return Gaps(tuple(wrong), frozenset(missing), frozenset(empty))
