"""The metrics of the service; Ray exports them to Prometheus with the prefix `ray_`."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from ray.serve import metrics

from sake_ray.data.confinement.confine import LAYERS
from sake_ray.domain.documents import Status
from sake_ray.ledger import SEVERITIES
from sake_ray.serve.attempts import OrchestratorObserver
from sake_ray.storage.records import DeliveryBacklog, QueueDepth, WatchedPlace

SECONDS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300]
PERCENT = [10.0, 20, 30, 40, 50, 60, 70, 80, 90, 95]

WATCHED = {
    "handed_in": "Files of a watched place that were handed in.",
    "failed": "Files of a watched place that could not be handed in.",
    "waiting": "Files of a watched place that are not handed in.",
    "oldest_seconds": "For how long the oldest file of a watched place has not been handed in.",
    "looked_at_seconds": "When a watched place was last looked at, in Unix time.",
    "away": "1 while a watched place cannot be looked at.",
}


class ServiceMetrics(OrchestratorObserver):
    """The metrics of the queue: how much waits, since when, how long stages take, how well OCR reads."""

    def __init__(self) -> None:
        self._ended = metrics.Counter(
            "sake_documents_ended", "Documents that ended, by status and label.", tag_keys=("status", "label")
        )
        self._put_back = metrics.Counter(
            "sake_attempts_put_back", "Attempts that failed through no fault of the document.", tag_keys=("cause",)
        )
        self._orphans = metrics.Counter(
            "sake_orphans_removed", "Originals that were removed because the upload that stored them died."
        )
        self._erased = metrics.Counter(
            "sake_documents_erased", "Documents that were erased from the bin or by their age.", tag_keys=("cause",)
        )
        self._oldest_document = metrics.Gauge("sake_documents_oldest_seconds", "Age of the oldest document.")
        self._stage = metrics.Histogram(
            "sake_stage_seconds", "Seconds a document spends in a stage.", boundaries=SECONDS, tag_keys=("stage",)
        )
        self._ocr = metrics.Histogram(
            "sake_ocr_confidence", "Mean confidence of the words of a document, 0-100.", boundaries=PERCENT
        )
        self._documents = metrics.Gauge(
            "sake_documents", "Documents in the records, by status and final label.", tag_keys=("status", "label")
        )
        self._depth = metrics.Gauge("sake_queue_depth", "Documents that have not ended.")
        self._oldest = metrics.Gauge("sake_queue_oldest_seconds", "Age of the oldest document that has not ended.")
        self._faults = metrics.Gauge("sake_ledger_faults", "Known faults of the ledger, by kind.", tag_keys=("kind",))
        self._checked = metrics.Gauge("sake_ledger_documents_checked", "Documents checked in this round.")
        self._checked_at = metrics.Gauge(
            "sake_ledger_checked_at_seconds", "When the ledger was last checked, in Unix time."
        )
        self._needs_ops = metrics.Gauge(
            "sake_documents_needing_ops", "Documents that are no longer tried until ops ask."
        )
        self._failing_exports = metrics.Gauge(
            "sake_exports_failing", "Batches whose exports are due and failed the last time."
        )
        self._outdated = metrics.Gauge(
            "sake_documents_outdated", "Open documents that carry an older policy than the newest."
        )
        self._deliveries = metrics.Counter(
            "sake_webhook_attempts", "Attempts to tell webhooks something, by outcome.", tag_keys=("outcome",)
        )
        self._undelivered = metrics.Gauge("sake_webhook_waiting", "Deliveries to webhooks that wait for an attempt.")
        self._undelivered_oldest = metrics.Gauge(
            "sake_webhook_oldest_seconds", "Age of the oldest delivery to a webhook that waits."
        )
        self._undeliverable = metrics.Gauge(
            "sake_webhook_dead", "Deliveries to webhooks that failed too often and are no longer tried."
        )
        self._watched = {
            name: metrics.Gauge(f"sake_watch_{name}", description, tag_keys=("place", "team"))
            for name, description in WATCHED.items()
        }
        self._seen: set[tuple[str, str]] = set()

    def count_ended(self, status: str, label: str) -> None:
        """Count a document that ended."""
        self._ended.inc(tags={"status": status, "label": label})

    def observe_stage(self, stage: str, seconds: float) -> None:
        """Observe how long a stage took."""
        self._stage.observe(seconds, tags={"stage": stage})

    def observe_ocr_confidence(self, confidence: float) -> None:
        """Observe the confidence of a document."""
        self._ocr.observe(confidence)

    def count_put_back(self, cause: str) -> None:
        """Count an attempt that was put back."""
        self._put_back.inc(tags={"cause": cause})

    def count_orphans(self, removed: int) -> None:
        """Count originals of dead uploads that were removed."""
        if removed:
            self._orphans.inc(removed)

    def count_erased(self, cause: str, documents: int) -> None:
        """Count documents that were erased."""
        if documents:
            self._erased.inc(documents, tags={"cause": cause})

    def set_oldest_document(self, seconds: float) -> None:
        """Set the gauge."""
        self._oldest_document.set(seconds)

    def set_depth(self, depth: QueueDepth, now: datetime) -> None:
        """Set the gauges; to be repeated, because Ray drops gauges that are not set again."""
        counted = {(status.value, label): count for status, label, count in depth.documents}
        self._seen |= counted.keys() | {(status.value, "") for status in Status}
        for status, label in self._seen:
            self._documents.set(counted.get((status, label), 0), tags={"status": status, "label": label})
        self._needs_ops.set(counted.get((Status.NEEDS_OPS.value, ""), 0))
        self._depth.set(depth.waiting)
        self._oldest.set((now - depth.oldest).total_seconds() if depth.oldest else 0.0)

    def set_ledger(self, checked_at: datetime | None, checked: int, faults: Mapping[str, int]) -> None:
        """Set the gauges of the ledger."""
        for kind in SEVERITIES:
            self._faults.set(faults.get(kind, 0), tags={"kind": kind})
        self._checked.set(checked)
        self._checked_at.set(checked_at.timestamp() if checked_at else 0.0)

    def set_failing_exports(self, batches: int) -> None:
        """Set the gauge."""
        self._failing_exports.set(batches)

    def set_outdated(self, documents: int) -> None:
        """Set the gauge."""
        self._outdated.set(documents)

    def count_delivery(self, outcome: str) -> None:
        """Count an attempt."""
        self._deliveries.inc(tags={"outcome": outcome})

    def set_deliveries(self, backlog: DeliveryBacklog, now: datetime) -> None:
        """Set the gauges of the deliveries."""
        self._undelivered.set(backlog.waiting)
        self._undelivered_oldest.set((now - backlog.oldest).total_seconds() if backlog.oldest else 0.0)
        self._undeliverable.set(backlog.dead)

    def set_watched(self, places: Sequence[WatchedPlace], now: datetime) -> None:
        """Set the gauges of the watched places."""
        for place in places:
            values = {
                "handed_in": place.handed_in,
                "failed": place.failed,
                "waiting": place.waiting,
                "oldest_seconds": (now - place.oldest_at).total_seconds() if place.oldest_at else 0.0,
                "looked_at_seconds": place.looked_at.timestamp(),
                "away": 1 if place.away else 0,
            }
            for name, value in values.items():
                self._watched[name].set(value, tags={"place": place.name, "team": place.team})


class GatewayMetrics:
    """The metric of the gateway, set by `sake up`, which looks after it."""

    def __init__(self) -> None:
        self._days = metrics.Gauge(
            "sake_certificate_days_left", "Days until the gateway's certificate ends; negative after that."
        )

    def set_certificate_days(self, days: float) -> None:
        """Set the gauge; to be repeated, because Ray drops gauges that are not set again."""
        self._days.set(days)


class ModelMetrics:
    """The metrics of the model that serves."""

    def __init__(self) -> None:
        self._model = metrics.Gauge(
            "sake_model_info", "1 for the model version that serves.", tag_keys=("version", "hash", "role")
        )
        self._refused = metrics.Gauge(
            "sake_champion_refused", "1 while the champion cannot be loaded and another version serves."
        )

    def set_serving(self, version: str, sha256: str, *, role: str, refused: bool) -> None:
        """Set the gauges."""
        self._model.set(1, tags={"version": version, "hash": sha256[:12], "role": role})
        self._refused.set(1 if refused else 0)


class ReaderMetrics:
    """The metrics of the reader processes."""

    def __init__(self) -> None:
        self._confined = metrics.Gauge(
            "sake_reader_confined",
            "1 where this layer of the reader process's confinement is in force.",
            tag_keys=("layer",),
        )

    def set_confinement(self, missing: Mapping[str, str]) -> None:
        """Set the gauges; to be repeated, because Ray drops gauges that are not set again."""
        for layer in LAYERS:
            self._confined.set(0 if layer in missing else 1, tags={"layer": layer})
