"""The whole contract and the hostile requests again, through nginx in front of the guard of Serve's proxy."""

import os
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
import schemathesis

from sake_ray.domain.accounts import Role
from sake_ray.gateway.config import GatewayLimits
from sake_ray.serve import held_exchange
from tests.contract import fuzz_contract
from tests.gateway.front import Front, make_config, running
from tests.raw_http import Target, answer_raw, check
from tests.raw_requests import KINDS
from tests.served_office import ServedOffice
from tests.small_service import serve_guarded
from tests.waiting import PATIENCE

EXAMPLES = 30 if os.environ.get("SAKE_FAULTS") == "full" else 8
EAGER = GatewayLimits(
    requests_a_second=5000,
    burst=20_000,
    session_requests_a_second=5000,
    session_burst=20_000,
    guesses_a_minute=60_000,
    guess_burst=20_000,
)
"""Whoever tries so much would soon be told to wait."""
NGINX_TAKES = "chunks 6 "
"""A blank after the length of a chunk. It passes lengths of its own on, so that whoever is behind it sees the same end."""


@dataclass(frozen=True)
class Installation:
    """One with a gateway in front, and an admin of it."""

    office: ServedOffice
    front: Front

    def target(self, prefix: str) -> Target:
        trust = ssl.create_default_context(cafile=str(self.front.certificate))
        return Target("localhost", self.front.port, self.office.account("root", Role.ADMIN), trust, prefix)


@pytest.fixture
def installation(office: ServedOffice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installation]:
    monkeypatch.setattr(held_exchange, "LINGER_SECONDS", 0.2)
    with serve_guarded(office.http.app) as port:
        config = make_config(tmp_path, f"127.0.0.1:{port}", limits=EAGER)
        with running(tmp_path / "gateway", config) as front:
            yield Installation(office, front)


def test_the_contract_is_kept_through_the_gateway(installation: Installation) -> None:
    office, front = installation.office, installation.front
    schema = schemathesis.openapi.from_dict(office.http.get("/openapi.json").json())
    schema.config.update(base_url=f"{front.url}/api/v1")
    with requests.Session() as session:
        session.trust_env = False

        def call(case: schemathesis.Case, headers: dict[str, str]) -> schemathesis.Response:
            return case.call(headers=headers, session=session, verify=str(front.certificate), timeout=PATIENCE)

        seen = fuzz_contract(office, schema, call, examples=EXAMPLES)
    print(f"{seen.total()} cases: {dict(seen)}")
    assert seen.keys() >= {200, 202, 401, 403, 404, 422}


@pytest.mark.parametrize("prefix", ["", "/api/v1"], ids=["alias", "versioned"])
def test_hostile_requests_are_answered_or_refused_through_the_gateway(installation: Installation, prefix: str) -> None:
    target = installation.target(prefix)
    requests = [request for kind in KINDS for request in kind()][bool(prefix) :: 2]
    faults = {request.name: wrong for request in requests if (wrong := check(request, answer_raw(target, request)))}
    assert [name for name in faults if not name.startswith(NGINX_TAKES)] == []
