"""Access tokens of an OpenID Connect issuer: whom they open the API to, and which are refused."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from pathlib import Path
from time import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sake_ray.domain.accounts import Account, Role
from sake_ray.domain.issuers import find_claim
from sake_ray.serve.issuer import Issuer
from sake_ray.serve.issuer_keys import FRESH_SECONDS, PAUSE_SECONDS
from tests.issuer import CLIENT, SigningIssuer, publishing
from tests.small_service import SmallService
from tests.storage.example_records import NOW


@pytest.fixture
def issuer() -> Iterator[SigningIssuer]:
    """An issuer that answers."""
    with publishing() as issuer:
        yield issuer


class Clock:
    """A clock that stands still until it is moved."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Trusting:
    """A service that trusts the issuer."""

    def __init__(self, home: Path, issuer: SigningIssuer, **settings: Any) -> None:
        self.clock = Clock()
        self.small = SmallService(home, issuer=Issuer(issuer.config(**settings), clock=self.clock))
        self.records = self.small.records

    def ask(self, token: str, method: str = "GET", path: str = "/account", **sent: Any) -> Any:
        return self.small.http.request(method, path, headers={"Authorization": f"Bearer {token}"}, **sent)

    def code(self, token: str) -> str:
        """The code of the refusal, or the name of who was let in."""
        answer = self.ask(token)
        return str(answer.json()["name"] if answer.is_success else answer.json()["code"])


@pytest.fixture
def trusting(tmp_path: Path, issuer: SigningIssuer) -> Iterator[Trusting]:
    """A service that trusts the issuer."""
    trusting = Trusting(tmp_path, issuer)
    yield trusting
    trusting.small.http.close()


def test_a_token_acts_as_its_owner_with_role_and_team_of_the_moment(tmp_path: Path, issuer: SigningIssuer) -> None:
    trusting = Trusting(tmp_path, issuer, team_claim="groups")
    first = trusting.ask(issuer.sign(groups=["/paris"])).json()
    assert (first["name"], first["role"], first["team"]) == ("marie", "user", "paris")
    roles = {"roles": ["offline_access", "sake-user", "sake-admin"]}
    second = trusting.ask(issuer.sign(groups=["/lyon"], realm_access=roles, preferred_username="marie.dupont")).json()
    assert (second["name"], second["role"], second["team"]) == ("marie", "admin", "lyon"), (
        "the name stays: documents name it"
    )
    assert [(entry.action, entry.by) for entry in trusting.records.audit.list().items] == [
        ("account-changed", "issuer"),
        ("account-created", "issuer"),
    ]


def test_keys_of_an_elliptic_curve_count_as_well(trusting: Trusting, issuer: SigningIssuer) -> None:
    issuer.rotate("curve", curve=True)
    assert trusting.code(issuer.sign()) == "marie"


def sign_by_secret(claims: dict[str, Any], secret: bytes) -> str:
    """Sign by HMAC with whatever bytes; libraries refuse to do so with a public key."""
    parts = [{"alg": "HS256", "kid": "first"}, claims]
    body = ".".join(urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts)
    return f"{body}.{urlsafe_b64encode(hmac.digest(secret, body.encode(), 'sha256')).decode().rstrip('=')}"


def test_a_token_that_is_not_for_us_opens_nothing(trusting: Trusting, issuer: SigningIssuer) -> None:
    stranger, now = rsa.generate_private_key(65537, 2048), int(time())
    (key,) = issuer.keys.values()
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    claims, invalid = issuer.claims(), "issuer-token-invalid"
    tokens = {
        "another issuer": (issuer.sign(iss="https://elsewhere.example"), "authentication-required"),
        "the issuer with a slash": (issuer.sign(iss=issuer.url + "/"), "authentication-required"),
        "another audience": (issuer.sign(aud="another-api"), invalid),
        "the client's audience": (issuer.sign(aud=CLIENT), invalid),
        "no audience": (issuer.sign(aud=None), invalid),
        "signed by another": (issuer.sign(stranger), invalid),
        "an unknown key": (issuer.sign(stranger, "made-up"), invalid),
        "signed by nobody": (jwt.encode(claims, "", algorithm="none", headers={"kid": "first"}), invalid),
        "signed by the public key": (sign_by_secret(claims, public), invalid),
        "signature cut off": (issuer.sign().rpartition(".")[0] + ".", invalid),
        "expired": (issuer.sign(exp=now - 120), "issuer-token-expired"),
        "not valid yet": (issuer.sign(nbf=now + 120), invalid),
        "without an expiry": (issuer.sign(exp=None), invalid),
        "without a subject": (issuer.sign(sub=None), invalid),
        "an ID token by its type": (issuer.sign(typ="ID"), invalid),
        "an ID token by its nonce": (issuer.sign(nonce="n"), invalid),
        "no role": (issuer.sign(realm_access={"roles": ["other"]}), "issuer-grants-no-role"),
        "no claim of roles": (issuer.sign(realm_access=None), "issuer-grants-no-role"),
    }
    assert {name: trusting.code(token) for name, (token, _) in tokens.items()} == {
        name: code for name, (_, code) in tokens.items()
    }
    assert trusting.records.accounts.list().items == ()


