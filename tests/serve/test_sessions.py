"""Signing out ends what was signed in."""

from datetime import UTC, datetime, timedelta

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.errors import Unauthenticated
from sake_ray.serve.tokens import make_token
from tests.served_office import KEY, PASSWORD, ServedOffice


def test_a_signed_out_token_is_refused_at_once_and_other_sessions_go_on(office: ServedOffice) -> None:
    here, there = office.client(office.account("marie")), office.client({})
    there.accounts.sign_in("marie", PASSWORD)
    here.accounts.sign_out()
    with pytest.raises(Unauthenticated, match="session has ended"):
        here.accounts.me()
    with pytest.raises(Unauthenticated):
        here.accounts.sign_out()
    assert there.accounts.me().name == "marie"


def test_signing_out_everywhere_ends_all_own_sessions_and_nobody_elses(office: ServedOffice) -> None:
    here, there, paul = office.client(office.account("marie")), office.client({}), office.client(office.account("paul"))
    there.accounts.sign_in("marie", PASSWORD)
    here.accounts.sign_out(everywhere=True)
    for client in (here, there):
        with pytest.raises(Unauthenticated):
            client.accounts.me()
    assert paul.accounts.me().name == "paul"
    assert there.accounts.sign_in("marie", PASSWORD)


def test_a_token_without_a_session_is_refused_however_well_it_is_signed(office: ServedOffice) -> None:
    office.account("marie")
    token = make_token("marie", "made up", KEY, now=datetime.now(UTC), lifetime=timedelta(hours=1))
    assert office.http.get("/account", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_session_works_on_as_the_account_changes_its_team(office: ServedOffice) -> None:
    marie, admin = office.client(office.account("marie")), office.client(office.account("anne", Role.ADMIN))
    admin.accounts.change("marie", team="lyon")
    assert marie.accounts.me().team == "lyon"
