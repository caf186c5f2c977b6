"""What is said of a metric: name, type, unit, labels with their values, meaning, what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

MORE = "(more)"
"""Stands for the values of a label beyond the first so many."""


class Kind(StrEnum):
    """The type of a metric, as Prometheus knows it."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


class Exporter(StrEnum):
    """Which process exports a metric."""

    ORCHESTRATOR = "Orchestrator"
    ETL = "Etl"
    PREDICTOR = "Predictor"
    API = "Gateway"
    """The deployment of that name, which is the HTTP API."""
    PROXY = "proxy"
    """Serve's proxy, before the gateway."""
    DEPLOYMENT = "each deployment"
    KEEPER = "keeper"
    """`sake up` or `sake gateway` itself, which keeps programs beside the service running."""
    SCREENS = "screens"

    @property
    def is_of_ray(self) -> bool:
        """Whether Ray exports it, with `ray_` before its name."""
        return self not in {Exporter.KEEPER, Exporter.SCREENS}


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A label whose values are not known beforehand: what they are, and after how many all others are `(more)`.

    0: it has one value for each of the label before it, so that this bounds it.
    """

    what: str
    most: int


Values = tuple[str, ...] | AnyOf
NAMES_OF_LABELS = AnyOf("label of the model, empty for none", 25)
ERROR_CODES = AnyOf("code, see [errors](errors.md)", 20)


@dataclass(frozen=True, slots=True)
class Metric:
    """One metric; `name` is without prefix and suffix. `absent` says when there is none of it, `action` what to do about it."""

    name: str
    kind: Kind
    exporter: Exporter
    unit: str
    meaning: str
    action: str
    labels: Mapping[str, Values] = field(default_factory=dict)
    buckets: tuple[float, ...] = ()
    absent: str = ""

    @property
    def instrument(self) -> str:
        """The name under which it is made; a counter gets its suffix when it is exported."""
        return f"sake_{self.name}"

    @property
    def exposed(self) -> str:
        """The name under which Prometheus reads it, that of a histogram without `_bucket`, `_sum` and `_count`."""
        prefix = "ray_" if self.exporter.is_of_ray else ""
        return f"{prefix}{self.instrument}{'_total' if self.kind is Kind.COUNTER else ''}"

    @property
    def most_series(self) -> int:
        """How many series of it one process can export at most."""
        combinations = 1
        for values in self.labels.values():
            combinations *= _count_values(values)
        # A histogram has one for each bucket, that without an end, and its sum and count.
        return combinations * (len(self.buckets) + 3 if self.kind is Kind.HISTOGRAM else 1)


def _count_values(values: Values) -> int:
    if isinstance(values, AnyOf):
        return values.most + 1 if values.most else 1
    return len(values)


def gauge(
    name: str, exporter: Exporter, unit: str, meaning: str, action: str, absent: str = "", **labels: Values
) -> Metric:
    """Describe a gauge."""
    return Metric(name, Kind.GAUGE, exporter, unit, meaning, action, labels, absent=absent)


def counter(
    name: str, exporter: Exporter, unit: str, meaning: str, action: str, absent: str = "", **labels: Values
) -> Metric:
    """Describe a counter."""
    return Metric(name, Kind.COUNTER, exporter, unit, meaning, action, labels, absent=absent)


def histogram(
    name: str, exporter: Exporter, unit: str, buckets: tuple[float, ...], meaning: str, action: str, **labels: Values
) -> Metric:
    """Describe a histogram."""
    return Metric(name, Kind.HISTOGRAM, exporter, unit, meaning, action, labels, buckets)
