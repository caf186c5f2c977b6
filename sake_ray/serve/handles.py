"""Call one replica from another, and make its failures ours."""

import asyncio
from typing import Any

import ray.exceptions
from ray.serve.exceptions import BackPressureError, RayServeException

from sake_ray.classifier import Explanation
from sake_ray.domain.documents import Document
from sake_ray.errors import Overloaded, SakeError
from sake_ray.serve.dependencies import ServingStatus

ASK_SECONDS = 5.0
EXPLAIN_SECONDS = 30.0
FAILURES = (ray.exceptions.RayError, RayServeException)


class PredictorHandle:
    """The predictor as the gateway sees it."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle

    async def serving(self) -> ServingStatus:
        serving: ServingStatus = await _ask(self.handle.serving.remote(), ASK_SECONDS)
        return serving

    async def explain(self, document: Document, label: str | None) -> tuple[Explanation, str]:
        explained: tuple[Explanation, str] = await _ask(self.handle.explain.remote(document, label), EXPLAIN_SECONDS)
        return explained


class OrchestratorHandle:
    """The orchestrator as the gateway sees it."""

    def __init__(self, handle: Any) -> None:
        self.handle = handle

    async def check(self) -> None:
        await _ask(self.handle.check.remote(), ASK_SECONDS)


async def _ask(response: Any, seconds: float) -> Any:
    try:
        async with asyncio.timeout(seconds):
            return await response
    except FAILURES as error:
        raise to_ours(error) from error
    except TimeoutError as error:
        response.cancel()
        raise Overloaded("A part of the system does not answer just now; try again in a moment.") from error


def to_ours(error: Exception) -> SakeError:
    """Bring back the error that a replica raised: as it comes, its text is a whole traceback."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, SakeError):
        return cause
    if isinstance(error, BackPressureError):
        return Overloaded("Too many requests at once; try again in a moment.")
    return Overloaded("A part of the system is being replaced; try again in a moment.")


def lost(name: str, error: Exception) -> Exception:
    """A replica that died or is too busy is nobody's fault; what it raised itself stays what it is."""
    cause = getattr(error, "cause", None)
    if isinstance(cause, SakeError):
        return cause
    if isinstance(error, ray.exceptions.RayTaskError) and not isinstance(error, ray.exceptions.RayActorError):
        return cause if isinstance(cause, Exception) else RuntimeError(f"{name} failed: {type(error).__name__}")
    return ConnectionError(f"{name} was lost: {type(error).__name__}")
