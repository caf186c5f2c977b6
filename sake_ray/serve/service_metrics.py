"""What the deployments tell the metrics."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sake_ray.domain.documents import Document, Status
from sake_ray.domain.texts import DocumentText, ReadingSource
from sake_ray.domain.verdicts import Policy, Verdict
from sake_ray.ledger import SEVERITIES
from sake_ray.metrics import Instruments
from sake_ray.metrics.instruments import Fold
from sake_ray.metrics.work import CONFINEMENT, SOURCES_READ
from sake_ray.serve.attempts import OrchestratorObserver
from sake_ray.serve.champion import Champion
from sake_ray.serve.figures import Figure, measure_age
from sake_ray.storage.records import DeliveryBacklog, QueueDepth, WatchedPlace


class ServiceMetrics(OrchestratorObserver):
    """The metrics of the orchestrator. Gauges are to be set again and again, because Ray drops others."""

    def __init__(self, instruments: Instruments) -> None:
        self._instruments = instruments
        self._counted: dict[tuple[str, str], int] = {(status.value, ""): 0 for status in Status}
        for status in (Status.FAILED, Status.NEEDS_OPS):
            self._count_ended(status, 0)

    def count_completed(
        self, document: Document, text: DocumentText, verdict: Verdict, source: ReadingSource, seconds: float
    ) -> None:
        """Count a document that was classified, and observe what is known of it."""
        label, pages = verdict.label or "", len(text.pages)
        i = self._instruments
        i.count("documents_ended", status=Status.COMPLETED.value, label=label, source=source.value)
        if document.parent is None:  # a part has waited for whoever split its file
            i.observe("document_seconds", seconds, pages=_name_pages(pages))
        if text.ocr_confidence is not None:
            i.observe("ocr_confidence", text.ocr_confidence)
        if verdict.confidence is not None:
            i.observe("prediction_confidence", verdict.confidence, label=label)
        if verdict.needs_review:
            i.count("documents_to_review", label=label)
        if verdict.remark:
            i.count("documents_unreadable", reason=verdict.remark.code)
        for note in text.notes:
            i.count("documents_noted", note=note.code)

    def count_failed(self, reason: str) -> None:
        """Count a document that failed through its own fault."""
        self._count_ended(Status.FAILED)
        self._instruments.count("documents_unreadable", reason=reason)

    def count_left_to_ops(self) -> None:
        """Count a document that is no longer tried."""
        self._count_ended(Status.NEEDS_OPS)

    def observe_stage(self, stage: str, seconds: float) -> None:
        """Observe how long a stage took."""
        self._instruments.observe("stage_seconds", max(0.0, seconds), stage=stage)

    def count_put_back(self, cause: str) -> None:
        """Count an attempt that was put back."""
        self._instruments.count("attempts_put_back", cause=cause)

    def count_repeated(self) -> None:
        """Count an attempt that is not the first."""
        self._instruments.count("attempts_repeated")

    def count_lost(self, leases: int) -> None:
        """Count leases that were found expired."""
        self._instruments.count("leases_expired", leases)

    def count_orphans(self, removed: int) -> None:
        """Count originals of dead uploads that were removed."""
        self._instruments.count("orphans_removed", removed)

    def count_erased(self, cause: str, documents: int) -> None:
        """Count documents that were erased."""
        self._instruments.count("documents_erased", documents, cause=cause)

    def set_oldest_document(self, seconds: float) -> None:
        """Set the gauge."""
        self._instruments.set("documents_oldest_seconds", seconds)

    def set_depth(self, depth: QueueDepth, now: datetime) -> None:
        """Set the gauges of the queue, also for labels of which there are no documents any more."""
        counted = {(status.value, label): count for status, label, count in depth.documents}
        self._counted = dict.fromkeys(self._counted, 0) | counted
        frequent = sorted(self._counted.items(), key=lambda one: (one[0][1] != "", -one[1]))  # those of no label first
        documents = [({"status": status, "label": label}, count) for (status, label), count in frequent]
        self._instruments.set_all("documents", documents)
        self._instruments.set("documents_needing_ops", counted.get((Status.NEEDS_OPS.value, ""), 0))
        self._instruments.set("queue_depth", depth.waiting)
        self._instruments.set("queue_oldest_seconds", measure_age(depth.oldest, now))

    def set_ledger(self, checked_at: datetime | None, checked: int, faults: Mapping[str, int]) -> None:
        """Set the gauges of the ledger."""
        for kind in SEVERITIES:
            self._instruments.set("ledger_faults", faults.get(kind, 0), kind=kind)
        self._instruments.set("ledger_documents_checked", checked)
        self._instruments.set("ledger_checked_at_seconds", checked_at.timestamp() if checked_at else 0.0)

    def set_failing_exports(self, batches: int) -> None:
        """Set the gauge."""
        self._instruments.set("exports_failing", batches)

    def set_outdated(self, documents: int) -> None:
        """Set the gauge."""
        self._instruments.set("documents_outdated", documents)

    def count_delivery(self, outcome: str) -> None:
        """Count an attempt."""
        self._instruments.count("webhook_attempts", outcome=outcome)

    def set_deliveries(self, backlog: DeliveryBacklog, now: datetime) -> None:
        """Set the gauges of the deliveries."""
        self._instruments.set("webhook_waiting", backlog.waiting)
        self._instruments.set("webhook_failing", backlog.failing)
        self._instruments.set("webhook_oldest_seconds", measure_age(backlog.oldest, now))
        self._instruments.set("webhook_dead", backlog.dead)

    def set_watched(self, places: Sequence[WatchedPlace], now: datetime) -> None:
        """Set the gauges of the watched places; of those that are beyond the bound, or share a name, the worst is told."""
        values: Mapping[str, tuple[Fold, Callable[[WatchedPlace], float]]] = {
            "handed_in": (sum, lambda place: place.handed_in),
            "failed": (sum, lambda place: place.failed),
            "waiting": (sum, lambda place: place.waiting),
            "oldest_seconds": (max, lambda place: measure_age(place.oldest_at, now)),
            "looked_at_seconds": (min, lambda place: place.looked_at.timestamp()),
            "away": (max, lambda place: 1 if place.away else 0),
        }
        for name, (fold, measure) in values.items():
            labelled = [({"place": place.name, "team": place.team}, measure(place)) for place in places]
            self._instruments.set_all(f"watch_{name}", labelled, fold=fold)

    def set_figures(self, figures: Sequence[Figure]) -> None:
        """Set the gauges."""
        names = dict.fromkeys(figure.name for figure in figures)
        for name in names:
            self._instruments.set_all(
                name, [(figure.labels, figure.value) for figure in figures if figure.name == name]
            )

    def _count_ended(self, status: Status, number: int = 1) -> None:
        self._instruments.count(
            "documents_ended", number, status=status.value, label="", source=ReadingSource.NONE.value
        )


def set_model(instruments: Instruments, champion: Champion, policy: Policy) -> None:
    """Set which model serves, whether it is the champion, and whether the policy was made for it."""
    served = champion.served
    instruments.set("model_serves", served is not None)
    instruments.set("registry_reachable", champion.registry_answers)
    instruments.set("champion_refused", bool(champion.refused) if served or champion.registry_answers else 0)
    instruments.set("policy_served_version", policy.version)
    if served is None:
        return
    version = served.version
    names = {"version": str(version.number), "hash": version.sha256[:12], "role": served.role}
    instruments.set_all("model_info", [(names, 1)])
    instruments.set("model_created_timestamp_seconds", version.created.timestamp())
    instruments.set("policy_holds", policy.wrong_in is None or policy.model_hash == version.sha256)


def set_confinement(instruments: Instruments, missing: Mapping[str, str]) -> None:
    """Set which layers of a reader process's confinement are in force."""
    for layer in CONFINEMENT:
        instruments.set("reader_confined", 0 if layer in missing else 1, layer=layer)


def count_page(instruments: Instruments, source: ReadingSource, seconds: float) -> None:
    """Count a page that was read, or fetched; how long it took only where it is known by what."""
    instruments.count("pages_read", source=source.value)
    if source.value in SOURCES_READ:
        instruments.observe("page_seconds", seconds, source=source.value)


def _name_pages(pages: int) -> str:
    return "1" if pages <= 1 else "2-5" if pages <= 5 else "6+"
