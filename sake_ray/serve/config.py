"""The configuration of the deployments."""

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from sake_ray.backup import BackupPlace
from sake_ray.data.reading import ReadingOptions
from sake_ray.domain.accounts import SecondFactorRule
from sake_ray.domain.issuers import IssuerConfig
from sake_ray.domain.parts import SplitMode
from sake_ray.domain.peers import Networks
from sake_ray.domain.texts import Recipe
from sake_ray.domain.verdicts import Policy
from sake_ray.domain.webhooks import WebhookRules
from sake_ray.metrics import Instruments
from sake_ray.registry import Registry
from sake_ray.storage.objects import FolderStore, ObjectStore
from sake_ray.storage.observation import ObservedStore
from sake_ray.storage.records import Records
from sake_ray.workspace import Workspace


@dataclass(frozen=True, slots=True)
class ServiceConfig:
    """What the deployments are made from, as plain values, so that it can be sent to the replicas."""

    records: Records
    store: ObjectStore
    registry: Registry
    reading: ReadingOptions
    recipe: Recipe
    policy: Policy
    models: Path
    workspace: Workspace
    job_logs: Path
    token_key: Path
    screens_key: Path
    """The key by which the screens state whom they speak for."""
    trusted_proxies: Networks
    logs: Path | None
    log_level: str
    readers: int
    """How many documents are read at a time, over all nodes."""
    cpus: int
    """The CPUs of the cluster; those that no reader takes are for jobs."""
    otlp_endpoint: str = ""
    """Where spans are sent; empty for nowhere."""
    workspace_here: bool = True
    """Whether this service, and no other over the same records, has the workspace."""
    split: SplitMode = SplitMode.PROPOSE
    """What becomes of a file that seems to hold several documents, unless its upload says so."""
    issuer: IssuerConfig | None = None
    """Who else signs people in."""
    second_factor: SecondFactorRule = SecondFactorRule.NONE
    """Whose accounts must have a second factor."""
    webhook_rules: WebhookRules = field(default_factory=WebhookRules)
    """Where webhooks may lead."""
    prometheus_url: str = ""
    """The Prometheus that is asked for what the admin's monitoring page shows; empty: none."""
    bin_days: float = 30
    """After so many days in the bin a document is erased."""
    retention_months: int = 24
    """After so many months documents are erased, where no rule says otherwise; 0: never."""

    backups: BackupPlace | None = None
    """Where backups are kept, beside which erasures are noted; None where none are made."""

    @property
    def needs_home_to_read(self) -> bool:
        """Whether only the node with the home reaches records and objects."""
        return self.records.database.is_sqlite or isinstance(self.store, FolderStore)

    def observe_storage(self, instruments: Instruments) -> "ServiceConfig":
        """The same, with records and store that tell the metrics of this process how long they take."""
        self.records.database.observer = partial(_observe, instruments, "records")
        return replace(self, store=ObservedStore(self.store, partial(_observe, instruments, "objects")))


def _observe(instruments: Instruments, system: str, operation: str, seconds: float, failed: bool) -> None:
    instruments.observe("storage_seconds", seconds, system=system, operation=operation)
    if failed:
        instruments.count("storage_errors", system=system, operation=operation)
