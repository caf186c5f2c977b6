"""Signing in to the screens by an OpenID Connect provider, with its own form, and out again, there too."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from frontends.auth_middleware import AuthMiddleware
from frontends.auth_routes import make_routes
from frontends.issuer_routes import make_issuer_routes
from frontends.site import Site
from sake_ray.domain.accounts import Role
from sake_ray.domain.issuers import IssuerConfig, parse_roles
from sake_ray.serve.issuer import Issuer
from tests.frontends.screens import serving
from tests.issuer import ROLES
from tests.served_office import PASSWORD, PEERS, ServedOffice

HTML = {"Accept": "text/html"}
FOREIGN = {"Sec-Fetch-Site": "cross-site"}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """A real provider on a port of this machine: its address."""
    os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"  # its own library wants HTTPS otherwise
    from oidc_provider_mock import run_server_in_thread

    with run_server_in_thread(require_nonce=True, require_client_registration=True) as server:
        yield f"http://localhost:{server.server_port}"
    del os.environ["AUTHLIB_INSECURE_TRANSPORT"]


def know(provider: str, subject: str, *roles: str, team: str = "paris") -> None:
    """Have the provider know a person."""
    claims = {"preferred_username": subject, "realm_access": {"roles": list(roles)}, "groups": [f"/{team}"]}
    assert httpx.put(f"{provider}/users/{subject}", json=claims).is_success


@pytest.fixture
def config(provider: str, tmp_path: Path) -> IssuerConfig:
    """How the screens are known to the provider."""
    wanted = {"redirect_uris": ["http://screens/issuer-return"]}
    client = httpx.post(f"{provider}/oauth2/clients", json=wanted).json()
    secret = tmp_path / "secret"
    secret.write_text(client["client_secret"] + "\n")
    return IssuerConfig(provider, client["client_id"], secret, team_claim="groups", roles=ROLES)


@pytest.fixture
def office(open_office: Callable[..., ServedOffice], config: IssuerConfig) -> ServedOffice:
    """An office that trusts the provider."""
    return open_office(issuer=Issuer(config))


@pytest.fixture
def browser(site: Site) -> Iterator[TestClient]:
    """The routes with a page behind them that shows its path."""
    with browsing(site) as client:
        yield client


def browsing(site: Site) -> TestClient:
    async def page(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"inside {request.url.path}")

    app = Starlette(
        routes=[*make_routes(site), *make_issuer_routes(site), Route("/{rest:path}", page)],
        middleware=[Middleware(AuthMiddleware, site=site)],
    )
    return TestClient(app, base_url="http://screens", follow_redirects=False)


def fill_in(address: str, subject: str) -> str:
    """Sign in on the provider's form; where it sends the browser then."""
    assert "form" in httpx.get(address).text
    return httpx.post(address, data={"sub": subject}).headers["location"]


def sign_in(browser: TestClient, subject: str, *, goal: str = "") -> httpx.Response:
    """Click on the link, sign in at the provider, come back."""
    away = browser.get(f"/issuer?next={goal}")
    assert away.status_code == 303, away.text
    return browser.get(fill_in(away.headers["location"], subject), headers=FOREIGN)


def test_the_form_offers_the_issuer_and_the_way_leads_back_to_the_page(
    browser: TestClient, provider: str, office: ServedOffice
) -> None:
    know(provider, "nina", "sake-user")
    form = browser.get("/sign-in?next=results%3Fbatch%3D7").text
    assert 'href="issuer?next=results%3Fbatch%3D7"' in form
    answer = sign_in(browser, "nina", goal="results%3Fbatch%3D7")
    assert (answer.status_code, answer.headers["location"]) == (303, "results?batch=7")
    session = next(one for one in answer.headers.get_list("set-cookie") if one.startswith("sake_user="))
    assert "HttpOnly" in session
    assert "SameSite=lax" in session
    assert browser.get("/results").text == "inside /results"
    found = office.records.accounts.find("nina")
    assert found
    assert (found[0].role, found[0].team) == (Role.USER, "paris")


def test_role_and_team_are_those_of_each_sign_in(browser: TestClient, provider: str, office: ServedOffice) -> None:
    know(provider, "omar", "sake-user")
    sign_in(browser, "omar")
    know(provider, "omar", "sake-admin", team="lyon")
    sign_in(browser, "omar")
    found = office.records.accounts.find("omar")
    assert found
    assert (found[0].role, found[0].team) == (Role.ADMIN, "lyon")


def test_the_code_is_asked_for_with_pkce_state_and_nonce_which_no_script_can_read(
    browser: TestClient, config: IssuerConfig, office: ServedOffice
) -> None:
    away = browser.get("/issuer")
    (cookie,) = away.headers.get_list("set-cookie")
    assert cookie.startswith("sake_user_issuing=")
    assert "HttpOnly" in cookie
    query = {name: values[0] for name, values in parse_qs(urlsplit(away.headers["location"]).query).items()}
    assert away.headers["location"].startswith(f"{config.url}/")
    assert (query["response_type"], query["client_id"]) == ("code", config.client)
    assert query["redirect_uri"] == "http://screens/issuer-return"
    assert query["code_challenge_method"] == "S256"
    assert len({query["state"], query["nonce"], query["code_challenge"]}) == 3


