"""What a request meets first: who calls, then what the route knows, and only then its body."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute

from sake_ray.domain.accounts import Role
from sake_ray.serve.guarded_route import GuardedRoute
from sake_ray.serve.request_slots import MAX_OF_ACCOUNT, MAX_OF_PEER
from sake_ray.serve.routes import predict
from tests.small_service import SmallService

SERVE = Path(str(predict.__file__)).parents[1]


def list_operations(small: SmallService) -> list[tuple[str, str]]:
    paths = small.http.get("/openapi.json").json()["paths"]
    return [(method, re.sub(r"\{[^}]*\}", "1", path)) for path, operations in paths.items() for method in operations]


def call(small: SmallService, method: str, path: str, headers: dict[str, str]) -> tuple[int, bool]:
    """Send a request whose body is told of and never comes; return the status, and whether the body was asked for."""
    asked = False
    statuses: list[int] = []

    async def receive() -> dict[str, Any]:
        nonlocal asked
        asked = True
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        statuses.append(message.get("status", 0))

    scope = {
        "type": "http", "method": method, "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "",
        "scheme": "http", "http_version": "1.1", "client": ("192.0.2.1", 1), "server": ("testserver", 80),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
    }  # fmt: skip
    asyncio.run(small.app(scope, receive, send))
    return statuses[0], asked


@pytest.mark.parametrize("kind", ["application/json", "multipart/form-data; boundary=b"])
def test_without_a_token_no_byte_of_a_body_is_asked_for(small: SmallService, kind: str) -> None:
    for method, path in list_operations(small):
        if path in {"/auth/token", "/auth/issuer", "/health", "/ready"}:
            continue
        headers = {"Content-Type": kind, "Content-Length": "500"}
        assert call(small, method.upper(), path, headers) == (401, False), (method, path)
        assert call(small, method.upper(), path, headers | {"Authorization": "Bearer x"}) == (401, False), (
            method,
            path,
        )


def test_malformed_json_is_401_without_a_token_403_with_the_wrong_role_and_422_with_the_right_one(
    small: SmallService,
) -> None:
    sent: dict[str, Any] = {"content": b"{", "headers": {"Content-Type": "application/json"}}
    user, admin = small.sign("marie"), small.sign("root", Role.ADMIN)
    statuses = [
        small.http.post("/admin/users", content=b"{", headers=sent["headers"] | sign).status_code
        for sign in ({}, user, admin)
    ]
    assert statuses == [401, 403, 422]


def test_an_unknown_query_parameter_is_refused_by_name_on_every_route(small: SmallService) -> None:
    admin = small.sign("root", Role.ADMIN)
    for method, path in list_operations(small):
        problem = small.http.request(method, path, params={"stauts": "FAILED"}, headers=admin).json()
        assert problem["code"] == "query-parameter-unknown", (method, path)
        assert problem["params"]["parameter"] == "stauts"
    problem = small.http.get("/documents", params={"stauts": "FAILED"}, headers=admin).json()
    assert "status" in problem["params"]["known"].split(", ")
    assert small.http.get("/documents", params={"status": "FAILED"}, headers=admin).status_code == 200


def test_every_route_is_guarded(small: SmallService) -> None:
    def walk(routes: Any) -> Iterator[Any]:
        for route in routes:
            inner = getattr(getattr(route, "original_router", None), "routes", None)
            yield from walk(inner) if inner is not None else [route]

    routes = [route for route in walk(small.app.routes) if isinstance(route, APIRoute)]
    assert len(routes) > 40
    assert [route.path for route in routes if not isinstance(route, GuardedRoute)] == []


def test_an_account_that_holds_all_it_may_leaves_others_and_the_health_alone(small: SmallService) -> None:
    marie, olga = small.sign("marie"), small.sign("olga")
    slots = small.app.state.slots
    held = [slots.take_for_account("marie") for _ in range(MAX_OF_ACCOUNT)]
    held += [slots.take_for_peer("testclient") for _ in range(MAX_OF_PEER)]
    for slot in held:
        slot.__enter__()
    refused = small.http.get("/documents", headers=marie)
    assert (refused.status_code, refused.json()["code"], refused.headers["retry-after"]) == (
        503,
        "too-many-requests",
        "2",
    )
    assert small.http.post("/auth/token", data={"username": "a", "password": "b"}).status_code == 503
    assert small.http.get("/documents", headers=olga).status_code == 200
    assert small.http.get("/health").status_code == 200
    for slot in held:
        slot.__exit__(None, None, None)
    assert small.http.get("/documents", headers=marie).status_code == 200


def test_nothing_of_the_service_runs_on_threads_that_are_shared() -> None:
    shared = re.compile(r"to_thread\(|run_in_threadpool|run_in_executor\(None")
    assert [path.name for path in SERVE.rglob("*.py") if shared.search(path.read_text(encoding="utf-8"))] == []
