"""Where each address leads, over TLS, and what is sent along."""

import json
import re
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from sake_ray.domain.peers import find_stated_peer
from sake_ray.domain.traces import parse_traceparent
from sake_ray.gateway.config import API_NAMES, SCREEN_NAMES
from tests.gateway.front import KEY, Front, make_config, make_echo, running, serving
from tests.waiting import wait_until

CONTRACT = json.loads((Path(__file__).parents[2] / "docs/openapi.json").read_text(encoding="utf-8"))


def test_every_route_of_the_contract_has_its_place() -> None:
    names = {path.split("/")[1] for path in CONTRACT["paths"]}
    assert names == {*API_NAMES, *SCREEN_NAMES}


def test_no_name_of_the_api_hides_a_page_of_the_screens() -> None:
    views = Path(__file__).parents[2] / "frontends/user/views"
    pages = {path.stem for path in views.glob("*.py")} | {"sign-in", "sign-out", "password", "language", "start"}
    assert pages & set(API_NAMES) == set()
    assert set(SCREEN_NAMES) <= pages


@pytest.mark.parametrize("name", API_NAMES)
def test_paths_of_the_api_lead_there_with_and_without_a_version(front: Front, name: str) -> None:
    with front.client() as client:
        assert client.get(f"/api/v1/{name}/x").json()["path"] == f"/{name}/x"
        assert client.get(f"/{name}/x").json()["path"] == f"/{name}/x"


def test_a_reference_reaches_the_api_as_it_was_sent(front: Front) -> None:
    sent = "/references/Durand%2F%20..%2F%2Fa%3Fb%25c%0Ad//e"
    with front.client() as client:
        assert client.get(f"/api/v1{sent}?page_size=3").json()["path"] == sent


def test_places_that_the_api_names_are_below_its_version(front: Front) -> None:
    with front.client() as client:
        assert client.post("/predict", content=b"x").headers["location"] == "/api/v1/predict/7"


def test_plain_http_only_leads_to_https(front: Front) -> None:
    for method in ("GET", "POST"):
        answer = httpx.request(method, f"http://127.0.0.1:{front.http_port}/results?batch=7")
        assert answer.status_code == 308
        assert answer.headers["location"] == f"https://127.0.0.1:{front.port}/results?batch=7"


def test_plain_http_at_the_port_of_https_is_led_there_too(front: Front) -> None:
    answer = httpx.get(f"http://127.0.0.1:{front.port}/results")
    assert (answer.status_code, answer.headers["location"]) == (308, f"https://127.0.0.1:{front.port}/results")


def test_what_a_caller_says_of_itself_reaches_nobody(front: Front) -> None:
    forged = {
        "X-Forwarded-For": "9.9.9.9",
        "X-Sake-Peer": "9.9.9.9;x",
        "X-Forwarded-Proto": "http",
        "X-Real-IP": "9.9.9.9",
    }
    with front.client(headers=forged) as client:
        for path in ("/documents", "/results", "/admin-ui/"):
            headers = client.get(path).json()["headers"]
            assert headers["x-forwarded-for"] == "127.0.0.1"
            assert headers["x-forwarded-proto"] == "https"
            peer = find_stated_peer(
                "10.0.0.9", headers["x-sake-peer"], [headers["x-forwarded-for"]], key=KEY, trusted=()
            )
            assert peer == "127.0.0.1"


def test_cookies_of_the_screens_do_not_reach_the_api(front: Front) -> None:
    with front.client(headers={"Cookie": "sake_admin=secret"}) as client:
        assert "cookie" not in client.get("/documents").json()["headers"]
        assert client.get("/results").json()["headers"]["cookie"] == "sake_admin=secret"


@pytest.mark.parametrize(
    "path",
    [
        "/metrics", "/-/routes", "/-/healthz", "/api/v1/-/routes", "/api/v1/metrics", "/api/v1//-/routes", "/%2D/routes",
        "/api/v1/x/../-/routes", "/_stcore/metrics", "/_stcore/agent/openapi.json", "/admin-ui/_stcore/metrics",
        "/admin-ui/_stcore/agent/mcp", "/auth/tools", "/api/v1/auth/tools", "/_stcore/script-health-check", "/_tools",
    ],
)  # fmt: skip
def test_inside_matters_are_hidden(front: Front, path: str) -> None:
    with front.client() as client:
        answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "no-such-address"


def test_admins_who_guess_find_their_screens(front: Front) -> None:
    with front.client() as client:
        assert client.get("/admin").headers["location"] == "/admin-ui/"
        assert client.get("/admin-ui").headers["location"] == "/admin-ui/"
        assert client.get("/admin-ui/models").json()["path"] == "/admin-ui/models"


@pytest.mark.parametrize("path", ["/documents", "/results", "/metrics", "/grafana/", "/api/v1/nothing"])
def test_answers_of_every_kind_protect_the_browser(front: Front, path: str) -> None:
    with front.client() as client:
        check_headers(client.get(path))


