"""Hand the metrics of the deployments to Ray, which exports them to Prometheus with the prefix `ray_`."""

from ray.serve import metrics

from sake_ray.metrics import METRICS, Exporter, Instruments, Kind
from sake_ray.metrics.instruments import Fold, LabelBounds, Values, start_counters


def open_instruments(exporter: Exporter) -> "RayInstruments":
    """Open the metrics of a replica, or of the proxy; its counters begin at 0."""
    instruments = RayInstruments()
    start_counters(instruments, exporter)
    if exporter is not Exporter.PROXY:
        start_counters(instruments, Exporter.DEPLOYMENT)
    return instruments


class RayInstruments(Instruments):
    """The metrics of a replica; each is made when it is first used.

    Ray drops gauges that are not set again for some seconds.
    """

    def __init__(self) -> None:
        self._bounds = LabelBounds()
        self._counters: dict[str, metrics.Counter] = {}
        self._gauges: dict[str, metrics.Gauge] = {}
        self._histograms: dict[str, metrics.Histogram] = {}

    def count(self, name: str, number: float = 1, /, **labels: str) -> None:
        """Add to a counter; 0 makes it appear."""
        made = self._counters.get(name)
        if made is None:
            made = self._counters[name] = metrics.Counter(*_describe(name, Kind.COUNTER))
        tags = self._bounds.bound(name, labels)
        if number:
            made.inc(number, tags=tags)
        else:
            made._record(0.0, tags=tags)  # `inc` refuses 0, and exporting it is no different

    def set(self, name: str, value: float, /, **labels: str) -> None:
        """Set a gauge."""
        made = self._gauges.get(name)
        if made is None:
            made = self._gauges[name] = metrics.Gauge(*_describe(name, Kind.GAUGE))
        made.set(float(value), tags=self._bounds.bound(name, labels))

    def set_all(self, name: str, values: Values, /, *, fold: Fold = sum) -> None:
        """Set all that a gauge says; Ray drops what it said before."""
        for labels, value in self._bounds.fold(name, values, fold):
            self.set(name, value, **labels)

    def observe(self, name: str, value: float, /, **labels: str) -> None:
        """Add a value to a histogram."""
        made = self._histograms.get(name)
        if made is None:
            instrument, meaning, keys = _describe(name, Kind.HISTOGRAM)
            made = metrics.Histogram(instrument, meaning, boundaries=list(METRICS[name].buckets), tag_keys=keys)
            self._histograms[name] = made
        made.observe(value, tags=self._bounds.bound(name, labels))


def _describe(name: str, kind: Kind) -> tuple[str, str, tuple[str, ...]]:
    metric = METRICS[name]
    assert metric.kind is kind, name
    return metric.instrument, metric.meaning, tuple(metric.labels)
