"""The applications behind the gateway: below a path, with a page that says where to go, and with headers of their own."""

import re
from collections.abc import Callable, Iterator

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from frontends.auth_middleware import AuthMiddleware
from frontends.auth_routes import make_routes
from frontends.page_headers import make_policy
from frontends.site import Site
from frontends.start_page import make_start_routes
from sake_ray.domain.accounts import Role
from sake_ray.domain.peers import GATEWAY, sign_peer
from sake_ray.serve.peers import PeerRules
from tests.frontends.screens import serving
from tests.small_service import SmallService

KEY = "5" * 64
PASSWORD = "right horse battery"
HTML = {"Accept": "text/html"}
LINKS = (("admin", "/admin-ui/"), ("Grafana", "/grafana/"))
Open = Callable[..., TestClient]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmallService]:
    """The service, with an account of each role."""
    service = SmallService(tmp_path_factory.mktemp("home"), peers=PeerRules(screens_key=KEY))
    for role in Role:
        service.sign(role.value, role, password=PASSWORD)
    yield service
    service.http.close()


@pytest.fixture
def opened(service: SmallService) -> Iterator[Open]:
    """Opens an application, with a page behind its routes that shows its path."""

    async def page(request: Request) -> PlainTextResponse:
        return PlainTextResponse(f"inside {request.url.path}")

    with serving(service) as api:

        def open_site(name: str, roles: tuple[str, ...], *, base: str = "") -> TestClient:
            site = Site(name, api, roles, links=LINKS, key=KEY, base=base)
            app = Starlette(
                routes=[*make_routes(site), *make_start_routes(site), Route("/{rest:path}", page)],
                middleware=[Middleware(AuthMiddleware, site=site)],
            )
            return TestClient(app, base_url="https://screens", follow_redirects=False)

        yield open_site


def sign_in(browser: TestClient, name: str, base: str = "") -> None:
    answer = browser.post(f"{base}/sign-in", data={"name": name, "password": PASSWORD})
    assert answer.status_code == 303


def test_everything_of_an_application_is_below_its_path(opened: Open) -> None:
    browser = opened("admin", ("admin", "ops"), base="/admin-ui")
    assert browser.get("/sign-in", headers=HTML).status_code == 404
    assert browser.get("/admin-uix/sign-in", headers=HTML).status_code == 404
    assert browser.get("/admin-ui/_stcore/agent/mcp").status_code == 404
    assert browser.get("/admin-ui/_stcore/health").text == "inside /admin-ui/_stcore/health"
    led = browser.get("/admin-ui/models?run=7", headers=HTML)
    assert led.headers["location"] == "sign-in?next=models%3Frun%3D7"
    assert browser.get("/admin-ui/sign-in", headers=HTML).status_code == 200
    sign_in(browser, "admin", "/admin-ui")
    assert browser.get("/admin-ui/models").text == "inside /admin-ui/models"
    assert browser.get("/admin-ui/Modèles", headers=HTML).headers["location"] == "./models"
    assert browser.get("/admin-ui/sign-out").headers["location"] == "sign-in?why=out"
    assert browser.get("/admin-ui/models").status_code == 401


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("", ["./", "admin-ui/"]),
        ("user", ["./", "docs"]),
        ("ops", ["admin-ui/", "docs", "/grafana/"]),
        ("admin", ["./", "admin-ui/", "docs", "/grafana/"]),
    ],
)
def test_the_start_page_leads_everybody_to_where_they_may_go(opened: Open, name: str, places: list[str]) -> None:
    browser = opened("user", tuple(role.value for role in Role))
    if name:
        sign_in(browser, name)
    page = browser.get("/start", headers=HTML).text
    links = [part.partition('"')[0] for part in page.split('<li><a href="')[1:]]
    assert links == places
    assert ("You are signed in" in page) is bool(name)


def test_the_start_page_is_there_behind_the_gateway_only(opened: Open) -> None:
    browser = opened("admin", ("admin",), base="/admin-ui")
    assert browser.get("/admin-ui/start", headers=HTML).headers["location"] == "./"


def test_pages_may_load_nothing_of_another_site(opened: Open) -> None:
    browser = opened("user", ("user",))
    sign_in(browser, "user")
    headers = browser.get("/results").headers
    assert headers["content-security-policy"] == make_policy("screens")
    assert headers["x-content-type-options"] == "nosniff"
    form = browser.get("/sign-in").headers
    assert "default-src 'none'" in form["content-security-policy"]
    assert len(form.get_list("content-security-policy")) == 1


def test_the_policy_names_the_only_script_that_stands_in_the_page() -> None:
    policy = make_policy("sake.example:8443")
    assert policy.count("'sha256-") == 1
    script = next(part for part in policy.split("; ") if part.startswith("script-src"))
    assert "unsafe" not in script
    assert set(re.findall(r"\w+://(\S+)", policy.replace(";", " "))) == {"sake.example:8443"}
    assert "://" not in make_policy("x; script-src *")


def test_the_gateway_alone_is_believed_where_a_person_is(opened: Open, service: SmallService) -> None:
    browser = opened("user", ("user",))
    said = {"X-Forwarded-For": "9.9.9.9"}
    wrong = {"name": "user", "password": "wrong"}
    browser.post("/sign-in", data=wrong, headers=said)
    browser.post("/sign-in", data=wrong, headers=said | {"X-Sake-Peer": sign_peer(GATEWAY, "0" * 64)})
    browser.post("/sign-in", data=wrong, headers=said | {"X-Sake-Peer": sign_peer(GATEWAY, KEY)})
    failed = [e.peer for e in service.records.audit.list(limit=50).items if e.action == "sign-in-failed"]
    assert failed[:3] == ["9.9.9.9", "testclient", "testclient"]
