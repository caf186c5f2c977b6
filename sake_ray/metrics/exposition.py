"""Export the metrics of a process outside Ray to Prometheus."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
    start_http_server,
)

from sake_ray.errors import SetupError
from sake_ray.metrics.instruments import Fold, Instruments, LabelBounds, Values
from sake_ray.metrics.table import METRICS, Kind

HOST = "127.0.0.1"
Made = TypeVar("Made", Counter, Gauge, Histogram)


class PrometheusInstruments(Instruments):
    """The metrics of this process; each is made when it is first used. A registry of its own, so that there may be several.

    Several threads may use it.
    """

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call] # a series more for each counter, which nobody asks for
        self.registry = CollectorRegistry()
        self._bounds = LabelBounds()
        self._made: dict[str, Counter | Gauge | Histogram] = {}
        self._lock = threading.RLock()

    def count(self, name: str, number: float = 1, /, **labels: str) -> None:
        """Add to a counter; 0 makes it appear."""
        with self._lock:
            made = self._find(name, Kind.COUNTER)
            assert isinstance(made, Counter)
            self._select(made, name, labels).inc(number)

    def set(self, name: str, value: float, /, **labels: str) -> None:
        """Set a gauge."""
        with self._lock:
            made = self._find(name, Kind.GAUGE)
            assert isinstance(made, Gauge)
            self._select(made, name, labels).set(value)

    def set_all(self, name: str, values: Values, /, *, fold: Fold = sum) -> None:
        """Set all that a gauge says; what it said before is gone."""
        with self._lock:
            self.forget(name)
            for labels, value in self._bounds.fold(name, values, fold):
                self.set(name, value, **labels)

    def observe(self, name: str, value: float, /, **labels: str) -> None:
        """Add a value to a histogram."""
        with self._lock:
            made = self._find(name, Kind.HISTOGRAM)
            assert isinstance(made, Histogram)
            self._select(made, name, labels).observe(value)

    def forget(self, name: str) -> None:
        """Export nothing more of a gauge until it is set again: it is not known."""
        with self._lock:
            if made := self._made.pop(name, None):
                self.registry.unregister(made)

    def _find(self, name: str, kind: Kind) -> Counter | Gauge | Histogram:
        made = self._made.get(name)
        if made is None:
            metric = METRICS[name]
            assert metric.kind is kind, name
            words = metric.instrument, metric.meaning, tuple(metric.labels)
            if kind is Kind.HISTOGRAM:
                made = Histogram(*words, registry=self.registry, buckets=metric.buckets)
            else:
                made = (Counter if kind is Kind.COUNTER else Gauge)(*words, registry=self.registry)
            self._made[name] = made
        return made

    def _select(self, made: Made, name: str, labels: dict[str, str]) -> Made:
        return made.labels(**self._bounds.bound(name, labels)) if METRICS[name].labels else made


@contextmanager
def serve_metrics(
    instruments: PrometheusInstruments, port: int, *, host: str = HOST, setting: str = ""
) -> Iterator[None]:
    """Export the metrics on a port for the duration of the block, with those of the process; on port 0 nothing.

    Raises SetupError naming the setting when the port is taken.
    """
    if not port:
        yield
        return
    for collector in (ProcessCollector, PlatformCollector):
        collector(registry=instruments.registry)
    try:
        server, thread = start_http_server(port, addr=host, registry=instruments.registry)
    except OSError as error:
        raise SetupError("port-in-use", host=host, port=port, error=error.strerror, setting=setting) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
