"""Guessing passwords is slow, and keeps nobody out."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from fastapi.testclient import TestClient

from sake_ray.domain.accounts import Role
from sake_ray.domain.peers import PEER_HEADER, sign_peer
from sake_ray.errors import TooManyAttempts
from sake_ray.serve.passwords import MAX_WAITING, RESERVED
from sake_ray.serve.sign_in_limits import ONE_GUESSER, ONE_NAME, SignInLimits
from sake_ray.storage.records import Records
from tests.served_office import KEY, PASSWORD, PEERS, PROXY, ServedOffice
from tests.small_service import SmallService
from tests.waiting import wait_until

NOW = datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
WRONG = "wrong horse battery"


def sign_in(http: TestClient, name: str = "admin", password: str = WRONG, **more: str) -> httpx.Response:
    headers = {name.replace("_", "-"): more.pop(name) for name in list(more) if name.startswith("X_")}
    return http.post("/auth/token", data={"username": name, "password": password, **more}, headers=headers)


def test_a_rotated_x_forwarded_for_skips_no_delay(office: ServedOffice) -> None:
    office.account("admin", Role.ADMIN)
    here = office.at("127.0.0.1")
    statuses = [sign_in(here, X_Forwarded_For=f"9.9.9.{number}").status_code for number in range(6)]
    assert statuses == [401] * 5 + [429]
    assert sign_in(here, password=PASSWORD, X_Forwarded_For="9.9.9.99:4711").status_code == 429


def test_behind_a_trusted_proxy_each_peer_is_delayed_for_itself(office: ServedOffice) -> None:
    office.account("admin", Role.ADMIN)
    proxy = office.at(PROXY)
    for _ in range(6):
        refused = sign_in(proxy, X_Forwarded_For="1.1.1.1, 9.9.9.9")
    assert refused.status_code == 429
    assert sign_in(proxy, password=PASSWORD, X_Forwarded_For="9.9.9.9, 8.8.8.8").status_code == 200


def test_the_screens_state_whom_they_speak_for_and_nobody_else_can(office: ServedOffice) -> None:
    office.account("admin", Role.ADMIN)
    screens, key = office.at("127.0.0.1"), PEERS.screens_key
    for _ in range(6):
        refused = screens.post(
            "/auth/token",
            data={"username": "admin", "password": WRONG},
            headers={PEER_HEADER: sign_peer("9.9.9.9", key)},
        )
    assert refused.status_code == 429
    form = {"username": "admin", "password": PASSWORD}
    forged = {PEER_HEADER: sign_peer("9.9.9.9", "another key")}
    assert screens.post("/auth/token", data=form, headers=forged).status_code == 200, "9.9.9.9 was not believed"
    stated = {PEER_HEADER: sign_peer("8.8.8.8", key)}
    assert screens.post("/auth/token", data=form, headers=stated).status_code == 200


def test_nobody_keeps_the_admin_out_of_a_device_that_was_used_before(office: ServedOffice) -> None:
    office.account("admin", Role.ADMIN)
    device = sign_in(office.at("7.7.7.7"), password=PASSWORD).json()["device_token"]
    for peer in range(30):  # from everywhere, and from the admin's own address too
        sign_in(office.at("7.7.7.7" if peer % 2 else f"9.9.9.{peer}"))
    assert sign_in(office.at("6.6.6.6"), password=PASSWORD).status_code == 429, "a stranger waits"
    assert sign_in(office.at("7.7.7.7"), password=PASSWORD, device_token=device).status_code == 200
    assert sign_in(office.at("5.5.5.5"), password=PASSWORD, device_token=device).status_code == 200


def test_a_known_device_guesses_no_faster_than_a_stranger(office: ServedOffice) -> None:
    office.account("admin", Role.ADMIN)
    here = office.at("7.7.7.7")
    device = sign_in(here, password=PASSWORD).json()["device_token"]
    statuses = [sign_in(here, device_token=device).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


def test_a_device_is_known_to_its_own_account_only_and_opens_nothing(office: ServedOffice) -> None:
    office.account("admin", Role.ADMIN)
    office.account("eve")
    here = office.at("7.7.7.7")
    device = sign_in(here, "eve", PASSWORD).json()["device_token"]
    statuses = [sign_in(here, device_token=device).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]
    assert here.get("/account", headers={"Authorization": f"Bearer {device}"}).status_code == 401


def test_a_token_is_no_device(office: ServedOffice) -> None:
    token = office.account("admin", Role.ADMIN)["Authorization"].removeprefix("Bearer ")
    statuses = [sign_in(office.http, device_token=token).status_code for _ in range(6)]
    assert statuses == [401] * 5 + [429]


def test_one_peer_is_slowed_down_over_all_names(office: ServedOffice) -> None:
    office.account("admin", Role.ADMIN)
    here = office.at("9.9.9.9")
    statuses = [sign_in(here, f"name{number}").status_code for number in range(21)]
    assert statuses == [401] * 20 + [429]
    assert sign_in(office.at("8.8.8.8"), password=PASSWORD).status_code == 200


def test_signing_in_as_oneself_does_not_make_room_for_guesses_at_others(office: ServedOffice) -> None:
    office.account("eve")
    here = office.at("9.9.9.9")
    for number in range(19):
        sign_in(here, f"name{number}")
        assert sign_in(here, "eve", PASSWORD).status_code == 200
    sign_in(here, "name20")
    assert sign_in(here, "name21").status_code == 429


@pytest.fixture
def limits(small: SmallService) -> SignInLimits:
    """Limits in records of their own."""
    return small.authenticator.limits


def guess(limits: SignInLimits, peer: str = "9.9.9.9", *, now: datetime = NOW) -> None:
    """Try a password that is wrong."""
    limits.fail(limits.begin("ann", peer, device=None, now=now), now)


def test_the_delay_grows_and_ends(limits: SignInLimits) -> None:
    now, waits = NOW, []
    for _ in range(16):
        try:
            guess(limits, now=now)
        except TooManyAttempts as error:
            waits.append(error.params["seconds"])
            now += timedelta(seconds=float(str(error.params["seconds"])))
            guess(limits, now=now)
    assert waits[:5] == [10, 20, 40, 80, 160]
    assert waits[-1] == ONE_GUESSER.longest
    guess(limits, now=now + timedelta(hours=1))
    guess(limits, now=now + timedelta(hours=1))


def test_one_name_is_slowed_down_over_all_peers_but_never_for_long(limits: SignInLimits) -> None:
    now = NOW
    for number in range(200):
        try:
            guess(limits, f"9.9.{number}.9", now=now)
        except TooManyAttempts as error:
            wait = float(str(error.params["seconds"]))
            assert wait <= ONE_NAME.longest
            now += timedelta(seconds=wait)
    with pytest.raises(TooManyAttempts):
        guess(limits, "8.8.8.8", now=now - timedelta(seconds=1))


def test_a_service_that_starts_again_remembers_what_has_failed(office: ServedOffice) -> None:
    office.account("admin", Role.ADMIN)
    for _ in range(6):
        refused = sign_in(office.http)
    assert refused.status_code == 429
    again = SignInLimits(Records(str(office.records.database._url)), KEY)
    with pytest.raises(TooManyAttempts):
        again.begin("admin", "testclient", device=None, now=datetime.now(UTC))


def test_waiting_passwords_are_refused_at_once_beyond_a_bound_and_hold_nobody_up(office: ServedOffice) -> None:
    sign, threads = office.account("marie"), office.authenticator.threads
    go_on = threading.Event()

    async def occupy() -> None:
        await threads.run_for_stranger(go_on.wait, 300)

    with ThreadPoolExecutor(MAX_WAITING) as pool:
        try:
            for _ in range(MAX_WAITING - RESERVED):
                pool.submit(lambda: asyncio.run(occupy()))
            wait_until(lambda: threads.waiting == MAX_WAITING - RESERVED, timeout=60, interval=0.02)
            answer = sign_in(office.http, "marie", PASSWORD)
            assert (answer.status_code, answer.json()["code"]) == (503, "too-many-passwords")
            assert office.http.get("/documents", headers=sign).status_code == 200
        finally:
            go_on.set()
    assert sign_in(office.http, "marie", PASSWORD).status_code == 200