def check_headers(answer: httpx.Response) -> None:
    assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]
    assert answer.headers.get_list("referrer-policy") == ["same-origin"]
    (policy,) = answer.headers.get_list("content-security-policy")
    assert "frame-ancestors 'none'" in policy or answer.url.path == "/grafana/"
    assert "frame-ancestors" in policy
    assert "://" not in policy
    assert not re.search(r"\d", answer.headers["server"])


def test_what_is_away_is_told_in_the_form_of_the_api_and_to_people_as_a_page(tmp_path: Path) -> None:
    with running(tmp_path, make_config(tmp_path, "127.0.0.1:1")) as front, front.client() as client:
        away = client.get('/documents?x="<script>', headers={"X-Request-ID": "seven"})
        assert (away.status_code, away.json()["code"]) == (502, "part-not-answering")
        assert (away.json()["instance"], away.json()["request_id"]) == ("/documents", "seven")
        assert int(away.headers["retry-after"]) > 0
        check_headers(away)
        page = client.get("/results")
        assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
        assert "Nothing is lost" in page.text
        assert "Rien n’est perdu" in page.text
        check_headers(page)
        noted = [json.loads(line) for line in (tmp_path / "failures.log").read_text().splitlines()]
        assert [line["status"] for line in noted] == [502, 503]
        assert "127.0.0.1" not in (tmp_path / "failures.log").read_text().replace("127.0.0.1:1", "")


def test_who_takes_too_long_is_told_so(tmp_path: Path, echo: str) -> None:
    config = make_config(tmp_path, echo)
    with (
        running(tmp_path, replace(config, limits=replace(config.limits, answer_seconds=1))) as front,
        front.client() as client,
    ):
        late = client.get("/documents/hang")
    assert (late.status_code, late.json()["code"]) == (504, "part-not-answering")
    assert int(late.headers["retry-after"]) > 0


def test_each_browser_stays_with_one_process_of_the_screens(tmp_path: Path) -> None:
    with serving(make_echo("first")) as first, serving(make_echo("second")) as second:
        config = make_config(tmp_path, first, user_screens=(first, second))
        reached = set()
        with running(tmp_path, config) as front:
            for _ in range(40):
                with front.client() as client:
                    answers = [client.get("/results") for _ in range(3)]
                named = {answer.json()["name"] for answer in answers}
                assert len(named) == 1
                assert "Secure; HttpOnly" in answers[0].headers["set-cookie"]
                assert "set-cookie" not in answers[1].headers
                reached |= named
    assert reached == {"first", "second"}


def test_where_one_process_of_the_screens_dies_its_browsers_go_to_the_other(tmp_path: Path) -> None:
    with serving(make_echo("stays")) as stays, ExitStack() as dying:
        dies = dying.enter_context(serving(make_echo("dies")))
        with running(tmp_path, make_config(tmp_path, stays, user_screens=(stays, dies))) as front:
            clients = [front.client() for _ in range(12)]
            assert {client.get("/results").json()["name"] for client in clients} == {"stays", "dies"}
            dying.close()
            assert {client.get("/results").json()["name"] for client in clients} == {"stays"}


TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


@pytest.mark.parametrize("path", ["/documents", "/predict"])
def test_a_callers_place_in_a_trace_is_passed_on(front: Front, path: str) -> None:
    sent = f"00-{TRACE}-{SPAN}-00"
    with front.client(headers={"traceparent": sent}) as client:
        assert client.get(path).json()["headers"]["traceparent"] == sent


@pytest.mark.parametrize(
    "sent", ["", "00-x", f"00-{'0' * 32}-{SPAN}-01", f"00-{TRACE}-{SPAN}-01\t'\"", "Durand, Marie"]
)
def test_a_request_without_a_good_one_begins_a_trace(front: Front, sent: str) -> None:
    with front.client(headers={"traceparent": sent} if sent else {}) as client:
        traces = [client.get("/documents").json()["headers"]["traceparent"] for _ in range(2)]
    contexts = [parse_traceparent(trace) for trace in traces]
    assert all(context and context.is_made_by_gateway for context in contexts)
    assert contexts[0] != contexts[1]


def test_what_nginx_says_itself_names_the_trace(front: Front) -> None:
    with front.client(headers={"traceparent": f"00-{TRACE}-{SPAN}-01"}) as client:
        for path in ("/metrics", "/grafana/"):
            answer = client.get(path)
            assert answer.json()["trace_id"] == TRACE
            assert answer.headers["traceparent"].split("-")[1] == TRACE


def test_the_log_of_failures_names_the_trace(tmp_path: Path) -> None:
    config = make_config(tmp_path, "127.0.0.1:1")
    with running(tmp_path, config) as front, front.client(headers={"traceparent": f"00-{TRACE}-{SPAN}-01"}) as client:
        assert client.get("/documents").status_code == 502
        line = wait_until(lambda: config.log.exists() and config.log.read_text().strip())
    assert json.loads(str(line))["trace_id"] == TRACE
