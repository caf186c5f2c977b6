"""Signing in with a code of an app as well."""

from datetime import UTC, datetime, timedelta

import httpx
import pyotp
import pytest

from sake_ray.domain.accounts import Account, Role, SecondFactorRule
from sake_ray.serve.passwords import hash_password
from sake_ray.serve.second_factors import STEP_SECONDS
from sake_ray.serve.sign_in_limits import ONE_GUESSER
from tests.small_service import SmallService

PASSWORD = "correct horse battery"
PASSWORD_HASH = hash_password(PASSWORD)

Headers = dict[str, str]


@pytest.fixture
def anna(small: SmallService) -> Headers:
    """An admin with a session."""
    return add(small, "anna")


def add(small: SmallService, name: str, role: Role = Role.ADMIN) -> Headers:
    account = Account(name, role, "paris")
    small.records.accounts.add(account, password_hash=PASSWORD_HASH, now=datetime.now(UTC))
    return bearer(small.authenticator.open_session(account, now=datetime.now(UTC)))


def bearer(token: str) -> Headers:
    return {"Authorization": f"Bearer {token}"}


def sign_in(small: SmallService, **fields: str) -> httpx.Response:
    form = {"username": "anna"} | fields
    return small.http.post("/auth/token", data=form if "ticket" in form else {"password": PASSWORD} | form)


def code_of(secret: str, *, steps: int = 1) -> str:
    """The code of an app whose clock is off by so many steps. The one before has confirmed the factor."""
    return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=steps * STEP_SECONDS))


def set_up(small: SmallService, sign: Headers) -> tuple[str, dict[str, object]]:
    """Set up a second factor; return its secret and what confirming it answered."""
    secret = str(small.http.post("/account/second-factor", headers=sign).json()["secret"])
    sent = {"code": code_of(secret, steps=0)}
    confirmed = small.http.post("/account/second-factor/confirm", headers=sign, json=sent)
    assert confirmed.status_code == 200, confirmed.text
    return secret, confirmed.json()


