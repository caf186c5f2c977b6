"""Setting up a second factor and signing in with it, by the forms."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from frontends.auth_middleware import AuthMiddleware
from frontends.auth_routes import make_routes
from frontends.second_factor_routes import make_second_factor_routes
from frontends.site import Site
from sake_ray.domain.accounts import SecondFactorRule
from tests.served_office import PASSWORD, ServedOffice

HTML = {"Accept": "text/html"}
NEXT_STEP = timedelta(seconds=30)


@pytest.fixture
def browser(site: Site, marie: dict[str, str]) -> Iterator[TestClient]:
    """The routes with a page behind them that shows its path."""

    async def page(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"inside {request.url.path}")

    app = Starlette(
        routes=[*make_routes(site), *make_second_factor_routes(site), Route("/{rest:path}", page)],
        middleware=[Middleware(AuthMiddleware, site=site)],
    )
    with TestClient(app, base_url="http://screens", follow_redirects=False) as client:
        yield client


def sign_in(browser: TestClient, **fields: str):  # type: ignore[no-untyped-def]
    return browser.post("/sign-in?next=results", data={"name": "marie", "password": PASSWORD} | fields)


def set_up(browser: TestClient) -> tuple[str, list[str]]:
    """Set it up as somebody who has signed in does; return the secret and the recovery codes."""
    shown = browser.post("/second-factor", data={})
    (groups,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", shown.text)
    secret = groups.replace(" ", "")
    done = browser.post("/second-factor", data={"code": pyotp.TOTP(secret).now()})
    assert done.status_code == 200, done.text
    return secret, re.findall(r"<code>([a-z2-7-]+)</code>", done.text)


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


def test_who_must_set_it_up_is_led_there_and_to_nothing_else(browser: TestClient, office: ServedOffice) -> None:
    office.authenticator.second_factor = SecondFactorRule.ALL
    assert sign_in(browser).status_code == 303
    answer = browser.get("/results?batch=7", headers=HTML)
    assert answer.headers["location"] == "second-factor?why=first&next=results%3Fbatch%3D7"
    assert browser.get("/media/x.jpg").status_code == 401
    assert "code from your phone" in browser.get("/second-factor?why=first", headers=HTML).text
    set_up(browser)
    assert browser.get("/results", headers=HTML).text == "inside /results"


def test_picture_and_secret_are_in_the_page_itself_and_no_script_or_foreign_origin(browser: TestClient) -> None:
    sign_in(browser)
    shown = browser.post("/second-factor", data={})
    assert "<svg" in shown.text
    assert "script" not in shown.text
    assert not re.search(r"(src|href)=\"(https?:)?//", shown.text)
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert shown.headers["cache-control"] == "no-store"


def test_sign_in_asks_for_the_code_on_a_second_step_without_the_password(browser: TestClient) -> None:
    sign_in(browser)
    secret, _ = set_up(browser)
    browser.cookies.clear()
    step = sign_in(browser)
    assert (step.status_code, "set-cookie" in step.headers) == (200, False)
    assert "app on your phone" in step.text
    assert PASSWORD not in step.text
    known = hidden(step.text)
    wrong = browser.post("/sign-in?next=results", data=known | {"code": "nonsense"})
    assert wrong.status_code == 401
    assert "This code is wrong" in wrong.text
    code = pyotp.TOTP(secret).at(datetime.now(UTC) + NEXT_STEP)
    answer = browser.post("/sign-in?next=results", data=hidden(wrong.text) | {"code": code})
    assert (answer.status_code, answer.headers["location"]) == (303, "results")
    assert browser.get("/results", headers=HTML).text == "inside /results"


def test_recovery_code_signs_in_in_french(browser: TestClient) -> None:
    sign_in(browser)
    _, codes = set_up(browser)
    assert len(codes) == 8
    browser.cookies.clear()
    browser.headers["Accept-Language"] = "fr"
    step = sign_in(browser)
    assert "Saisissez le code" in step.text
    assert browser.post("/sign-in", data=hidden(step.text) | {"code": codes[0]}).status_code == 303


def test_ticket_that_counts_no_more_leads_to_the_first_step(browser: TestClient) -> None:
    sign_in(browser)
    set_up(browser)
    late = browser.post("/sign-in", data={"name": "marie", "ticket": "x", "code": "123456"})
    assert late.status_code == 401
    assert "took too long" in late.text
    assert 'name="password"' in late.text


def test_who_tries_first_codes_too_often_keeps_what_the_app_has_scanned(browser: TestClient) -> None:
    sign_in(browser)
    browser.post("/second-factor", data={})
    answers = [browser.post("/second-factor", data={"code": "nonsense"}) for _ in range(8)]
    assert answers[-1].status_code == 429
    assert 'name="code"' in answers[-1].text


def test_wrong_first_code_sets_nothing_up_and_a_form_of_another_site_begins_nothing(browser: TestClient) -> None:
    sign_in(browser)
    assert browser.post("/second-factor", data={}, headers={"Origin": "https://elsewhere"}).status_code == 403
    browser.post("/second-factor", data={})
    wrong = browser.post("/second-factor", data={"code": "nonsense"})
    assert "does not fit" in wrong.text
    browser.cookies.clear()
    assert sign_in(browser).status_code == 303


def test_who_has_set_it_up_is_told_so(browser: TestClient) -> None:
    sign_in(browser)
    set_up(browser)
    assert "protected already" in browser.post("/second-factor", data={}).text
