"""The metrics: what each is called and means, in one table; who sets them does so through `Instruments`."""

from sake_ray.metrics.instruments import Instruments
from sake_ray.metrics.table import METRICS, Exporter, Kind, Metric

__all__ = ["METRICS", "Exporter", "Instruments", "Kind", "Metric"]
