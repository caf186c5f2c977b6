"""What metrics are set through, whoever exports them; labels whose values nobody knows beforehand are bounded here."""

from collections.abc import Mapping
from typing import Protocol

from sake_ray.metrics.metric import MORE, AnyOf
from sake_ray.metrics.table import METRICS


class Instruments(Protocol):
    """The metrics of one process, each by its name in the table and with all its labels."""

    def count(self, name: str, number: float = 1, /, **labels: str) -> None:
        """Add to a counter."""

    def set(self, name: str, value: float, /, **labels: str) -> None:
        """Set a gauge."""

    def observe(self, name: str, value: float, /, **labels: str) -> None:
        """Add a value to a histogram."""


class NoInstruments(Instruments):
    """Drops it all."""

    def count(self, name: str, number: float = 1, /, **labels: str) -> None:
        """Drop it."""

    def set(self, name: str, value: float, /, **labels: str) -> None:
        """Drop it."""

    def observe(self, name: str, value: float, /, **labels: str) -> None:
        """Drop it."""


class LabelBounds:
    """Keeps labels within as many values as the table allows; what comes after them is `(more)`."""

    def __init__(self) -> None:
        self._open = {
            name: {label: set[str]() for label, values in metric.labels.items() if isinstance(values, AnyOf)}
            for name, metric in METRICS.items()
        }

    def bound(self, name: str, labels: Mapping[str, str]) -> dict[str, str]:
        """Return the labels of a metric, bounded."""
        bounded, is_beyond = dict(labels), False
        for label, seen in self._open[name].items():
            values, value = METRICS[name].labels[label], bounded[label]
            assert isinstance(values, AnyOf)
            if values.most and value not in seen:
                is_beyond = len(seen) >= values.most
                if not is_beyond:
                    seen.add(value)
            if is_beyond:
                bounded[label] = MORE
        return bounded