def test_what_comes_back_to_another_browser_signs_nobody_in(
    browser: TestClient, site: Site, provider: str, office: ServedOffice
) -> None:
    know(provider, "eve", "sake-user")
    back = fill_in(browser.get("/issuer").headers["location"], "eve")
    with browsing(site) as victim:
        for begun in (False, True):  # with an attempt of its own, and without
            if begun:
                victim.get("/issuer")
            answer = victim.get(back, headers=FOREIGN)
            assert answer.status_code == 403
            assert "begun in another window" in answer.text
            assert "sake_user" not in victim.cookies


def test_a_code_counts_once_and_a_made_up_one_never(browser: TestClient, provider: str, office: ServedOffice) -> None:
    know(provider, "nina", "sake-user")
    away = browser.get("/issuer")
    kept = browser.cookies["sake_user_issuing"]
    back = fill_in(away.headers["location"], "nina")
    assert browser.get(back).status_code == 303
    browser.cookies.clear()
    browser.cookies.set("sake_user_issuing", kept)
    assert browser.get(back).status_code == 401
    state = parse_qs(urlsplit(back).query)["state"][0]
    assert browser.get(f"/issuer-return?code=made-up&state={state}").status_code == 401
    assert "sake_user" not in browser.cookies


def test_somebody_who_refuses_at_the_provider_gets_the_form_again(
    browser: TestClient, provider: str, office: ServedOffice
) -> None:
    away = browser.get("/issuer?next=results").headers["location"]
    back = httpx.post(away, data={"action": "deny"}).headers["location"]
    state = parse_qs(urlsplit(away).query)["state"][0]
    answer = browser.get(back if "state=" in back else f"{back}&state={state}")
    assert answer.status_code == 403
    assert "You have not signed in with the company account" in answer.text
    assert 'action="sign-in?next=results"' in answer.text
    assert 'href="issuer?next=results"' in answer.text


def test_who_has_no_role_or_another_application_is_told_so(
    browser: TestClient, provider: str, office: ServedOffice
) -> None:
    know(provider, "sam", "printer")
    assert "has no access to this program" in sign_in(browser, "sam").text
    know(provider, "otto", "sake-ops")
    answer = sign_in(browser, "otto")
    assert (answer.status_code, "for monitoring only" in answer.text) == (403, True)
    assert "sake_user" not in browser.cookies


def test_signing_out_ends_the_session_here_and_leads_to_the_end_there(
    browser: TestClient, provider: str, office: ServedOffice
) -> None:
    know(provider, "nina", "sake-user")
    sign_in(browser, "nina")
    token = browser.cookies["sake_user"]
    answer = browser.get("/sign-out")
    address = urlsplit(answer.headers["location"])
    query = {name: values[0] for name, values in parse_qs(address.query).items()}
    assert answer.headers["location"].startswith(f"{provider}/oauth2/end_session?")
    assert query["post_logout_redirect_uri"] == "http://screens/sign-in"
    assert query["id_token_hint"].count(".") == 2
    assert httpx.get(answer.headers["location"]).is_success
    assert "sake_user_issuer" not in browser.cookies
    assert office.http.get("/account", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_after_a_local_sign_in_signing_out_leads_to_no_issuer(
    browser: TestClient, provider: str, office: ServedOffice
) -> None:
    know(provider, "nina", "sake-user")
    sign_in(browser, "nina")
    office.account("marie")
    browser.post("/sign-in", data={"name": "marie", "password": PASSWORD})
    assert browser.get("/sign-out").headers["location"] == "sign-in?why=out"


def test_signing_out_on_all_devices_ends_the_sessions_by_the_issuer(
    browser: TestClient, site: Site, provider: str, office: ServedOffice
) -> None:
    know(provider, "nina", "sake-user")
    sign_in(browser, "nina")
    with browsing(site) as phone:
        sign_in(phone, "nina")
        browser.get("/sign-out?everywhere=yes")
        token = phone.cookies["sake_user"]
    assert office.http.get("/account", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_password_that_is_at_the_issuer_is_not_changed_here(
    browser: TestClient, provider: str, office: ServedOffice
) -> None:
    know(provider, "nina", "sake-user")
    sign_in(browser, "nina")
    fields = {"old": "right horse battery", "new": "another horse battery", "again": "another horse battery"}
    assert "that of your company account" in browser.post("/password", data=fields).text


def test_while_the_issuer_is_away_the_form_goes_on_and_the_link_says_so(
    open_office: Callable[..., ServedOffice],
) -> None:
    config = IssuerConfig("http://127.0.0.1:9", "sake-web", roles=parse_roles("sake-user=user"))
    office = open_office(issuer=Issuer(config))
    office.account("marie")
    with serving(office) as url, browsing(Site("user", url, ("user",), key=PEERS.screens_key)) as browser:
        assert 'href="issuer?' in browser.get("/sign-in").text
        answer = browser.get("/issuer", headers={"Accept-Language": "fr"})
        assert (answer.status_code, "ne répond pas" in answer.text) == (503, True)
        assert browser.post("/sign-in", data={"name": "marie", "password": PASSWORD}).status_code == 303


def test_without_an_issuer_the_form_offers_none(open_office: Callable[..., ServedOffice]) -> None:
    office = open_office()
    with serving(office) as url, browsing(Site("user", url, ("user",), key=PEERS.screens_key)) as browser:
        assert "issuer" not in browser.get("/sign-in").text
        assert browser.get("/issuer").status_code == 404