def test_clocks_may_differ_by_a_minute(trusting: Trusting, issuer: SigningIssuer) -> None:
    now = int(time())
    assert trusting.code(issuer.sign(exp=now - 30)) == "marie"
    assert trusting.code(issuer.sign(nbf=now + 30, iat=now + 30)) == "marie"


def test_a_new_key_counts_at_once_and_a_withdrawn_one_for_an_hour_at_most(
    trusting: Trusting, issuer: SigningIssuer
) -> None:
    old = issuer.sign()
    assert trusting.code(old) == "marie"
    issuer.rotate("second")
    trusting.clock.now += PAUSE_SECONDS
    assert trusting.code(issuer.sign()) == "marie"
    assert trusting.code(old) == "issuer-token-invalid"


def test_made_up_keys_do_not_have_the_issuer_asked_each_time(trusting: Trusting, issuer: SigningIssuer) -> None:
    for number in range(5):
        assert trusting.code(issuer.sign(id=f"made-up-{number}")) == "issuer-token-invalid"
    assert issuer.fetches == 1
    trusting.clock.now += PAUSE_SECONDS
    trusting.code(issuer.sign(id="made-up"))
    assert issuer.fetches == 2


def test_while_the_issuer_is_away_known_keys_go_on_and_new_ones_are_refused(
    trusting: Trusting, issuer: SigningIssuer
) -> None:
    token = issuer.sign()
    assert trusting.code(token) == "marie"
    issuer.stop()
    trusting.clock.now += FRESH_SECONDS + 1
    assert trusting.code(token) == "marie"
    trusting.clock.now += PAUSE_SECONDS
    answer = trusting.ask(issuer.sign(id="new"))
    assert (answer.status_code, answer.json()["code"]) == (503, "issuer-unreachable")
    assert int(answer.headers["Retry-After"]) > 0
    issuer.start()
    trusting.clock.now += PAUSE_SECONDS
    assert trusting.code(issuer.sign(id="new")) == "issuer-token-invalid"


def test_an_issuer_that_was_never_reached_keeps_no_local_account_out(trusting: Trusting, issuer: SigningIssuer) -> None:
    issuer.stop()
    assert trusting.code(issuer.sign()) == "issuer-unreachable"
    assert trusting.small.http.get("/account", headers=trusting.small.sign("local")).is_success


def test_an_issuer_that_calls_itself_otherwise_is_not_trusted(tmp_path: Path, issuer: SigningIssuer) -> None:
    trusting = Trusting(tmp_path, issuer)
    told, issuer.url = issuer.url, "http://127.0.0.1:1"
    token = issuer.sign(iss=told)
    assert trusting.code(token) == "issuer-unreachable"


def test_nobody_takes_over_a_local_account_by_its_name(trusting: Trusting, issuer: SigningIssuer) -> None:
    trusting.records.accounts.add(Account("marie", Role.ADMIN, "paris"), password_hash="!", now=NOW)
    assert trusting.code(issuer.sign()) == "marie@127.0.0.1"
    assert trusting.code(issuer.sign(sub="another")) == "another@127.0.0.1"
    for name in ("key:payroll", "sake-up", " "):
        assert trusting.code(issuer.sign(sub=f"of{name.strip()}", preferred_username=name)) != name.strip()
    # Nothing of it can be the name of an account.
    assert trusting.code(issuer.sign(sub="x" * 200, preferred_username=" ")) == "account-exists"
    assert trusting.records.accounts.find("marie")[0].role is Role.ADMIN  # type: ignore[index]


def test_an_account_that_an_admin_disables_opens_nothing_whatever_the_issuer_says(
    trusting: Trusting, issuer: SigningIssuer
) -> None:
    assert trusting.code(issuer.sign()) == "marie"
    admin = trusting.small.sign("anna", Role.ADMIN)
    assert trusting.small.http.patch("/admin/users/marie", headers=admin, json={"disabled": True}).is_success
    assert trusting.code(issuer.sign()) == "account-disabled"


def test_what_the_issuer_says_is_not_changed_here(trusting: Trusting, issuer: SigningIssuer) -> None:
    token = issuer.sign()
    assert trusting.code(token) == "marie"
    admin = trusting.small.sign("anna", Role.ADMIN)
    for change in ({"role": "admin"}, {"team": "lyon"}, {"password": "right horse battery"}):
        answer = trusting.small.http.patch("/admin/users/marie", headers=admin, json=change)
        assert (answer.status_code, answer.json()["code"]) == (422, "account-of-issuer")
    passwords = {"old": "right horse battery", "new": "another horse battery"}
    assert trusting.ask(token, "PUT", "/account/password", json=passwords).json()["code"] == "password-of-issuer"
    assert trusting.ask(token, "POST", "/auth/sign-out").json()["code"] == "issuer-token-not-ended"


