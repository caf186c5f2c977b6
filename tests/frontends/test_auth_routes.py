"""Signing in, out, and what is closed to whoever has not."""

import re
from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from frontends.auth_middleware import AuthMiddleware
from frontends.auth_routes import make_routes
from frontends.redirects import find_redirect
from frontends.site import Site
from sake_ray.domain.accounts import Role
from tests.frontends.screens import colleague
from tests.ports import free_port
from tests.served_office import PASSWORD, PROXY, ServedOffice

HTML = {"Accept": "text/html"}


@pytest.fixture
def browser(site: Site, marie: dict[str, str]) -> Iterator[TestClient]:
    """The routes with a page behind them that shows its path."""

    async def page(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"inside {request.url.path}")

    app = Starlette(
        routes=[*make_routes(site), Route("/{rest:path}", page, methods=["GET", "PUT"])],
        middleware=[Middleware(AuthMiddleware, site=site)],
    )
    with TestClient(app, base_url="http://screens", follow_redirects=False) as client:
        yield client


def sign_in(browser: TestClient, name: str = "marie", password: str = PASSWORD, *, goal: str = "", **headers: str):  # type: ignore[no-untyped-def]
    return browser.post(
        f"/sign-in{'?next=' + goal if goal else ''}", data={"name": name, "password": password}, headers=headers
    )


