"""Call one replica from another, and turn its failures into our errors."""

import asyncio
from typing import Any

import ray.exceptions
from ray.serve.exceptions import BackPressureError, RayServeException

from sake_ray.classifier import Explanation
from sake_ray.domain.documents import Document
from sake_ray.domain.traces import format_traceparent
from sake_ray.errors import Overloaded, SakeError
from sake_ray.serve.dependencies import ServingStatus

CALL_SECONDS = 5.0
EXPLAIN_SECONDS = 30.0
REMAKE_SECONDS = 12.0
"""A little more than the orchestrator waits by itself."""
CALL_FAILURES = (ray.exceptions.RayError, RayServeException)


class PredictorHandle:
    """The predictor as the gateway sees it."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle

    async def get_status(self) -> ServingStatus:
        status: ServingStatus = await _call(self.handle.get_status.remote(), CALL_SECONDS)
        return status

    async def explain(self, document: Document, label: str | None) -> tuple[Explanation, str]:
        explained: tuple[Explanation, str] = await _call(
            self.handle.explain.remote(document, label, format_traceparent()), EXPLAIN_SECONDS
        )
        return explained


class OrchestratorHandle:
    """The orchestrator as the gateway sees it."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle

    async def check(self) -> None:
        await _call(self.handle.check.remote(), CALL_SECONDS)

    async def remake(self, document: Document, *, anew: bool = False, wait: bool = True) -> None:
        await _call(self.handle.remake.remote(document, anew, wait, format_traceparent()), REMAKE_SECONDS)


async def _call(response: Any, seconds: float) -> Any:
    try:
        async with asyncio.timeout(seconds):
            return await response
    except CALL_FAILURES as error:
        raise to_sake_error(error) from error
    except TimeoutError as error:
        response.cancel()
        raise Overloaded("part-not-answering") from error


def to_sake_error(error: Exception) -> SakeError:
    """Find the error that a replica raised; as Ray delivers it, its text is a whole traceback."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, SakeError):
        return cause
    if isinstance(error, BackPressureError):
        return Overloaded("too-many-requests")
    return Overloaded("part-restarting")


def to_attempt_error(name: str, error: Exception) -> Exception:
    """Tell a replica that died (ConnectionError) or is too busy (Overloaded) from an error that it raised itself."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, SakeError):
        return cause
    if isinstance(error, BackPressureError):
        return Overloaded("too-many-requests")
    if isinstance(error, ray.exceptions.RayTaskError) and not isinstance(error, ray.exceptions.RayActorError):
        return cause if isinstance(cause, Exception) else RuntimeError(f"{name} failed: {type(error).__name__}")
    return ConnectionError(f"{name} was lost: {type(error).__name__}")
