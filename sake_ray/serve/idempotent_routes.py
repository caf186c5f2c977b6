"""Routes that change something: each takes an Idempotency-Key, and is carried out once under it."""

import asyncio
import inspect
from collections.abc import Callable, Coroutine
from functools import partial
from hashlib import sha256
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from sake_ray.serve.auth import utc_now
from sake_ray.serve.dependencies import AccountDep, ServicesDep
from sake_ray.serve.executors import ADMIN, RECORDS
from sake_ray.serve.forms import read_form
from sake_ray.serve.guarded_route import GuardedRoute, Handler
from sake_ray.serve.idempotency import KeyedRequest, StoredResponse
from sake_ray.serve.intake import MAX_FILES
from sake_ray.serve.openapi import problem_responses
from sake_ray.storage.records import AlreadyAnswered

HEADER = "Idempotency-Key"
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
FIELD_BYTES = 4096
CHUNK = 1 << 20

KeyHeader = Annotated[
    str | None,
    Header(
        alias=HEADER,
        min_length=1,
        max_length=200,
        description="Any text that is new for each request: it is carried out once, however often it is sent.",
    ),
]

T = TypeVar("T")


async def hold_key(
    request: Request, services: ServicesDep, account: AccountDep, key: KeyHeader = None
) -> KeyedRequest | None:
    """Hold the key of this request while it is carried out. Raises AlreadyAnswered, IdempotencyKeyReused, StillRunning."""
    if key is None:
        return None
    keyed: KeyedRequest = services.keys.open(account.name, key)
    request.state.keyed = keyed
    digest = await digest_request(request)
    await RECORDS.run(keyed.begin, digest, now=await RECORDS.run(services.records.clock.now))
    return keyed


KeyedDep = Annotated[KeyedRequest | None, Depends(hold_key)]


class IdempotentRoute(GuardedRoute):
    """A route that takes an Idempotency-Key if it changes anything. The key is looked at last, when all else is in order.

    What goes on without its sender keeps its slot.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        changes = bool(CHANGING & set(options.get("methods") or ()))
        if changes:
            endpoint = _with_key(endpoint)
            options["responses"] = problem_responses(409) | (options.get("responses") or {})
        super().__init__(path, endpoint, **options)

    def get_route_handler(self) -> Handler:
        """Return what answers a request."""
        handle = super().get_route_handler()
        return partial(_handle_once, handle) if CHANGING & (self.methods or set()) else handle


class AdminRoute(IdempotentRoute):
    """A route that works on the workspace, the registry or jobs."""

    executor = ADMIN


_finishing: set[asyncio.Task[Any]] = set()


async def finish_regardless(work: Coroutine[Any, Any, T]) -> T:
    """Await work that goes on to its end when the sender hangs up: Serve cancels the request then, but no thread."""
    task = asyncio.create_task(work)
    _finishing.add(task)  # the loop itself holds tasks weakly
    task.add_done_callback(_finishing.discard)
    return await asyncio.shield(task)


async def digest_request(request: Request) -> str:
    """Compute the digest of what a request asks for. Forms count by their parts: each sending has another boundary."""
    digest = sha256()
    for part in (request.method, request.url.path, request.url.query):
        _add(digest, part.encode())
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        # The same form, read already, is what the route gets.
        form = await read_form(request, max_files=MAX_FILES + 1, max_part_size=FIELD_BYTES)
        await ADMIN.run(_add_form, digest, form)
    else:
        _add(digest, await request.body())
    return digest.hexdigest()


async def _handle_once(handle: Handler, request: Request) -> Response:
    if HEADER not in request.headers:
        return await handle(request)
    return await finish_regardless(_answer_once(handle, request))


async def _answer_once(handle: Handler, request: Request) -> Response:
    try:
        response = await handle(request)
    except AlreadyAnswered as known:
        opened: StoredResponse = request.state.keyed.open(known.reply)
        return opened.replay()
    except Exception:
        if (keyed := _keyed(request)) and (known_reply := await RECORDS.run(keyed.abandon)):
            return known_reply.replay()
        raise
    else:
        return await RECORDS.run(_conclude, request, response)
    finally:
        if keyed := _keyed(request):
            keyed.end()
        await request.close()


def _conclude(request: Request, response: Response) -> Response:
    """Store the response of what was carried out; free the key otherwise."""
    keyed = _keyed(request)
    if keyed is None:
        return response
    if not 200 <= response.status_code < 300:
        keyed.abandon()
        return response
    try:
        keyed.finish(StoredResponse.of_response(response), now=utc_now())
    except AlreadyAnswered as known:
        return keyed.open(known.reply).replay()
    return response


def _keyed(request: Request) -> KeyedRequest | None:
    return getattr(request.state, "keyed", None)


def _with_key(endpoint: Callable[..., Any]) -> Callable[..., Any]:
    """Add the key to what an endpoint depends on, behind all else; the endpoint itself does not get it."""
    signature = inspect.signature(endpoint)
    last = inspect.Parameter("idempotency", inspect.Parameter.KEYWORD_ONLY, annotation=KeyedDep)

    if inspect.iscoroutinefunction(endpoint):

        async def call_async(*, idempotency: KeyedRequest | None, **values: Any) -> Any:  # noqa: ARG001
            return await endpoint(**values)

        keyed: Callable[..., Any] = call_async
    else:

        def call(*, idempotency: KeyedRequest | None, **values: Any) -> Any:  # noqa: ARG001
            return endpoint(**values)

        keyed = call
    keyed.__name__, keyed.__doc__, keyed.__module__ = endpoint.__name__, endpoint.__doc__, endpoint.__module__
    keyed.__dict__.update(endpoint.__dict__)  # whose threads it runs on
    keyed.__signature__ = signature.replace(parameters=[*signature.parameters.values(), last])  # type: ignore[attr-defined]
    return keyed


def _add(digest: Any, part: bytes) -> None:
    digest.update(len(part).to_bytes(8, "big") + part)


def _add_form(digest: Any, form: FormData) -> None:
    for name, value in form.multi_items():
        _add(digest, name.encode("utf-8", "surrogatepass"))
        if isinstance(value, UploadFile):
            content = sha256()
            while chunk := value.file.read(CHUNK):
                content.update(chunk)
            value.file.seek(0)
            _add(digest, (value.filename or "").encode("utf-8", "surrogatepass"))
            _add(digest, content.digest())
        else:
            _add(digest, value.encode("utf-8", "surrogatepass"))