def refused(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def test_password_alone_is_not_enough_any_more_and_the_ticket_stands_for_it(small: SmallService, anna: Headers) -> None:
    secret, _ = set_up(small, anna)
    needed = sign_in(small)
    assert refused(needed) == (401, "second-factor-needed")
    signed_in = sign_in(small, ticket=needed.json()["params"]["ticket"], code=code_of(secret))
    assert signed_in.status_code == 200
    mine = small.http.get("/account", headers=bearer(signed_in.json()["access_token"])).json()
    assert mine["has_second_factor"]


def test_ticket_opens_nothing_and_is_of_one_account_until_its_sessions_end(small: SmallService, anna: Headers) -> None:
    secret, _ = set_up(small, anna)
    set_up(small, add(small, "berta"))
    ticket = sign_in(small).json()["params"]["ticket"]
    assert small.http.get("/account", headers=bearer(ticket)).status_code == 401
    assert refused(sign_in(small, ticket=ticket)) == (401, "second-factor-needed")
    assert refused(sign_in(small, username="berta", ticket=ticket)) == (401, "wrong-credentials")
    small.records.accounts.set_password("anna", PASSWORD_HASH)
    assert refused(sign_in(small, ticket=ticket, code=code_of(secret))) == (401, "wrong-credentials")


def test_code_counts_once(small: SmallService, anna: Headers) -> None:
    secret, _ = set_up(small, anna)
    code = code_of(secret)
    assert sign_in(small, code=code).status_code == 200
    assert refused(sign_in(small, code=code)) == (401, "second-factor-wrong")


def test_clock_may_be_off_by_a_step_but_not_by_more(small: SmallService, anna: Headers) -> None:
    secret, _ = set_up(small, anna)
    assert refused(sign_in(small, code=code_of(secret, steps=-3))) == (401, "second-factor-wrong")
    assert refused(sign_in(small, code=code_of(secret, steps=4))) == (401, "second-factor-wrong")
    code = code_of(secret)
    assert sign_in(small, code=f"{code[:3]} {code[3:]}").status_code == 200


def test_recovery_code_counts_once_and_is_in_the_audit_log(small: SmallService, anna: Headers) -> None:
    _, confirmed = set_up(small, anna)
    codes = confirmed["recovery_codes"]
    assert isinstance(codes, list)
    assert len(set(codes)) == 8
    assert sign_in(small, code=codes[0].upper().replace("-", " ")).status_code == 200
    assert refused(sign_in(small, code=codes[0])) == (401, "second-factor-wrong")
    assert sign_in(small, code=codes[1]).status_code == 200
    used = [entry.details for entry in small.records.audit.list().items if entry.action == "recovery-code-used"]
    assert [details["codes_left"] for details in used] == [6, 7]


def test_wrong_codes_delay_all_places_but_the_known_devices(small: SmallService, anna: Headers) -> None:
    secret, confirmed = set_up(small, anna)
    codes = confirmed["recovery_codes"]
    assert isinstance(codes, list)
    device = sign_in(small, code=codes[0]).json()["device_token"]
    outcomes = [refused(sign_in(small, code="nonsense"))[0] for _ in range(ONE_GUESSER.free + 1)]
    assert outcomes == [401] * ONE_GUESSER.free + [429]
    assert sign_in(small, code=code_of(secret)).status_code == 429
    assert sign_in(small, code=code_of(secret), device_token=device).status_code == 200


def test_right_password_without_a_code_makes_no_room_for_guessing_codes(small: SmallService, anna: Headers) -> None:
    set_up(small, anna)
    outcomes = []
    for _ in range(ONE_GUESSER.free + 1):
        sign_in(small)
        outcomes.append(sign_in(small, code="000000").status_code)
    assert outcomes[-1] == 429


def test_who_must_set_one_up_gets_past_no_other_door(small: SmallService, anna: Headers) -> None:
    user = add(small, "ulla", Role.USER)
    small.authenticator.second_factor = SecondFactorRule.ADMINS
    assert refused(small.http.get("/admin/users", headers=anna)) == (403, "second-factor-to-set-up")
    assert refused(small.http.get("/auth/tools", headers=anna)) == (403, "second-factor-to-set-up")
    assert small.http.get("/account", headers=anna).json()["must_set_up_second_factor"]
    assert small.http.get("/documents", headers=user).status_code == 200
    _, confirmed = set_up(small, anna)
    sign = bearer(str(confirmed["access_token"]))
    assert small.http.get("/admin/users", headers=sign).status_code == 200
    small.authenticator.second_factor = SecondFactorRule.ALL
    assert small.http.get("/documents", headers=user).status_code == 403


def test_account_of_an_issuer_is_not_asked_for_one(small: SmallService) -> None:
    account = Account("otto", Role.ADMIN, "paris")
    small.records.accounts.add(account, password_hash="!", now=datetime.now(UTC))
    small.authenticator.second_factor = SecondFactorRule.ALL
    sign = bearer(small.authenticator.open_session(account, now=datetime.now(UTC)))
    assert small.http.get("/admin/users", headers=sign).status_code == 200
    assert refused(small.http.post("/account/second-factor", headers=sign)) == (422, "second-factor-of-issuer")


def test_confirming_ends_the_sessions_that_were_begun_with_the_password_alone(
    small: SmallService, anna: Headers
) -> None:
    other = bearer(sign_in(small).json()["access_token"])
    set_up(small, anna)
    assert small.http.get("/account", headers=other).status_code == 401
    assert small.http.get("/account", headers=anna).status_code == 401


def test_wrong_first_code_confirms_nothing(small: SmallService, anna: Headers) -> None:
    confirm = "/account/second-factor/confirm"
    assert refused(small.http.post(confirm, headers=anna, json={"code": "1"})) == (422, "second-factor-not-begun")
    small.http.post("/account/second-factor", headers=anna)
    outcome = refused(small.http.post(confirm, headers=anna, json={"code": "nonsense"}))
    assert outcome == (403, "second-factor-not-confirmed")
    assert sign_in(small).status_code == 200


def test_factor_that_is_confirmed_is_not_replaced_by_a_session(small: SmallService, anna: Headers) -> None:
    _, confirmed = set_up(small, anna)
    again = small.http.post("/account/second-factor", headers=bearer(str(confirmed["access_token"])))
    assert refused(again) == (422, "second-factor-exists")


def test_reset_ends_the_sessions_and_leaves_the_password(small: SmallService, anna: Headers) -> None:
    _, confirmed = set_up(small, anna)
    small.records.second_factors.reset("anna", by="root", now=datetime.now(UTC))
    assert small.http.get("/account", headers=bearer(str(confirmed["access_token"]))).status_code == 401
    assert sign_in(small).status_code == 200
    actions = [entry.action for entry in small.records.audit.list().items]
    assert {"second-factor-set-up", "second-factor-reset"} <= set(actions)


def test_secret_is_sealed_for_its_account_and_recovery_codes_are_hashed(small: SmallService, anna: Headers) -> None:
    secret, confirmed = set_up(small, anna)
    codes = confirmed["recovery_codes"]
    assert isinstance(codes, list)
    stored = str(small.records.second_factors.find("anna"))
    assert secret not in stored
    assert not any(code in stored for code in codes)
