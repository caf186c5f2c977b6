"""Send a request, again where it may be sent again; read back what the service says went wrong."""

import time
from collections.abc import Mapping
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from sake_ray import errors

PATIENCE_SECONDS = 120.0
"""How long a request is sent again before we give up."""
ANSWER_SECONDS = 60.0
"""How long an answer may take before the request counts as lost."""
AGAIN = {408, 429, 500, 502, 503, 504}
LONGEST_WAIT = 10.0
KINDS: dict[int, type[errors.SakeError]] = {
    401: errors.NotSignedIn, 403: errors.NotAllowed, 404: errors.NotFound, 409: errors.StillRunning,
    413: errors.FileTooLarge, 415: errors.UnsupportedType, 422: errors.InputError, 429: errors.TooManyAttempts,
}  # fmt: skip

Model = TypeVar("Model", bound=BaseModel)


class HttpConnection:
    """One server and one token. After 429, 5xx, a broken connection or an answer that is not the service's own, it waits as told
    and sends again.

    Raises a SakeError with the server's sentence; Overloaded when the server does not answer in time.
    """

    def __init__(
        self, url: str, token: str = "", *, patience: float = PATIENCE_SECONDS, timeout: float = ANSWER_SECONDS
    ) -> None:
        self.patience = patience
        self.refusals = 0
        """How many answers told us to come again, or broke off."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=httpx.Timeout(timeout, connect=5, write=600))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def _ask(self, model: type[Model], method: str, path: str, **request: Any) -> Model:
        return model.model_validate_json(self._send(method, path, **request).content)

    def _send(self, method: str, path: str, *, again_on: set[int] | None = None, **request: Any) -> httpx.Response:
        end = time.monotonic() + self.patience
        again, pause = AGAIN | (again_on or set()), 0.5
        while True:
            told: float | None = None
            try:
                response = self._http.request(method, path, **request)
                if response.is_success:
                    return response
                failure = to_error(response)
                if response.status_code not in again and is_ours(response):
                    raise failure
                told = _retry_after(response.headers)
            except httpx.TransportError as error:
                failure = errors.Overloaded(f"{self._http.base_url} does not answer: {error or type(error).__name__}.")
            self.refusals += 1
            pause = min(pause * 2, LONGEST_WAIT)
            wait = told if told is not None else pause
            if time.monotonic() + wait > end:
                raise failure
            time.sleep(wait)


def segment(name: str) -> str:
    """Write any text as one segment of a path; dots too, since "." and ".." would be resolved on the way."""
    return quote(name, safe="").replace(".", "%2E")


def is_ours(response: httpx.Response) -> bool:
    """Tell an answer of the service from one of what stands before it: while a part is replaced, Serve's proxy says 404."""
    return str(response.headers.get("Content-Type", "")).startswith("application/problem+json")


def to_error(response: httpx.Response) -> errors.SakeError:
    """Read a problem back into an error of ours, with its sentence: by its title, or what its status comes nearest to."""
    status = KINDS.get(response.status_code, errors.Overloaded)
    try:
        problem = response.json()
        # The upload of one file that was refused tells why in `refused`.
        first = problem["refused"][0] if len(problem.get("refused") or ()) == 1 else problem
        return named_error(str(first["title"]), status)(str(problem["detail"]))
    except (ValueError, KeyError, TypeError, AttributeError):
        return status(f"The server answered {response.status_code}.")


def named_error(title: str, otherwise: type[errors.SakeError]) -> type[errors.SakeError]:
    """The class of ours that a problem's title names: "Too many pages" is TooManyPages."""
    kind = getattr(errors, title.title().replace(" ", ""), None)
    return kind if isinstance(kind, type) and issubclass(kind, errors.SakeError) else otherwise


def _retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("Retry-After", "")
    return float(value) if value.isdigit() else None
