"""All metrics, in the order of the guide."""

from collections.abc import Mapping, Sequence

from sake_ray.metrics.learning import LEARNING
from sake_ray.metrics.metric import Exporter, Kind, Metric
from sake_ray.metrics.service import ACCESS, STORAGE
from sake_ray.metrics.surroundings import GATEWAY, KEEPER, LEDGER, SCREENS, WATCH, WEBHOOKS
from sake_ray.metrics.work import QUEUE, READING

__all__ = ["METRICS", "SECTIONS", "Exporter", "Kind", "Metric"]

SECTIONS: Mapping[str, Sequence[Metric]] = {
    "Documents and their queue": QUEUE,
    "Reading": READING,
    "Model, policy and training": LEARNING,
    "The HTTP API": ACCESS,
    "Records, objects and disks": STORAGE,
    "The ledger": LEDGER,
    "Webhooks": WEBHOOKS,
    "Watched places": WATCH,
    "Programs beside the service": KEEPER,
    "The gateway": GATEWAY,
    "The screens": SCREENS,
}
METRICS: Mapping[str, Metric] = {metric.name: metric for section in SECTIONS.values() for metric in section}
