"""Who gets past the door of which route: every cell of the table in docs/http-api.md, and every way to have no right at all."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from fastapi.testclient import TestClient

from sake_ray.domain.accounts import Account, Role, SecondFactorRule
from sake_ray.domain.api_keys import Scope
from sake_ray.serve.api_keys import prepare_api_key, store_api_key
from sake_ray.serve.issuer import Issuer
from sake_ray.serve.tokens import make_device_token, make_token
from tests.issuer import publishing
from tests.pages import letter, png
from tests.served_office import ServedOffice
from tests.small_service import KEY, SmallService

GUIDE = Path(__file__).parents[2] / "docs" / "http-api.md"
OPEN = {"GET /health", "GET /ready", "POST /auth/token", "GET /auth/issuer", "POST /auth/issuer"}
NOBODY = {"uuid": "0b9a6a4c-8f5e-4c62-9a1d-0123456789ab", "n": "1", "number": "999999", "sha256": "a" * 64}
"""Of what there is none, by the name in the path; any other name stands for itself."""
ENTERED = "entered"
TEAM, DAY = "paris", timedelta(days=1)

Headers = dict[str, str]
Sign = Callable[[], Headers]


def read_table() -> dict[str, dict[str, str]]:
    """The table of the guide: route, column, cell."""
    section = GUIDE.read_text(encoding="utf-8").partition("## Who may do what")[2]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in section.splitlines() if line[:1] == "|"]
    head, _, *rows = lines
    return {route.strip("`"): dict(zip(head[1:], cells, strict=True)) for route, *cells in rows}


TABLE = read_table()


@pytest.fixture
def http(small: SmallService) -> Iterator[TestClient]:
    """The application on one event loop: hundreds of requests are sent."""
    with TestClient(small.app, raise_server_exceptions=False) as client:
        yield client


def call(http: TestClient, route: str, headers: Headers, **known: str) -> Any:
    """Send a request without a body; what is named in its path is not there, unless it is known."""
    method, path = route.split(" ")
    path = re.sub(r"\{(\w+)\}", lambda name: (NOBODY | known).get(name[1], name[1]), path)
    return http.request(method, path, headers=headers)


def outcome(answer: Any) -> str:
    """The code of the refusal, or that the door was passed, whatever came then: without services that can be an error."""
    return str(answer.json()["code"]) if answer.status_code in {401, 403} else ENTERED


def bearer(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}


def make_account(small: SmallService, name: str, role: Role, *, sees: bool = False) -> Account:
    account = Account(name, role, TEAM, sees_documents=sees)
    small.records.accounts.add(account, password_hash="!", now=datetime.now(UTC))
    return account


def signing(small: SmallService, account: Account) -> Sign:
    """Signs in anew each time: some routes end the session, or all of them."""

    def sign() -> Headers:
        found = small.records.accounts.find(account.name)
        assert found
        return bearer(small.authenticator.open_session(found[0], now=datetime.now(UTC)))

    return sign


def make_key(small: SmallService, name: str, *scopes: Scope, now: datetime | None = None, days: int = 2) -> Headers:
    new = prepare_api_key(name, team=TEAM, scopes=scopes, by="anna", days=days, now=now or datetime.now(UTC))
    store_api_key(small.records, new)
    return bearer(new.secret)


def test_the_table_has_every_route_and_no_other(small: SmallService) -> None:
    contract = small.app.openapi()
    operations = {
        f"{method.upper()} {path}": operation
        for path, methods in contract["paths"].items()
        for method, operation in methods.items()
    }
    assert {route for route, operation in operations.items() if "security" not in operation} == OPEN
    assert operations.keys() - OPEN == TABLE.keys(), "docs/http-api.md, Who may do what"


@pytest.mark.parametrize("role", list(Role))
def test_each_role_gets_past_the_doors_that_the_table_says(small: SmallService, http: TestClient, role: Role) -> None:
    sign = signing(small, make_account(small, "somebody", role))
    found = {route: outcome(call(http, route, sign())) == ENTERED for route in TABLE}
    assert found == {route: row[role.value] == "yes" for route, row in TABLE.items()}


def test_ops_who_are_allowed_to_see_documents_get_past_those_doors_too(small: SmallService, http: TestClient) -> None:
    sign = signing(small, make_account(small, "otto", Role.OPS, sees=True))
    found = {route: outcome(call(http, route, sign())) == ENTERED for route in TABLE}
    assert found == {route: row["ops"] != "no" for route, row in TABLE.items()}


@pytest.mark.parametrize("scope", list(Scope))
def test_a_key_gets_past_the_doors_of_its_scope_and_no_others(
    small: SmallService, http: TestClient, scope: Scope
) -> None:
    key = make_key(small, "payroll", scope)
    found = {route: outcome(call(http, route, key)) for route in TABLE}
    for route, row in TABLE.items():
        cell = row["API key"]
        if cell == "no":
            assert found[route] == "api-key-not-for-this", route
        elif cell == "any" or f"`{scope.value}`" in cell:
            assert found[route] == ENTERED, route
        else:
            assert found[route] == "api-key-lacks-scope", route


def test_who_must_change_the_password_gets_past_no_door_but_that_of_the_own_sign_in(
    small: SmallService, http: TestClient
) -> None:
    make_account(small, "anna", Role.ADMIN)
    small.records.accounts.set_password("anna", "!", must_change=True)
    found_account = small.records.accounts.find("anna")
    assert found_account
    sign = signing(small, found_account[0])
    found = {route for route in TABLE if outcome(call(http, route, sign())) == ENTERED}
    own = {"GET /account", "PUT /account/password", "POST /auth/sign-out", "POST /auth/sign-out-everywhere"}
    assert found == own
    assert outcome(call(http, "GET /admin/users", sign())) == "password-to-change"


def test_who_must_set_up_a_second_factor_gets_past_no_door_but_those_of_the_own_sign_in(
    small: SmallService, http: TestClient
) -> None:
    small.records.accounts.add(Account("anna", Role.ADMIN, TEAM), password_hash="a hash", now=datetime.now(UTC))
    small.authenticator.second_factor = SecondFactorRule.ADMINS
    found_account = small.records.accounts.find("anna")
    assert found_account
    sign = signing(small, found_account[0])
    found = {route for route in TABLE if outcome(call(http, route, sign())) == ENTERED}
    own = {"GET /account", "PUT /account/password", "POST /auth/sign-out", "POST /auth/sign-out-everywhere"}
    assert found == own | {"POST /account/second-factor", "POST /account/second-factor/confirm"}
    assert outcome(call(http, "GET /admin/users", sign())) == "second-factor-to-set-up"


def list_impostors(small: SmallService) -> dict[str, tuple[Headers, str]]:
    """Every way to have no right: what is sent, and the code that it is refused with."""
    now = datetime.now(UTC)
    anna = make_account(small, "anna", Role.ADMIN)
    live = small.authenticator.open_session(anna, now=now)
    claims = jwt.decode(live, KEY, algorithms=["HS256"])
    session = str(claims["sid"])
    ended = small.authenticator.open_session(anna, now=now)
    small.authenticator.sign_out(small.authenticator.authenticate(ended, now=now), now=now)
    closed = make_account(small, "closed", Role.ADMIN)
    of_closed = small.authenticator.open_session(closed, now=now)
    small.records.accounts.set_disabled("closed", disabled=True)
    make_account(small, "berta", Role.ADMIN)
    revoked = make_key(small, "revoked", *Scope)
    small.records.api_keys.revoke("revoked", by="anna", now=now)
    needed = "authentication-required"
    return {
        "no token": ({}, needed),
        "no scheme": ({"Authorization": live}, needed),
        "another scheme": ({"Authorization": f"Basic {live}"}, needed),
        "no token after the scheme": ({"Authorization": "Bearer "}, needed),
        "no form at all": (bearer("x" * 5000), needed),
        "expired": (bearer(make_token("anna", session, KEY, now=now - DAY)), "token-expired"),
        "session ended": (bearer(ended), "session-ended"),
        "account disabled": (bearer(of_closed), "session-ended"),
        "unknown session": (bearer(make_token("anna", "guessed", KEY, now=now)), "session-ended"),
        "session of another account": (bearer(make_token("berta", session, KEY, now=now)), "session-ended"),
        "signed by another": (bearer(make_token("anna", session, "1" * 64, now=now)), needed),
        "signed by nobody": (bearer(jwt.encode(claims, "", algorithm="none")), needed),
        "another algorithm": (bearer(jwt.encode(claims, KEY, algorithm="HS512")), needed),
        "signature cut off": (bearer(live.rpartition(".")[0] + "."), needed),
        "without an expiry": (bearer(jwt.encode({"sub": "anna", "sid": session}, KEY, algorithm="HS256")), needed),
        "token of a device": (bearer(make_device_token("anna", "device", KEY, now=now)), needed),
        "unknown key": (bearer("sake_" + "x" * 43), "api-key-unknown"),
        "key cut short": (bearer(make_key(small, "cut", *Scope)["Authorization"].split()[1][:-1]), "api-key-unknown"),
        "revoked key": (revoked, "api-key-revoked"),
        "expired key": (make_key(small, "expired", *Scope, now=now - 3 * DAY), "api-key-expired"),
    }


def test_nobody_gets_past_any_door_without_a_right(small: SmallService, http: TestClient) -> None:
    for name, (headers, code) in list_impostors(small).items():
        assert {route: outcome(call(http, route, headers)) for route in TABLE} == dict.fromkeys(TABLE, code), name


def test_nobody_gets_past_any_door_by_a_token_that_the_issuer_did_not_make_for_us(tmp_path: Path) -> None:
    """The kinds are all tried in test_issuer.py; here some, on every route."""
    with publishing() as issuer:
        small = SmallService(tmp_path, issuer=Issuer(issuer.config()))
        foreign = jwt.encode(issuer.claims(), "", algorithm="none", headers={"kid": "first"})
        impostors = {
            "another issuer": (issuer.sign(iss="https://elsewhere.example"), "authentication-required"),
            "another audience": (issuer.sign(aud="another-api"), "issuer-token-invalid"),
            "signed by nobody": (foreign, "issuer-token-invalid"),
            "expired": (issuer.sign(exp=1), "issuer-token-expired"),
            "no role": (issuer.sign(realm_access={"roles": []}), "issuer-grants-no-role"),
        }
        with TestClient(small.app, raise_server_exceptions=False) as http:
            for name, (token, code) in impostors.items():
                found = {route: outcome(call(http, route, bearer(token))) for route in TABLE}
                assert found == dict.fromkeys(TABLE, code), name


@pytest.mark.parametrize("role", list(Role))
def test_the_issuers_roles_open_the_same_doors(tmp_path: Path, role: Role) -> None:
    with publishing() as issuer:
        small = SmallService(tmp_path, issuer=Issuer(issuer.config()))
        token = issuer.sign(realm_access={"roles": [f"sake-{role.value}"]})
        with TestClient(small.app, raise_server_exceptions=False) as http:
            found = {route: outcome(call(http, route, bearer(token))) for route in TABLE}
    # It signs out, and changes its password, at the issuer.
    assert found["POST /auth/sign-out"] == "issuer-token-not-ended"
    expected = {route: row[role.value] == "yes" for route, row in TABLE.items()} | {"POST /auth/sign-out": False}
    assert {route: code == ENTERED for route, code in found.items()} == expected


def test_what_belongs_to_another_team_is_as_if_it_were_not_there(office: ServedOffice) -> None:
    own, lyon = office.account("own"), office.account("stranger", team="lyon")
    uuid = office.upload(own, ("a.png", png(letter().render(60))), reference="Durand")
    office.work()
    known = {"id": office.only_document(own, uuid), "uuid": uuid, "reference": "Durand", "name": "Durand"}
    bodies: dict[str, Any] = {"POST /documents/{id}/answers": {"answer": "facture"}}
    key = prepare_api_key("lyon", team="lyon", scopes=list(Scope), by="anna", now=datetime.now(UTC))
    store_api_key(office.records, key)
    named = [r for r, row in TABLE.items() if row["user"] == "yes" and re.search(r"\{(id|uuid|reference|name)\}", r)]
    assert len(named) >= 12
    for route in named:
        method, path = route.split(" ")
        path = re.sub(r"\{(\w+)\}", lambda name: known.get(name[1], "1"), path)
        path += {"GET /documents/{id}/matches": "?q=word"}.get(route, "")
        for stranger in (lyon,) if TABLE[route]["API key"] == "no" else (lyon, bearer(key.secret)):
            answer = office.http.request(method, path, headers=stranger, json=bodies.get(route))
            assert answer.status_code == 404 or empty(answer), (route, answer.text)
        assert office.http.request(method, path, headers=own, json=bodies.get(route)).status_code != 404, route


def empty(answer: Any) -> bool:
    """Whether an answer has nothing in it: a reference without documents."""
    found = answer.json()
    return answer.status_code == 200 and (found == [] or (isinstance(found, dict) and found.get("items") == []))