def test_the_cookie_is_closed_to_scripts_and_other_sites_and_lasts_as_long_as_the_token(browser: TestClient) -> None:
    answer = sign_in(browser, goal="results%3Fbatch%3D7")
    cookie, device = answer.headers.get_list("set-cookie")
    assert device.startswith("sake_device_")
    assert "HttpOnly" in device
    assert answer.status_code == 303
    assert answer.headers["location"] == "results?batch=7"
    assert cookie.startswith("sake_user=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Max-Age=43200" in cookie
    assert "Secure" not in cookie
    assert browser.get("/results").text == "inside /results"


def test_behind_https_the_cookie_stays_there(browser: TestClient) -> None:
    assert "Secure" in sign_in(browser, **{"X-Forwarded-Proto": "https"}).headers["set-cookie"]


def test_without_signing_in_pages_lead_to_the_form_and_all_else_is_closed(browser: TestClient) -> None:
    answer = browser.get("/results?batch=7", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "sign-in?next=results%3Fbatch%3D7")
    closed_to_everybody_else(browser)


JUNK = {
    "nothing": None,
    "junk": "x",
    "an unsigned token": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJtYXJpZSIsInNpZCI6IngifQ.",
}


@pytest.mark.parametrize("cookie", JUNK.values(), ids=JUNK)
def test_a_cookie_that_no_session_has_opens_nothing(browser: TestClient, cookie: str | None) -> None:
    if cookie:
        browser.cookies.set("sake_user", cookie)
    answer = browser.get("/results?batch=7", headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("sign-in?")
    closed_to_everybody_else(browser)


def test_the_cookie_of_a_session_that_was_ended_elsewhere_opens_nothing(
    browser: TestClient, office: ServedOffice
) -> None:
    sign_in(browser)
    sign = {"Authorization": f"Bearer {browser.cookies['sake_user']}"}
    assert office.http.post("/auth/sign-out", headers=sign).status_code == 204
    assert browser.get("/results", headers=HTML).headers["location"] == "sign-in?why=ended&next=results"
    closed_to_everybody_else(browser)


def test_a_session_of_another_role_opens_nothing(browser: TestClient, office: ServedOffice) -> None:
    browser.cookies.set("sake_user", colleague(office, Role.OPS)["Authorization"].removeprefix("Bearer "))
    assert browser.get("/results", headers=HTML).status_code == 303
    closed_to_everybody_else(browser)


def test_while_the_service_does_not_answer_nobody_is_signed_out_and_strangers_wait(marie: dict[str, str]) -> None:
    away = Site("user", f"http://127.0.0.1:{free_port()}", ("user",))
    app = Starlette(routes=[], middleware=[Middleware(AuthMiddleware, site=away)])
    with TestClient(app, base_url="http://screens", follow_redirects=False) as browser:
        browser.cookies.set("sake_user", marie["Authorization"].removeprefix("Bearer "))
        answer = browser.get("/results", headers=HTML)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "3")
        assert "goes on by itself" in answer.text
        assert browser.get("/media/x.jpg").status_code == 503


def closed_to_everybody_else(browser: TestClient) -> None:
    """Look that all is closed but health."""
    assert browser.put("/_stcore/upload_file/a/b").status_code == 401
    assert browser.get("/_stcore/metrics").status_code == 401
    assert browser.get("/_stcore/health/x").status_code == 401
    assert browser.get("/media/x.jpg").status_code == 401
    assert browser.get("/_stcore/agent/mcp").status_code == 404
    assert browser.get("/_stcore/health").status_code == 200
    with pytest.raises(WebSocketDisconnect), browser.websocket_connect("/_stcore/stream"):
        pass


def test_a_wrong_password_is_reported_in_the_readers_language_and_the_name_is_kept(browser: TestClient) -> None:
    answer = sign_in(browser, password='"><script>', name='<b>"x', **{"Accept-Language": "fr"})
    assert answer.status_code == 401
    assert "Nom ou mot de passe incorrect" in answer.text
    assert "&lt;b&gt;&quot;x" in answer.text
    assert "script" not in answer.text
    assert "set-cookie" not in answer.headers


def test_wrong_passwords_of_somebody_elsewhere_delay_nobody_here(browser: TestClient, site: Site) -> None:
    guesser = TestClient(browser.app, base_url="http://screens", client=("9.9.9.9", 1), follow_redirects=False)
    for _ in range(6):
        refused = sign_in(guesser, password="wrong", **{"X-Forwarded-For": "7.7.7.7", "Accept-Language": "fr"})
    assert refused.status_code == 429
    assert re.search(r"réessayez dans \d+ seconde", refused.text)
    assert sign_in(browser).status_code == 303


def test_the_screens_believe_a_trusted_proxy_where_somebody_is(browser: TestClient) -> None:
    proxy = TestClient(browser.app, base_url="http://screens", client=(PROXY, 1), follow_redirects=False)
    for _ in range(6):
        refused = sign_in(proxy, password="wrong", **{"X-Forwarded-For": "1.1.1.1, 9.9.9.9"})
    assert refused.status_code == 429
    assert sign_in(proxy, **{"X-Forwarded-For": "9.9.9.9, 8.8.8.8"}).status_code == 303


def test_a_browser_that_was_used_before_is_not_delayed_by_others_behind_the_same_address(browser: TestClient) -> None:
    assert sign_in(browser).status_code == 303
    (device,) = [name for name in browser.cookies if name.startswith("sake_device_")]
    guesser = TestClient(browser.app, base_url="http://screens", follow_redirects=False)
    for _ in range(6):
        refused = sign_in(guesser, password="wrong")
    assert refused.status_code == 429
    assert sign_in(guesser).status_code == 429
    assert sign_in(browser).status_code == 303
    assert device in browser.cookies


def test_an_account_without_the_role_gets_a_reason_and_no_cookie(browser: TestClient, office: ServedOffice) -> None:
    colleague(office, Role.OPS)
    answer = sign_in(browser, "ops-colleague")
    assert answer.status_code == 403
    assert "for monitoring only" in answer.text
    assert "set-cookie" not in answer.headers


def test_a_form_of_another_site_signs_nobody_in(browser: TestClient) -> None:
    for origin in ("https://elsewhere", "null"):
        answer = sign_in(browser, Origin=origin)
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert sign_in(browser, Origin="http://screens").status_code == 303


@pytest.mark.parametrize(
    "goal", ["https://elsewhere", "//elsewhere", "/\\elsewhere", "results%3Fx%0d%0ay", "javascript:x"]
)
def test_signing_in_never_leads_to_another_site(browser: TestClient, goal: str) -> None:
    assert sign_in(browser, goal=goal).headers["location"] == "./"


def test_signing_out_ends_the_session_but_not_for_a_link_of_another_site(
    browser: TestClient, office: ServedOffice
) -> None:
    sign_in(browser)
    known = {"Authorization": f"Bearer {browser.cookies['sake_user']}"}
    assert "set-cookie" not in browser.get("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}).headers
    assert office.http.get("/account", headers=known).status_code == 200
    answer = browser.get("/sign-out")
    assert answer.headers["location"] == "sign-in?why=out"
    assert office.http.get("/account", headers=known).status_code == 401
    assert "sake_user" not in browser.cookies
    assert browser.get("/results", headers=HTML).status_code == 303


def test_signing_out_everywhere_ends_the_sessions_of_other_browsers_too(
    browser: TestClient, marie: dict[str, str], office: ServedOffice
) -> None:
    sign_in(browser)
    assert browser.get("/sign-out?everywhere=yes").headers["location"] == "sign-in?why=out_everywhere"
    assert office.http.get("/account", headers=marie).status_code == 401
    assert "on all devices" in browser.get("/sign-in?why=out_everywhere").text


def test_signing_out_says_when_the_session_could_not_be_ended(marie: dict[str, str]) -> None:
    away = Site("user", f"http://127.0.0.1:{free_port()}", ("user",))
    with TestClient(Starlette(routes=make_routes(away)), base_url="http://screens", follow_redirects=False) as browser:
        browser.cookies.set("sake_user", marie["Authorization"].removeprefix("Bearer "))
        assert browser.get("/sign-out").headers["location"] == "sign-in?why=out_here"
        assert "in this browser only" in browser.get("/sign-in?why=out_here").text


def test_the_language_chosen_is_kept(browser: TestClient) -> None:
    answer = browser.get("/language?to=fr&next=sign-in%3Fnext%3Dresults")
    assert answer.headers["location"] == "sign-in?next=results"
    assert "Se connecter" in browser.get("/sign-in").text
    assert browser.get("/language?to=zz").headers["location"] == "./"


def test_no_answer_names_the_token(browser: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    sign_in(browser)
    token = browser.cookies["sake_user"]
    pages = [browser.get("/sign-in"), browser.get("/results"), browser.get("/language?to=fr")]
    assert not any(token in page.text or token in str(page.url) for page in pages)
    ours = [record.getMessage() for record in caplog.records if not record.name.startswith("httpcore")]
    assert token not in "\n".join(ours)
    assert PASSWORD not in "\n".join(ours)


def test_a_new_password_keeps_this_session_and_ends_the_others(browser: TestClient, office: ServedOffice) -> None:
    sign_in(browser)
    before = browser.cookies["sake_user"]
    change = {"old": PASSWORD, "new": "a longer sentence", "again": "a longer sentence"}
    assert "differ" in browser.post("/password", data=change | {"again": "another"}).text
    assert "current password is wrong" in browser.post("/password", data=change | {"old": "wrong wrong"}).text
    assert "10 characters" in browser.post("/password", data=change | {"new": "short", "again": "short"}).text
    assert browser.post("/password", data=change, headers={"Origin": "https://elsewhere"}).status_code == 403
    assert browser.cookies["sake_user"] == before
    assert browser.post("/password", data=change).status_code == 303
    known = {"Authorization": f"Bearer {browser.cookies['sake_user']}"}
    assert office.http.get("/account", headers=known).json()["name"] == "marie"
    assert office.http.get("/account", headers={"Authorization": f"Bearer {before}"}).status_code == 401
    assert sign_in(browser).status_code == 401


def test_a_guessed_address_leads_to_the_page_that_is_meant(browser: TestClient) -> None:
    answer = browser.get("/R%C3%A9sultats?batch=7", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "./results?batch=7")
    sign_in(browser)
    assert browser.get("/results?batch=7", headers=HTML).text == "inside /results"
    assert browser.get("/_stcore/health", headers=HTML).text == "inside /_stcore/health"


@pytest.mark.parametrize(
    ("typed", "page"),
    [
        ("/upload", "./"),
        ("/Upload/", "../"),
        ("/results/", "../results"),
        ("/Déposer", "./"),
        ("/documents", "./results"),
        ("/search/durand", "../"),
        ("/nothing-of-ours", "./"),
        ("/results", None),
        ("/document", None),
        ("/static/js/index.js", None),
        ("/", None),
    ],
)
def test_names_are_guessed_in_both_languages_and_what_means_nothing_leads_to_the_start(
    typed: str, page: str | None
) -> None:
    assert find_redirect(Site("user", "", ()), typed) == page


def test_the_admins_pages_are_guessed_too() -> None:
    admin = Site("admin", "", ())
    assert [find_redirect(admin, path) for path in ("/images", "/modeles", "/model", "/models")] == [
        "./",
        "./models",
        "./models",
        None,
    ]


def test_a_first_password_leads_to_its_form_until_it_is_changed(browser: TestClient, office: ServedOffice) -> None:
    made = office.client(office.account("anne", Role.ADMIN)).accounts.add("jean").password or ""
    assert sign_in(browser, "jean", made, goal="results").status_code == 303
    answer = browser.get("/results?batch=7", headers=HTML)
    assert (answer.status_code, answer.headers["location"]) == (303, "password?why=first&next=results%3Fbatch%3D7")
    closed_to_everybody_else(browser)
    form = browser.get("/password?why=first&next=results", headers=HTML)
    assert "Somebody else has set your password" in form.text
    fields = {"old": made, "new": "another horse battery", "again": "another horse battery"}
    changed = browser.post("/password?next=results", data=fields)
    assert (changed.status_code, changed.headers["location"]) == (303, "results")
    assert browser.get("/results").text == "inside /results"
