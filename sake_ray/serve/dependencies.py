"""What a request may stand on: the parts of the service, and who asks."""

from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol

from fastapi import Depends, Query, Request
from fastapi.security import OAuth2PasswordBearer
from starlette.convertors import Convertor, register_url_convertor

from sake_ray.classifier import Explanation
from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.documents import Document
from sake_ray.errors import NotAllowed, NotSignedIn
from sake_ray.serve.admin_services import AdminServices
from sake_ray.serve.auth import NOT_SIGNED_IN, Authenticator
from sake_ray.serve.intake import Intake
from sake_ray.serve.problems import MEDIA_TYPE
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import Records


@dataclass(frozen=True, slots=True)
class ServingStatus:
    """What the predictor says of itself: the model that serves."""

    model_version: str
    labels: tuple[str, ...]


class PredictorService(Protocol):
    """The model, wherever it runs."""

    def serving(self) -> Awaitable[ServingStatus]:
        """Tell which model serves; raises NoChampion."""

    def explain(self, document: Document, label: str | None) -> Awaitable[tuple[Explanation, str]]:
        """Explain the prediction of a document by the model that made it; also that model's version."""


class OrchestratorService(Protocol):
    """The orchestrator, wherever it runs."""

    def check(self) -> Awaitable[None]:
        """Return when documents are being worked off; raises otherwise."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the gateway stands on."""

    records: Records
    store: ObjectStore
    intake: Intake
    door: Authenticator
    predictor: PredictorService
    works: OrchestratorService
    workshop: AdminServices


def get_services(request: Request) -> Services:
    """The parts this app was made with."""
    parts: Services = request.app.state.parts
    return parts


Given = Annotated[Services, Depends(get_services)]

scheme = OAuth2PasswordBearer("auth/token", auto_error=False, description="POST /auth/token gives the token.")


def identify(parts: Given, token: Annotated[str | None, Depends(scheme)]) -> Account:
    """The account whose token came with the request."""
    if not token:
        raise NotSignedIn(NOT_SIGNED_IN)
    return parts.door.identify(token)


SignedIn = Annotated[Account, Depends(identify)]


def may_write(account: SignedIn) -> Account:
    """The account, if it may hand in and correct."""
    if account.role is Role.OPS:
        raise NotAllowed("An ops account watches; handing in and correcting wants the role user or admin.")
    return account


MayWrite = Annotated[Account, Depends(may_write)]


def is_admin(account: SignedIn) -> Account:
    """The account, if it is an admin's."""
    if account.role is not Role.ADMIN:
        raise NotAllowed("This is for the admin.")
    return account


Admin = Annotated[Account, Depends(is_admin)]


def may_watch(account: SignedIn) -> Account:
    """The account, if it watches over the installation."""
    if account.role not in {Role.ADMIN, Role.OPS}:
        raise NotAllowed("This is for those who run the installation: sign in with the role admin or ops.")
    return account


MayWatch = Annotated[Account, Depends(may_watch)]

PageNumber = Annotated[int, Query(ge=1, le=1_000_000)]
"""Which page of a list is asked for."""


class AnyTextConvertor(Convertor[str]):
    """What stands in a path from here to its end; Starlette's own `path` stops at a line break."""

    regex = r"[\s\S]*"

    def convert(self, value: str) -> str:
        """Take it as it is."""
        return value

    def to_string(self, value: str) -> str:
        """Give it as it is."""
        return value


register_url_convertor("reference", AnyTextConvertor())

ANY_PROBLEM: dict[str, Any] = {
    "description": "Any other problem: too large, too many requests at once, something wrong on our side.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def told(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems an operation may answer with, for the contract."""
    described = {
        400: "Malformed", 401: "Not signed in", 403: "Not allowed", 404: "Not found", 409: "Being worked on",
        413: "Too large", 415: "Unsupported type", 422: "Cannot be accepted", 429: "Too many tries", 503: "Not available now",
    }  # fmt: skip
    return {
        status: {
            "description": described[status],
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in statuses
    }
