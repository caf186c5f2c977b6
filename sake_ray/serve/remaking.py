"""Make texts and page images again that were deleted or damaged: once at a time for the same bytes, a few at a time in all."""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable

from sake_ray.domain.documents import Document
from sake_ray.errors import Message, NotFound, Overloaded, ReadingStalled, SakeError, TextPending
from sake_ray.serve.attempts import ReadingEvent, ReadingFailure

log = logging.getLogger(__name__)

WAIT_SECONDS = 8.0
"""How long a request waits for a text: a page or two; whoever asked comes again for more."""
MAX_WAITING = 32
"""Requests that wait at once; the replica answers others meanwhile."""
MAX_QUEUED = 200
"""Texts that wait to be made; beyond that whoever asks comes again."""
FAILURE_SECONDS = 600.0
"""A document that could not be read is not tried again for so long, however often it is looked at."""
MAX_FAILURES = 1000

ReadAnew = Callable[[Document, bool], AsyncIterator[ReadingEvent]]
"""Reads a document; with True also when its text is there, for its page images."""


class SharedReadings:
    """Reads the same bytes of a team once at a time. Whoever else wants them waits, then finds them read, or shares the failure.

    Another team's are read beside them: how long it takes must not tell a team what others have.
    """

    def __init__(self, read: ReadAnew) -> None:
        self._read = read
        self._running: dict[tuple[str, str], asyncio.Future[ReadingFailure | None]] = {}

    async def read(self, document: Document, anew: bool = False) -> AsyncGenerator[ReadingEvent, None]:
        """Yield what happens while a document is read."""
        bytes_of_team = document.team, document.sha256
        while running := self._running.get(bytes_of_team):
            if failure := await asyncio.shield(running):
                yield failure
                return
        ended: asyncio.Future[ReadingFailure | None] = asyncio.get_running_loop().create_future()
        self._running[bytes_of_team] = ended
        failure = None
        try:
            async for event in self._read(document, anew):
                failure = event if isinstance(event, ReadingFailure) else None
                yield event
        finally:
            del self._running[bytes_of_team]
            ended.set_result(failure)


class Remaker:
    """Has texts and page images made again from the originals, at most `at_once` at a time, so that new documents go on."""

    def __init__(self, read: ReadAnew, *, at_once: int = 1) -> None:
        self._read = read
        self._free = asyncio.Semaphore(at_once)
        self._tasks: dict[tuple[str, bool], asyncio.Task[SakeError | None]] = {}
        self._failures: dict[str, tuple[float, SakeError]] = {}
        self._waiting = 0

    async def remake(self, document: Document, *, anew: bool = False, seconds: float | None = WAIT_SECONDS) -> None:
        """Return when the text is made again; `anew` makes the page images, too, although the text is there.

        Raises TextPending when it takes longer than `seconds`, and goes on; None waits as long as it takes. Raises NotFound when
        the document can no longer be read, ReadingStalled when the machine was too busy for it, ObjectMissing or OriginalDamaged
        when its original is at fault.
        """
        self._raise_recent_failure(document.sha256)
        key = document.sha256, anew
        if key not in self._tasks:
            if len(self._tasks) >= MAX_QUEUED:
                raise TextPending("text-pending")
            self._tasks[key] = asyncio.create_task(self._make(document, anew))
            self._tasks[key].add_done_callback(lambda _: self._tasks.pop(key, None))
        if error := await self._wait(self._tasks[key], seconds):
            raise error

    async def _wait(self, task: asyncio.Task[SakeError | None], seconds: float | None) -> SakeError | None:
        if seconds is not None and self._waiting >= MAX_WAITING:
            raise TextPending("text-pending")
        self._waiting += 1
        try:
            await asyncio.wait({task}, timeout=seconds)
        finally:
            self._waiting -= 1
        if not task.done():
            raise TextPending("text-pending")
        return task.result()

    async def _make(self, document: Document, anew: bool) -> SakeError | None:
        """Make a text; return what went wrong."""
        async with self._free:
            try:
                async for event in self._read(document, anew):
                    if isinstance(event, ReadingFailure):
                        return self._remember(document, NotFound("text-not-remade", error=event.message))
            except SakeError as error:
                log.error("text not made again", extra={"document": document.id, "error": error.message})
                return self._remember(document, error) if isinstance(error, ReadingStalled) else error
            except ConnectionError:
                return Overloaded("part-restarting")
            except Exception:
                log.exception("text not made again", extra={"document": document.id})
                return self._remember(document, NotFound("text-not-remade", error=Message("internal-error")))
        log.info("text made again", extra={"document": document.id})
        return None

    def _remember(self, document: Document, error: SakeError) -> SakeError:
        if len(self._failures) >= MAX_FAILURES:
            self._failures.clear()
        self._failures[document.sha256] = time.monotonic(), error
        return error

    def _raise_recent_failure(self, sha256: str) -> None:
        at, error = self._failures.get(sha256, (0.0, None))
        if error and time.monotonic() - at < FAILURE_SECONDS:
            raise error
        self._failures.pop(sha256, None)
