"""The dependencies of the routes: the parts of the service, and the account that sends the request."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Annotated, Protocol

from fastapi import Depends, Request
from fastapi.security import OAuth2PasswordBearer
from starlette.convertors import Convertor, register_url_convertor

from sake_ray.classifier import Explanation
from sake_ray.domain.accounts import Account, Role, Session
from sake_ray.domain.documents import Document
from sake_ray.errors import PermissionDenied, Unauthenticated
from sake_ray.metrics import Instruments
from sake_ray.metrics.instruments import NoInstruments
from sake_ray.serve.admin_services import AdminServices
from sake_ray.serve.auth import Authenticator, utc_now
from sake_ray.serve.executors import AUTHENTICATION, ISSUER
from sake_ray.serve.idempotency import RequestKeys
from sake_ray.serve.intake import Intake
from sake_ray.serve.measurements import Measuring
from sake_ray.serve.views import DocumentViews
from sake_ray.serve.webhooks import WebhookParts
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import Records


@dataclass(frozen=True, slots=True)
class ServingStatus:
    """The model that serves, as the predictor reports it."""

    model_version: str
    labels: tuple[str, ...]


class PredictorService(Protocol):
    """The model, wherever it runs."""

    def get_status(self) -> Awaitable[ServingStatus]:
        """Get the model that serves; raises NoChampion."""

    def explain(self, document: Document, label: str | None) -> Awaitable[tuple[Explanation, str]]:
        """Explain the prediction of a document by the model that made it; also return that model's version."""


class OrchestratorService(Protocol):
    """The orchestrator, wherever it runs."""

    def check(self) -> Awaitable[None]:
        """Return while documents are being processed; raise otherwise."""

    def remake(self, document: Document, *, anew: bool = False, wait: bool = True) -> Awaitable[None]:
        """Have the text of a document made again; `anew`: its page images, although the text is there.

        Raises TextPending when it takes longer than some seconds, at once without `wait`; NotFound when it cannot be read any
        more; ReadingStalled when the machine is too busy; ObjectMissing or OriginalDamaged when the original is at fault.
        """


@dataclass(frozen=True, slots=True)
class Services:
    """The parts of the service that routes use."""

    records: Records
    store: ObjectStore
    intake: Intake
    authenticator: Authenticator
    predictor: PredictorService
    orchestrator: OrchestratorService
    admin: AdminServices
    keys: RequestKeys
    webhooks: WebhookParts
    views: DocumentViews = field(default_factory=DocumentViews)
    instruments: Instruments = field(default_factory=NoInstruments)
    measuring: Measuring | None = None
    """Asks Prometheus, where there is one."""


async def get_services(request: Request) -> Services:
    """Get the services that the app was created with."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(get_services)]

oauth2_scheme = OAuth2PasswordBearer(
    "auth/token",
    auto_error=False,
    description="POST /auth/token gives the token; an admin gives a program its API key.",
)


async def authenticate_request(request: Request) -> Session:
    """Find the session whose token came with the request, once for each request. Raises Unauthenticated."""
    if (known := getattr(request.state, "session", None)) is not None:
        return known  # type: ignore[no-any-return]
    token = await oauth2_scheme(request)
    if not token:
        raise Unauthenticated("authentication-required")
    services: Services = request.app.state.services
    authenticator = services.authenticator
    executor = ISSUER if authenticator.is_of_issuer(token) else AUTHENTICATION
    request.state.session = await executor.run(authenticator.authenticate, token, now=utc_now())
    return request.state.session  # type: ignore[no-any-return]


async def get_current_session(request: Request, _: Annotated[str | None, Depends(oauth2_scheme)]) -> Session:
    """Get the session whose token came with the request."""
    return await authenticate_request(request)


SessionDep = Annotated[Session, Depends(get_current_session)]


async def get_current_account(session: SessionDep) -> Account:
    """Get the account that sends the request."""
    return session.account


AccountDep = Annotated[Account, Depends(get_current_account)]


async def require_reader(account: AccountDep) -> Account:
    """Get the account if it may see what documents say and show."""
    if not account.may_see_documents:
        raise PermissionDenied("ops-see-figures")
    return account


ReaderDep = Annotated[Account, Depends(require_reader)]


async def require_writer(account: AccountDep) -> Account:
    """Get the account if it may submit and correct documents."""
    if account.role is Role.OPS:
        raise PermissionDenied("ops-may-not-write")
    return account


WriterDep = Annotated[Account, Depends(require_writer)]


async def require_reviewer(account: AccountDep) -> Account:
    """Get the account if it may work off the review queue."""
    if account.role not in {Role.ADMIN, Role.REVIEWER}:
        raise PermissionDenied("admin-or-reviewer-only")
    return account


ReviewerDep = Annotated[Account, Depends(require_reviewer)]


async def require_admin(account: AccountDep) -> Account:
    """Get the account if it is an admin's."""
    if account.role is not Role.ADMIN:
        raise PermissionDenied("admin-only")
    return account


AdminDep = Annotated[Account, Depends(require_admin)]


async def require_monitoring(account: AccountDep) -> Account:
    """Get the account if it may monitor the installation."""
    if account.role not in {Role.ADMIN, Role.OPS}:
        raise PermissionDenied("admin-or-ops-only")
    return account


MonitoringDep = Annotated[Account, Depends(require_monitoring)]
ROLES = (require_reader, require_writer, require_reviewer, require_admin, require_monitoring)
"""The dependencies that refuse an account for its role; a route asks them before it reads anything else of a request."""


class AnyTextConvertor(Convertor[str]):
    """Converts the rest of a path, of any characters; Starlette's own `path` stops at a line break."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        """Return it unchanged."""
        return value

    def to_string(self, value: str) -> str:
        """Return it unchanged."""
        return value


register_url_convertor("reference", AnyTextConvertor())
