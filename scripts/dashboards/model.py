"""What a dashboard is made of, as plain values, in the words of Grafana."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

Steps = Sequence[tuple[float, str]]
"""Thresholds: from which value on a figure has which colour. Below the first it is green, or blue where nothing is good or bad."""
GOOD, MIDDLING, BAD, PLAIN = "green", "orange", "red", "blue"


class Kind(StrEnum):
    """How a panel shows its figures."""

    STAT = "stat"
    """One figure, as it is now."""
    SERIES = "timeseries"
    BARS = "bargauge"
    """A bar for each of some things, as they are now."""
    TABLE = "table"
    STATES = "state-timeline"
    """When something was in which state."""


WIDTH = {Kind.STAT: 4, Kind.SERIES: 12, Kind.BARS: 8, Kind.TABLE: 8, Kind.STATES: 12}
HEIGHT = {Kind.STAT: 4, Kind.SERIES: 8, Kind.BARS: 8, Kind.TABLE: 8, Kind.STATES: 6}
"""In Grafana's grid, which is 24 wide."""


@dataclass(frozen=True, slots=True)
class Query:
    """An expression, and what its series are called: a text, or with {{label}} in it."""

    expression: str
    legend: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel. `title` asks a question or names something; `about` says what it means and what to do."""

    title: str
    about: str
    kind: Kind
    queries: tuple[Query, ...]
    unit: str = "short"
    """As Grafana calls it: s, percentunit (0-1), bytes, reqps …"""
    steps: Steps = ()
    is_neutral: bool = False
    """No value is good or bad."""
    empty: str = "Nothing was measured"
    """What is shown where there is nothing to show."""
    more: str = ""
    """The dashboard that says more, by its uid."""
    names: Mapping[float, tuple[str, str]] | None = None
    """What values are called, and their colour."""
    is_stacked: bool = False
    shows_name: bool = False
    """A stat that shows the name of its series instead of its value."""
    columns: Mapping[str, str] | None = None
    """The columns of a table: labels and what they are called; `Value` is the figure."""
    maximum: float | None = None
    decimals: int | None = None
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """Panels below a heading."""

    title: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """One dashboard; `since` is what it shows at first."""

    uid: str
    title: str
    about: str
    rows: tuple[Row, ...]
    since: str = "now-24h"
    links: tuple[tuple[str, str], ...] = ()
    """Further links on top: title and address."""
