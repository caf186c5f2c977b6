"""The route of every operation: who calls is known before anything else of the request is looked at.

FastAPI by itself reads and parses a body first, runs sync code on threads that all routes share, and ignores a query parameter
that it does not know, so that `?stauts=FAILED` would list everything.
"""

import inspect
from collections.abc import Callable, Coroutine, Iterator
from functools import wraps
from typing import Any, TypeVar

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from sake_ray.errors import InputError
from sake_ray.serve.dependencies import ROLES, authenticate_request, get_current_session
from sake_ray.serve.executors import OBJECTS, RECORDS, Executor
from sake_ray.serve.request_slots import RequestSlots
from sake_ray.serve.scopes import SCOPES, require_own_sign_in, require_scope

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
Endpoint = TypeVar("Endpoint", bound=Callable[..., Any])
UNLIMITED = {"/health"}
"""Answered however much else is in work."""


def runs_on(executor: Executor) -> Callable[[Endpoint], Endpoint]:
    """Have the sync function of a route run on those threads."""

    def mark(endpoint: Endpoint) -> Endpoint:
        endpoint.__executor__ = executor  # type: ignore[attr-defined]
        return endpoint

    return mark


class GuardedRoute(APIRoute):
    """A route that answers 401 and 403 first, then 422 for an unknown query parameter, and only then reads a body."""

    executor = RECORDS
    """Where its sync function runs, unless that names others with `runs_on`."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        if not inspect.iscoroutinefunction(endpoint):
            endpoint = _run_on_threads(endpoint, getattr(endpoint, "__executor__", self.executor))
        self.scopes = SCOPES.get(endpoint.__name__, ())
        super().__init__(path, endpoint, **options)
        if self._needs_account():
            self.openapi_extra = (self.openapi_extra or {}) | {"x-api-key-scopes": list(self.scopes)}

    def get_route_handler(self) -> Handler:
        """Return what answers a request."""
        handle = super().get_route_handler()
        parts = list(_walk(self.dependant))
        known = sorted({field.alias for part in parts for field in part.query_params})
        roles = [part.call for part in parts if part.call in ROLES]
        needs_account = self._needs_account()

        async def guarded(request: Request) -> Response:
            slots: RequestSlots = request.app.state.slots
            if needs_account:
                session = await authenticate_request(request)
                account = session.account
                require_own_sign_in(session, self.name)
                require_scope(session, self.scopes)
                for require in roles:
                    await require(account)
                with slots.take_for_account(account.name):
                    return await self._answer(request, handle, known)
            if self.path in UNLIMITED:
                return await self._answer(request, handle, known)
            with slots.take_for_peer(request.client.host if request.client else ""):
                return await self._answer(request, handle, known)

        return guarded

    def _needs_account(self) -> bool:
        return any(part.call is get_current_session for part in _walk(self.dependant))

    async def _answer(self, request: Request, handle: Handler, known: list[str]) -> Response:
        for name in request.query_params:
            if name not in known:
                raise InputError("query-parameter-unknown", parameter=name[:50], known=", ".join(known) or "none")
        return await handle(request)


class ObjectsRoute(GuardedRoute):
    """A route that reads the store."""

    executor = OBJECTS


def _run_on_threads(endpoint: Callable[..., Any], executor: Executor) -> Callable[..., Any]:
    @wraps(endpoint)
    async def run(**arguments: Any) -> Any:
        return await executor.run(endpoint, **arguments)

    # FastAPI looks through a wrapper, and would take this one for sync.
    run.__signature__ = inspect.signature(endpoint)  # type: ignore[attr-defined]
    del run.__wrapped__
    return run


def _walk(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for part in dependant.dependencies:
        yield from _walk(part)
