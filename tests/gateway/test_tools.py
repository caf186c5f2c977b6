"""Who reaches Grafana, MLflow, Ray and Prometheus: admin and ops of the real API, and nobody's token goes there."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from sake_ray.domain.accounts import Role
from sake_ray.domain.audit import AuditAction
from sake_ray.gateway.config import Tool
from sake_ray.serve.peers import PeerRules
from tests.gateway.front import KEY, Front, make_config, make_echo, running, serving
from tests.small_service import SmallService, serve_guarded

NUMBERS = count()
BROWSER = {"Accept": "text/html,*/*"}


@dataclass
class Behind:
    """A gateway with the real API and four tools behind it."""

    front: Front
    service: SmallService

    def token(self, role: Role) -> str:
        return self.service.sign(f"{role}-{next(NUMBERS)}", role)["Authorization"].removeprefix("Bearer ")


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    folder = tmp_path_factory.mktemp("behind")
    (folder / "home").mkdir()
    service = SmallService(folder / "home", peers=PeerRules(screens_key=KEY))
    with serve_guarded(service.app) as port, serving(make_echo("tool")) as tool:
        tools = (
            Tool("grafana", f"http://{tool}", cookies=("grafana_session",)),
            Tool("mlflow", f"http://{tool}", changes="/search$"),
            Tool("ray", f"http://{tool}", "Bearer of-ray", at_top=True, changes=""),
        )
        with running(folder / "gateway", make_config(folder, f"127.0.0.1:{port}", tools=tools)) as front:
            yield Behind(front, service)
    service.http.close()


@pytest.mark.parametrize(
    ("role", "status"), [(None, 401), (Role.USER, 403), (Role.OPS, 200), (Role.ADMIN, 200)], ids=str
)
@pytest.mark.parametrize("way", ["sake_admin", "sake_user", "token"])
def test_tools_are_open_to_admin_and_ops_only(behind: Behind, role: Role | None, status: int, way: str) -> None:
    token = behind.token(role) if role else "junk"
    sent = {"Authorization": f"Bearer {token}"} if way == "token" else {"Cookie": f"{way}={token}"}
    with behind.front.client(headers=sent) as client:
        for tool in ("grafana", "mlflow", "ray"):
            answer = client.get(f"/{tool}/page?x=1")
            assert answer.status_code == status
            if status == 200:
                assert answer.json()["path"] == ("/page" if tool == "ray" else f"/{tool}/page")
            else:
                assert answer.headers["content-type"] == "application/problem+json"


def test_a_session_that_has_ended_opens_no_tool(behind: Behind) -> None:
    token = behind.token(Role.ADMIN)
    with behind.front.client(headers={"Cookie": f"sake_admin={token}"}) as client:
        assert client.get("/grafana/").status_code == 200
        client.post("/api/v1/auth/sign-out", headers={"Authorization": f"Bearer {token}"})
        assert client.get("/grafana/").status_code == 401


def test_the_token_of_who_has_signed_in_reaches_no_tool(behind: Behind) -> None:
    token = behind.token(Role.ADMIN)
    cookies = f"sake_admin={token}; sake_user={token}; grafana_session=own"
    with behind.front.client(headers={"Cookie": cookies, "Authorization": f"Bearer {token}"}) as client:
        heard = {name: client.get(f"/{name}/").json()["headers"] for name in ("grafana", "mlflow", "ray")}
    assert all(token not in str(headers) and KEY not in str(headers) for headers in heard.values())
    assert not any("x-sake-peer" in headers for headers in heard.values())
    assert heard["grafana"]["cookie"] == "grafana_session=own"
    assert heard["ray"]["authorization"] == "Bearer of-ray"


def test_visitors_who_have_not_signed_in_are_led_to_the_start_page(behind: Behind) -> None:
    with behind.front.client(headers=BROWSER) as client:
        answer = client.get("/grafana/d/7")
    assert (answer.status_code, answer.headers["location"]) == (303, "/start")


def test_another_site_reaches_no_tool_through_the_browser_of_an_admin(behind: Behind) -> None:
    with behind.front.client(headers={"Cookie": f"sake_admin={behind.token(Role.ADMIN)}"}) as client:
        foreign = client.post("/grafana/api", headers={"Origin": "https://elsewhere.example"})
        assert (foreign.status_code, foreign.json()["code"]) == (403, "foreign-origin")
        assert client.post("/grafana/api", headers={"Origin": "null"}).status_code == 403
        assert client.post("/grafana/api", headers={"Origin": behind.front.url}).status_code == 200


def test_what_changes_something_goes_by_the_api_which_notes_it(behind: Behind) -> None:
    with behind.front.client(headers={"Cookie": f"sake_admin={behind.token(Role.ADMIN)}"}) as client:
        assert client.post("/ray/api/jobs/").status_code == 405
        assert client.delete("/mlflow/ajax-api/2.0/mlflow/runs/7").status_code == 405
        assert client.post("/mlflow/ajax-api/2.0/mlflow/runs/search").status_code == 200
        assert client.post("/mlflow/ajax-api/2.0/mlflow/runs/delete").status_code == 405


def test_the_description_of_the_api_names_its_version(behind: Behind) -> None:
    with behind.front.client() as client:
        for path in ("/openapi.json", "/api/v1/openapi.json"):
            described = client.get(path).json()
            assert described["servers"] == [{"url": "/api/v1"}]
            assert "/search" in described["paths"]
        assert "swagger-ui" in client.get("/docs").text


def test_a_tool_that_is_not_set_up_is_named(behind: Behind) -> None:
    with behind.front.client() as client:
        for path in ("/prometheus", "/prometheus/graph"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (404, "tool-not-configured")
            assert answer.json()["params"] == {"tool": "prometheus"}


def test_while_the_api_is_away_no_tool_is_open(tmp_path: Path) -> None:
    with serving(make_echo()) as tool:
        config = make_config(tmp_path, "127.0.0.1:1", tools=(Tool("grafana", f"http://{tool}"),))
        with running(tmp_path, config) as front, front.client(headers={"Cookie": "sake_admin=x"}) as client:
            answer = client.get("/grafana/")
    assert answer.status_code >= 500
    assert answer.headers["content-type"] == "application/problem+json"


def test_the_api_counts_by_who_is_at_the_other_side_of_the_gateway(behind: Behind) -> None:
    """Wrong passwords of one peer delay that one only; nobody passes for another by a header."""
    behind.service.sign("marie", password="right horse battery")
    wrong = {"username": "marie", "password": "wrong"}
    with behind.front.client(headers={"X-Forwarded-For": "9.9.9.9"}) as client:
        answers = [client.post("/api/v1/auth/token", data=wrong) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429]
    assert int(answers[-1].headers["retry-after"]) > 0
    entries = behind.service.records.audit.list(limit=50).items
    peers = {entry.peer for entry in entries if entry.action == AuditAction.SIGN_IN_FAILED}
    assert peers == {"127.0.0.1"}


def test_an_upload_without_a_token_is_refused_by_the_api_while_it_comes(behind: Behind) -> None:
    pieces = (b"x" * 100_000 for _ in range(30))
    with behind.front.client(headers={"Content-Type": "multipart/form-data; boundary=b"}) as client:
        answer = client.post("/api/v1/predict", content=pieces)
    assert (answer.status_code, answer.json()["code"]) == (401, "authentication-required")
