"""Send requests, retry those that may be retried; turn the service's problems back into errors."""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast
from urllib.parse import quote, urlsplit
from uuid import uuid4

import httpx
from pydantic import BaseModel

from sake_ray import errors
from sake_ray.domain.peers import PEER_HEADER

PATIENCE_SECONDS = 120.0
"""How long a request is retried before we give up."""
ANSWER_SECONDS = 60.0
"""How long a response may take before the request counts as lost."""
RETRIED = {408, 429, 500, 502, 503, 504}
IN_WORK = {"request-in-progress", "request-just-failed", "request-taken-over"}
"""Codes of a request under the same key that is being carried out: it is asked again for its response."""
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
MAX_PAUSE = 10.0
NOT_MODIFIED = 304
MAX_ANSWERS = 32
"""Answers that are kept for polling."""
KINDS: dict[int, type[errors.SakeError]] = {
    401: errors.Unauthenticated, 403: errors.PermissionDenied, 404: errors.NotFound, 409: errors.StillRunning,
    413: errors.FileTooLarge, 415: errors.UnsupportedType, 422: errors.InputError, 429: errors.TooManyAttempts,
}  # fmt: skip

LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1"}

Model = TypeVar("Model", bound=BaseModel)
Answer = TypeVar("Answer")


class HttpConnection:
    """One server and one token; `peer` is whom we speak for, as `sign_peer` states it.

    After 429, 5xx, a broken connection or an answer that is not the service's own, it waits
    as long as `Retry-After` says and sends the request again. What changes something carries an Idempotency-Key, the same
    over all sendings, so that it is carried out once.

    Raises a SakeError with the server's sentence; Overloaded when the server does not answer in time.
    """

    def __init__(
        self,
        url: str,
        token: str = "",
        *,
        patience: float = PATIENCE_SECONDS,
        timeout: float = ANSWER_SECONDS,
        peer: str = "",
    ) -> None:
        self.patience = patience
        self.retries = 0
        """How many requests were refused for now, or broke off."""
        self.on_answer: Callable[[float], object] = ignore_seconds
        """Told how long each sending took, also of one that broke off."""
        self._answers: OrderedDict[str, tuple[str, Any]] = OrderedDict()
        self.http = open_http(url, timeout)
        if token:
            self.use_token(token)
        if peer:
            self.http.headers[PEER_HEADER] = peer

    def use_token(self, token: str) -> None:
        """Send this token from now on."""
        self.http.headers["Authorization"] = f"Bearer {token}"
        self._answers.clear()

    def close(self) -> None:
        """Close the connections to the server."""
        self.http.close()

    def call(self, model: type[Model], method: str, path: str, **request: Any) -> Model:
        """Send a request; return its response as this model."""
        return model.model_validate_json(self.send(method, path, **request).content)

    def poll(self, read: Callable[[bytes], Answer], path: str, **params: Any) -> Answer:
        """Get what is asked for again and again; while it is unchanged (ETag), the answer of before is returned."""
        place = f"{path} {sorted(params.items())}"
        etag, before = self._answers.get(place, ("", None))
        response = self.send("GET", path, params=params, headers={"If-None-Match": etag} if etag else {})
        if response.status_code == NOT_MODIFIED:
            return cast("Answer", before)
        answer = read(response.content)
        if etag := response.headers.get("ETag", ""):
            self._answers[place] = etag, answer
            while len(self._answers) > MAX_ANSWERS:
                self._answers.popitem(last=False)
        return answer

    def send(self, method: str, path: str, *, key: str | None = None, **request: Any) -> httpx.Response:
        """Send a request until it succeeds or our patience ends; query parameters that are None are left out.

        `key` is the Idempotency-Key for what may also have been sent by an earlier call; each call has its own otherwise.
        """
        if params := request.get("params"):
            request["params"] = {name: value for name, value in params.items() if value is not None}
        end, pause = time.monotonic() + self.patience, 0.5
        if method in CHANGING:
            request["headers"] = {"Idempotency-Key": key or uuid4().hex}
        while True:
            retry_after: float | None = None
            try:
                response = self._request(method, path, request)
                if response.is_success or response.status_code == NOT_MODIFIED:
                    return response
                failure = to_error(response)
                if response.status_code not in RETRIED and failure.code not in IN_WORK and is_ours(response):
                    raise failure
                retry_after = _read_retry_after(response.headers)
            except httpx.TransportError as error:
                failure = errors.Overloaded(
                    "service-unreachable", url=self.http.base_url, error=error or type(error).__name__
                )
            self.retries += 1
            pause = min(pause * 2, MAX_PAUSE)
            wait = retry_after if retry_after is not None else pause
            if time.monotonic() + wait > end:
                raise failure
            time.sleep(wait)

    def _request(self, method: str, path: str, request: Mapping[str, Any]) -> httpx.Response:
        began = time.monotonic()
        try:
            return self.http.request(method, path, **request)
        finally:
            self.on_answer(time.monotonic() - began)


def ignore_seconds(seconds: float) -> None:
    """Drop it; the default of `on_answer`."""


def segment(name: str) -> str:
    """Write any text as one segment of a path; dots too, since "." and ".." would be resolved on the way."""
    return quote(name, safe="").replace(".", "%2E")


def open_http(url: str, timeout: float) -> httpx.Client:
    """Open a client, which asks a server on this machine directly. Raises SetupError for a proxy that cannot be used."""
    # httpx sets up all proxies at once, and fails for those that it cannot speak to, whomever it is to ask.
    proxies = urlsplit(url).hostname not in LOCAL_HOSTS
    try:
        return httpx.Client(base_url=url, timeout=httpx.Timeout(timeout, connect=5, write=600), trust_env=proxies)
    except (ImportError, ValueError) as error:
        raise errors.SetupError("proxy-unusable", url=url, error=error) from error


def is_ours(response: httpx.Response) -> bool:
    """Tell a problem of the service from one of a proxy before it: while a replica is replaced, Serve's proxy says 404."""
    return str(response.headers.get("Content-Type", "")).startswith("application/problem+json")


def to_error(response: httpx.Response) -> errors.SakeError:
    """Read a problem back into an error of ours: by its code, or what its status comes nearest to."""
    status = KINDS.get(response.status_code, errors.Overloaded)
    try:
        problem = response.json()
        # The upload of one file that was refused tells why in `refused`.
        first = problem["refused"][0] if len(problem.get("refused") or ()) == 1 else problem
        return errors.to_error(errors.Message.from_json(first), otherwise=status)
    except (ValueError, KeyError, TypeError, AttributeError):
        return status(errors.Message("unexpected-answer", status=response.status_code))


def _read_retry_after(headers: Mapping[str, str]) -> float | None:
    value = headers.get("Retry-After", "")
    return float(value) if value.isdecimal() else None
