"""The records: accounts, documents and their queue, predictions, answers, jobs. They are the source of truth."""

from sake_ray.storage.records.accounts import Accounts
from sake_ray.storage.records.answers import Answers
from sake_ray.storage.records.api_keys import ApiKeys
from sake_ray.storage.records.audit import Audit, AuditFilter
from sake_ray.storage.records.batches import BatchCount, Batches
from sake_ray.storage.records.bin import Bin
from sake_ray.storage.records.clock import Clock
from sake_ray.storage.records.counts import Counts
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.decisions import Decisions
from sake_ray.storage.records.deliveries import Deliveries, DeliveryBacklog, DeliveryClaim
from sake_ray.storage.records.document_query import DocumentFilter
from sake_ray.storage.records.documents import Documents
from sake_ray.storage.records.erasures import Erasures
from sake_ray.storage.records.etags import EntityTags, Span
from sake_ray.storage.records.exports import ExportClaim, Exports
from sake_ray.storage.records.faults import Faults
from sake_ray.storage.records.figures import Figures
from sake_ray.storage.records.idempotency import AlreadyAnswered, HeldKey, IdempotencyKeys, PendingReply
from sake_ray.storage.records.identities import Identities
from sake_ray.storage.records.jobs import Jobs
from sake_ray.storage.records.ledger import Ledger
from sake_ray.storage.records.models import Models
from sake_ray.storage.records.monitoring import Monitoring
from sake_ray.storage.records.policies import Policies
from sake_ray.storage.records.promotions import Promotions
from sake_ray.storage.records.queue import Queue, QueueDepth
from sake_ray.storage.records.reapplication import OutdatedDocument, PolicyProgress
from sake_ray.storage.records.references import References
from sake_ray.storage.records.retention import Retention
from sake_ray.storage.records.reviews import Reviews
from sake_ray.storage.records.search import Search
from sake_ray.storage.records.second_factors import SecondFactors
from sake_ray.storage.records.sessions import Sessions
from sake_ray.storage.records.sign_in_failures import SignInFailures
from sake_ray.storage.records.splits import Splits
from sake_ray.storage.records.uploads import PendingUpload, Uploads
from sake_ray.storage.records.watched import AlreadyHandedIn, Watched, WatchedFile, WatchedOutcome, WatchedPlace
from sake_ray.storage.records.webhooks import Webhooks

__all__ = [
    "AlreadyAnswered",
    "AlreadyHandedIn",
    "AuditFilter",
    "BatchCount",
    "DeliveryBacklog",
    "DeliveryClaim",
    "DocumentFilter",
    "ExportClaim",
    "HeldKey",
    "OutdatedDocument",
    "PendingReply",
    "PendingUpload",
    "PolicyProgress",
    "QueueDepth",
    "Records",
    "Span",
    "WatchedFile",
    "WatchedOutcome",
    "WatchedPlace",
]


class Records:
    """All records of one database, by what they are about. Plain values only, so that it can be pickled."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.accounts = Accounts(self.database)
        self.answers = Answers(self.database)
        self.api_keys = ApiKeys(self.database)
        self.audit = Audit(self.database)
        self.batches = Batches(self.database)
        self.bin = Bin(self.database)
        self.clock = Clock(self.database)
        self.counts = Counts(self.database)
        self.decisions = Decisions(self.database)
        self.deliveries = Deliveries(self.database)
        self.documents = Documents(self.database)
        self.erasures = Erasures(self.database)
        self.exports = Exports(self.database)
        self.faults = Faults(self.database)
        self.figures = Figures(self.database)
        self.jobs = Jobs(self.database)
        self.ledger = Ledger(self.database)
        self.models = Models(self.database)
        self.monitoring = Monitoring(self.database)
        self.policies = Policies(self.database)
        self.promotions = Promotions(self.database)
        self.queue = Queue(self.database)
        self.references = References(self.database)
        self.identities = Identities(self.database)
        self.idempotency_keys = IdempotencyKeys(self.database)
        self.retention = Retention(self.database)
        self.reviews = Reviews(self.database)
        self.etags = EntityTags(self.database)
        self.search = Search(self.database)
        self.second_factors = SecondFactors(self.database)
        self.sessions = Sessions(self.database)
        self.sign_in_failures = SignInFailures(self.database)
        self.splits = Splits(self.database)
        self.uploads = Uploads(self.database)
        self.watched = Watched(self.database)
        self.webhooks = Webhooks(self.database)

    def __repr__(self) -> str:
        return f"Records({self.database!r})"
