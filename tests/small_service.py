"""The HTTP application with records, a store and accounts, and without a model: what needs none starts in a moment."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import Any, cast

from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.types import ASGIApp

from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.peers import parse_networks
from sake_ray.domain.webhooks import WebhookRules
from sake_ray.metrics.instruments import Instruments, NoInstruments
from sake_ray.serve.admin_services import AdminServices
from sake_ray.serve.auth import Authenticator
from sake_ray.serve.dependencies import Services
from sake_ray.serve.http_app import create_app
from sake_ray.serve.idempotency import RequestKeys
from sake_ray.serve.intake import Intake
from sake_ray.serve.issuer import Issuer
from sake_ray.serve.lease_renewal import LeaseRenewal
from sake_ray.serve.passwords import hash_password
from sake_ray.serve.peers import PeerRules
from sake_ray.serve.proxy import make_guard
from sake_ray.serve.webhooks import make_webhook_parts
from sake_ray.storage.objects import FolderStore, ObjectStore
from tests.office import RECIPE, Office, make_office
from tests.serving import serve_app
from tests.waiting import PATIENCE

KEY = "0" * 64
WEBHOOK_RULES = WebhookRules(True, networks=parse_networks("127.0.0.1"))
"""So that tests may receive."""


class SmallService:
    """An office with its application; another store and an issuer can be given to it."""

    def __init__(
        self,
        home: Path,
        store: ObjectStore | None = None,
        *,
        url: str = "",
        issuer: Issuer | None = None,
        peers: PeerRules = PeerRules(),  # noqa: B008
    ) -> None:
        self.office: Office = make_office(home, url)
        self.records, self.store = self.office.records, store or self.office.store
        renewal = LeaseRenewal(self.records)
        intake = Intake(self.records, self.store, renewal, max_bytes=20_000_000)
        none = cast(Any, None)
        self.authenticator = Authenticator(self.records, KEY, issuer=issuer)
        services = Services(
            records=self.records,
            store=self.store,
            intake=intake,
            authenticator=self.authenticator,
            predictor=none,
            orchestrator=none,
            admin=AdminServices(self.office.workspace, none, RECIPE, home / "jobs", none, home / "models"),
            keys=RequestKeys(self.records, renewal, KEY),
            webhooks=make_webhook_parts(WEBHOOK_RULES, KEY),
        )
        self.app: FastAPI = create_app(services, peers=peers)
        self.http = TestClient(self.app, raise_server_exceptions=False)

    def sign(self, name: str, role: Role = Role.USER, team: str = "paris", password: str = "") -> dict[str, str]:
        """Make an account; return the header that signs in as it."""
        account = Account(name, role, team)
        hashed = hash_password(password) if password else "!"
        self.records.accounts.add(account, password_hash=hashed, now=datetime.now(UTC))
        return {"Authorization": f"Bearer {self.authenticator.open_session(account, now=datetime.now(UTC))}"}


class HeldStore(FolderStore):
    """A store as slow as a disk that hangs: nothing is written or read until `release` is set."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.release = Event()
        self.waiting = 0

    def put(self, key: str, data: bytes, *, durable: bool = False) -> None:
        self._wait()
        super().put(key, data, durable=durable)

    def get_range(self, key: str, start: int, length: int) -> bytes:
        self._wait()
        return super().get_range(key, start, length)

    def _wait(self) -> None:
        self.waiting += 1
        assert self.release.wait(PATIENCE)


@contextmanager
def serve_guarded(app: ASGIApp, instruments: Instruments | None = None) -> Iterator[int]:
    """Serve an application as Serve's proxy does, behind the guard, on a port of this machine; yields the port."""
    for middleware in make_guard(instruments or NoInstruments()):
        app = middleware.cls(app, *middleware.args, **middleware.kwargs)
    with serve_app(app, lifespan="off", log_config=None, timeout_keep_alive=65) as port:
        yield port
