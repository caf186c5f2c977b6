"""Make panels, a function for each kind."""

from collections.abc import Mapping
from typing import Any

from sake_ray.serve.measures import MEASURES
from scripts.dashboards.model import BAD, GOOD, Kind, Panel, Query

UP_OR_DOWN: Mapping[float, tuple[str, str]] = {1.0: ("Up", GOOD), 0.0: ("Down", BAD)}
YES_OR_NO: Mapping[float, tuple[str, str]] = {1.0: ("Yes", GOOD), 0.0: ("No", BAD)}


def stat(title: str, about: str, expression: str, unit: str = "short", **more: Any) -> Panel:
    """One figure as it is now."""
    return Panel(title, about, Kind.STAT, (Query(expression, more.pop("legend", title)),), unit, **more)


def series(title: str, about: str, *queries: tuple[str, str], unit: str = "short", **more: Any) -> Panel:
    """Lines over time; each query is an expression and its legend."""
    return Panel(title, about, Kind.SERIES, tuple(Query(*query) for query in queries), unit, **more)


def bars(title: str, about: str, expression: str, legend: str, unit: str = "short", **more: Any) -> Panel:
    """A bar for each of some things."""
    return Panel(title, about, Kind.BARS, (Query(expression, legend),), unit, **more)


def table(
    title: str, about: str, expression: str, columns: Mapping[str, str], unit: str = "short", **more: Any
) -> Panel:
    """A table of what is not zero, the largest first."""
    return Panel(title, about, Kind.TABLE, (Query(expression),), unit, columns=columns, **more)


def states(title: str, about: str, *queries: tuple[str, str], **more: Any) -> Panel:
    """Which of some things was up when."""
    names = more.pop("names", UP_OR_DOWN)
    return Panel(title, about, Kind.STATES, tuple(Query(*query) for query in queries), "short", names=names, **more)


def quantile(share: float, histogram: str, *by: str, labels: str = "", over: str = "$__rate_interval") -> str:
    """The value that a share of what a histogram counted does not exceed, over all replicas; nothing where it counted nothing."""
    # Of nothing a quantile is NaN, which Grafana would show in place of what an empty panel says.
    return f"histogram_quantile({share}, {_rate(f'{histogram}_bucket', ('le', *by), labels, over)}) >= 0"


def per_second(counter: str, *by: str, labels: str = "") -> str:
    """How often a counter counts a second, over all replicas."""
    return _rate(counter, by, labels)


def per_hour(counter: str, *by: str, labels: str = "") -> str:
    """How often a counter counts an hour; 0 before its first event where it has one series."""
    rate = f"3600 * {_rate(counter, by, labels)}"
    return rate if by else f"{rate} or vector(0)"


def counted(counter: str, *by: str, labels: str = "", over: str = "$__range") -> str:
    """How often a counter counted in the time that is shown, or in another; by label only what is not 0."""
    total = _rate(counter, by, labels, over, function="increase")
    return f"round({total}) > 0" if by else f"round({total}) or vector(0)"


def share(part: tuple[str, str], whole: tuple[str, str], over: str = "$__range") -> str:
    """How much of what one counter counted another did, each with its labels; nothing where there is no whole."""
    some, total = (_rate(counter, (), labels, over, function="increase") for counter, labels in (part, whole))
    return f"({some} or vector(0)) / ({total} > 0)"


def newest(gauge: str, *by: str, labels: str = "") -> str:
    """A gauge that every process that reads the records sets alike."""
    return f"max{_grouped(by)}({gauge}{_chosen(labels)})"


def healthy(labels: str = "") -> str:
    """Whether a replica is healthy. Ray says it every ten seconds at most, and drops it in between."""
    return f"last_over_time(ray_serve_deployment_replica_healthy{_chosen(labels)}[1m])"


def measured(name: str) -> str:
    """A figure that the admin's page Monitoring shows, too."""
    return next(measure.expression for measure in MEASURES if measure.name == name)


def _rate(
    counter: str, by: tuple[str, ...], labels: str, over: str = "$__rate_interval", function: str = "rate"
) -> str:
    return f"sum{_grouped(by)}({function}({counter}{_chosen(labels)}[{over}]))"


def _grouped(by: tuple[str, ...]) -> str:
    return f" by ({', '.join(by)}) " if by else ""


def _chosen(labels: str) -> str:
    return f"{{{labels}}}" if labels else ""
