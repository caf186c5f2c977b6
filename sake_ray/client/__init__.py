"""Talk to the service over HTTP, with a module for each noun."""

from types import TracebackType
from typing import Self

from sake_ray.client.accounts import AccountCalls
from sake_ray.client.api_keys import ApiKeyCalls
from sake_ray.client.audit import AuditCalls
from sake_ray.client.batches import BatchCalls
from sake_ray.client.connection import ANSWER_SECONDS, PATIENCE_SECONDS, HttpConnection
from sake_ray.client.documents import DocumentCalls
from sake_ray.client.erasures import ErasureCalls
from sake_ray.client.feedback import FeedbackCalls
from sake_ray.client.images import ImageCalls
from sake_ray.client.iteration import iterate
from sake_ray.client.jobs import JobCalls
from sake_ray.client.models import ModelCalls
from sake_ray.client.policy import PolicyCalls
from sake_ray.client.references import ReferenceCalls
from sake_ray.client.retention import RetentionCalls
from sake_ray.client.runs import RunCalls
from sake_ray.client.search import SearchCalls
from sake_ray.client.system import SystemCalls
from sake_ray.client.webhooks import WebhookCalls

__all__ = ["Client", "iterate"]


class Client:
    """One server, and one token or API key, with a call for every route, grouped by noun: `client.documents.list()`.

    A list comes with `items` and the `next_cursor` of those that follow; `iterate` goes through all of it.
    """

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        patience: float = PATIENCE_SECONDS,
        timeout: float = ANSWER_SECONDS,
        peer: str = "",
    ) -> None:
        self.connection = HttpConnection(url, token, patience=patience, timeout=timeout, peer=peer)
        self.accounts = AccountCalls(self.connection)
        self.api_keys = ApiKeyCalls(self.connection)
        self.audit = AuditCalls(self.connection)
        self.batches = BatchCalls(self.connection)
        self.documents = DocumentCalls(self.connection)
        self.erasures = ErasureCalls(self.connection)
        self.feedback = FeedbackCalls(self.connection)
        self.images = ImageCalls(self.connection)
        self.jobs = JobCalls(self.connection)
        self.models = ModelCalls(self.connection)
        self.policy = PolicyCalls(self.connection)
        self.references = ReferenceCalls(self.connection)
        self.retention = RetentionCalls(self.connection)
        self.runs = RunCalls(self.connection)
        self.search = SearchCalls(self.connection)
        self.system = SystemCalls(self.connection)
        self.webhooks = WebhookCalls(self.connection)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.connection.close()