def test_without_an_audience_the_api_takes_no_token_of_the_issuer(tmp_path: Path, issuer: SigningIssuer) -> None:
    assert Trusting(tmp_path, issuer, audience="").code(issuer.sign()) == "issuer-token-not-taken"


def test_a_user_must_be_of_one_team_and_those_who_see_all_need_none(tmp_path: Path, issuer: SigningIssuer) -> None:
    trusting = Trusting(tmp_path, issuer, team_claim="groups")
    assert trusting.code(issuer.sign()) == "issuer-names-no-team"
    assert trusting.code(issuer.sign(groups=["/paris", "/lyon"])) == "issuer-names-no-team"
    assert trusting.code(issuer.sign(groups="paris")) == "marie"
    admin = trusting.ask(issuer.sign(sub="anna", realm_access={"roles": ["sake-admin"]})).json()
    assert (admin["role"], admin["team"]) == ("admin", "office")


def test_roles_are_read_where_the_setting_says(tmp_path: Path, issuer: SigningIssuer) -> None:
    trusting = Trusting(tmp_path, issuer, roles_claim="/resource_access/sake.web/roles")
    token = issuer.sign(realm_access=None, resource_access={"sake.web": {"roles": ["sake-ops"]}})
    assert trusting.ask(token).json()["role"] == "ops"


@pytest.mark.parametrize(
    ("path", "found"),
    [("a.b", 1), ("/a/b", 1), ("/c.d/e~1f", 2), ("a.b.c", None), ("x", None), ("/", None)],
)
def test_a_claim_is_found_by_dots_or_by_a_json_pointer(path: str, found: object) -> None:
    assert find_claim({"a": {"b": 1}, "c.d": {"e/f": 2}}, path) == found


def exchange(trusting: Trusting, **sent: str) -> Any:
    """Bring a code as the screens do."""
    usual = {"code": "code", "verifier": "v" * 43, "nonce": "n" * 24, "redirect_uri": "http://screens/issuer-return"}
    return trusting.small.http.post("/auth/issuer", json=usual | sent)


def test_a_code_is_exchanged_for_a_session_like_any_other(trusting: Trusting, issuer: SigningIssuer) -> None:
    issuer.tokens = {"id_token": issuer.sign(aud=CLIENT, nonce="n" * 24, typ="ID")}
    answer = exchange(trusting)
    assert answer.is_success, answer.text
    assert (answer.json()["role"], answer.json()["expires_in"]) == ("user", 43200)
    (form,) = issuer.forms
    assert (form["grant_type"], form["code"], form["code_verifier"]) == ("authorization_code", "code", "v" * 43)
    token = answer.json()["access_token"]
    assert trusting.code(token) == "marie"
    assert trusting.ask(token, "POST", "/auth/sign-out").status_code == 204
    assert trusting.code(token) == "session-ended"


def test_roles_that_keycloak_writes_into_the_access_token_only_are_found_there(
    trusting: Trusting, issuer: SigningIssuer
) -> None:
    admin = {"roles": ["sake-admin"]}
    id_token = issuer.sign(aud=CLIENT, nonce="n" * 24, realm_access=None)
    issuer.tokens = {"id_token": id_token, "access_token": issuer.sign(aud="account", realm_access=admin)}
    assert exchange(trusting).json()["role"] == "admin"
    issuer.tokens["access_token"] = issuer.sign(aud="account", realm_access=admin, sub="of another")
    assert exchange(trusting).json()["code"] == "issuer-grants-no-role"


def test_what_comes_for_a_code_must_be_for_this_client_and_this_attempt(
    trusting: Trusting, issuer: SigningIssuer
) -> None:
    usual = {"aud": CLIENT, "nonce": "n" * 24}
    wrong = (
        {"nonce": "m" * 24},
        {"nonce": None},
        {"aud": "another"},
        {"azp": "another"},
        {"iss": "https://else.example"},
    )
    for claims in wrong:
        issuer.tokens = {"id_token": issuer.sign(**usual | claims)}
        assert exchange(trusting).json()["code"] == "issuer-token-invalid", claims
    issuer.tokens = {"id_token": jwt.encode(issuer.claims(**usual), "", algorithm="none", headers={"kid": "first"})}
    assert exchange(trusting).json()["code"] == "issuer-token-invalid"
    issuer.tokens = {}
    assert exchange(trusting).json()["code"] == "issuer-refuses-code"
    issuer.stop()
    assert exchange(trusting).json()["code"] == "issuer-unreachable"
    assert trusting.records.accounts.list().items == ()


def test_codes_that_are_refused_again_and_again_wait_and_are_in_the_audit_log(
    trusting: Trusting, issuer: SigningIssuer
) -> None:
    for _ in range(20):
        assert exchange(trusting).json()["code"] == "issuer-refuses-code"
    waits = exchange(trusting)
    assert (waits.status_code, int(waits.headers["Retry-After"]) > 0) == (429, True)
    assert len(issuer.forms) == 20
    (entry, *_) = trusting.records.audit.list().items
    assert (entry.action, entry.by, entry.details["reason"]) == ("sign-in-failed", "", "issuer-refuses-code")
