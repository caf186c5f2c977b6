"""What metrics are set through, whoever exports them; what labels may be is bounded here, and what is beyond is folded."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from itertools import product
from typing import Protocol

from sake_ray.metrics.metric import MORE, AnyOf, Exporter, Kind, Metric
from sake_ray.metrics.table import METRICS

Values = Iterable[tuple[Mapping[str, str], float]]
"""The values of a gauge, each with its labels."""
Fold = Callable[[Iterable[float]], float]
"""What several values are as one, such as `sum` or `max`."""


class Instruments(Protocol):
    """The metrics of one process, each by its name in the table and with all its labels."""

    def count(self, name: str, number: float = 1, /, **labels: str) -> None:
        """Add to a counter; 0 makes it appear."""

    def set(self, name: str, value: float, /, **labels: str) -> None:
        """Set a gauge."""

    def set_all(self, name: str, values: Values, /, *, fold: Fold = sum) -> None:
        """Set all that a gauge says, at once; values whose labels are beyond the bound, or the same, are one."""

    def observe(self, name: str, value: float, /, **labels: str) -> None:
        """Add a value to a histogram."""


class NoInstruments(Instruments):
    """Drops it all."""

    def count(self, name: str, number: float = 1, /, **labels: str) -> None:
        """Drop it."""

    def set(self, name: str, value: float, /, **labels: str) -> None:
        """Drop it."""

    def set_all(self, name: str, values: Values, /, *, fold: Fold = sum) -> None:
        """Drop them."""

    def observe(self, name: str, value: float, /, **labels: str) -> None:
        """Drop it."""


class LabelBounds:
    """Keeps labels within the values, or as many of them, as the table allows; what is beyond is `(more)`."""

    def __init__(self) -> None:
        self._groups = {name: _group_labels(metric) for name, metric in METRICS.items()}
        self._seen = {
            name: {labels: set[tuple[str, ...]]() for labels in groups} for name, groups in self._groups.items()
        }

    def bound(self, name: str, labels: Mapping[str, str]) -> dict[str, str]:
        """Return the labels of a metric, bounded: those that come first stay."""
        bounded = dict(labels)
        for label, values in METRICS[name].labels.items():
            if not isinstance(values, AnyOf) and bounded[label] not in values:
                bounded[label] = MORE
        for group, most in self._groups[name].items():
            found, seen = tuple(bounded[label] for label in group), self._seen[name][group]
            if found in seen:
                continue
            if len(seen) < most and MORE not in found:
                seen.add(found)
            else:
                bounded |= dict.fromkeys(group, MORE)
        return bounded

    def fold(self, name: str, values: Values, fold: Fold) -> list[tuple[dict[str, str], float]]:
        """Bound all labels of a gauge: those that it had before stay, then those that come first; the others are one.

        Labels that it no longer has make room.
        """
        listed = list(values)
        for group, seen in self._seen[name].items():
            seen &= {tuple(labels[label] for label in group) for labels, _ in listed}
        folded = defaultdict[tuple[tuple[str, str], ...], list[float]](list)
        for labels, value in listed:
            folded[tuple(self.bound(name, labels).items())].append(value)
        return [(dict(labels), fold(several)) for labels, several in folded.items()]


def start_counters(instruments: Instruments, exporter: Exporter) -> None:
    """Let the counters of an exporter appear at 0 whose labels are known: what appears with its first event hides that event.

    Prometheus sees an increase only between two values.
    """
    for name, metric in METRICS.items():
        labels = {label: values for label, values in metric.labels.items() if not isinstance(values, AnyOf)}
        if metric.exporter is exporter and metric.kind is Kind.COUNTER and len(labels) == len(metric.labels):
            for values in product(*labels.values()):
                instruments.count(name, 0, **dict(zip(labels, values, strict=True)))


def _group_labels(metric: Metric) -> dict[tuple[str, ...], int]:
    """Group open labels with those that they bound: how many values each group may have together."""
    groups: list[tuple[list[str], int]] = []
    for label, values in metric.labels.items():
        if isinstance(values, AnyOf):
            if values.most:
                groups.append(([label], values.most))
            else:
                groups[-1][0].append(label)
    return {tuple(labels): most for labels, most in groups}
