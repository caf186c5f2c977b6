"""Start the reader process, send it documents, and end it."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from typing import Any

from sake_ray import errors
from sake_ray.data.reader_surroundings import ScratchFolder, make_environment
from sake_ray.data.reading_clock import ReadingClock, measure_cpu
from sake_ray.data.stage_clock import record_page
from sake_ray.data.text_cache import page_from_json
from sake_ray.domain.limits import Limits
from sake_ray.domain.page_ranges import PageRange, Survey
from sake_ray.domain.progress import Progress
from sake_ray.domain.texts import Page, ReadingSource

START_SECONDS = 60.0
POLL_SECONDS = 0.25
CHUNK = 1 << 20
SOURCES_OF_PROCESS = frozenset(
    {ReadingSource.TEXT_LAYER, ReadingSource.TESSERACT, ReadingSource.NEURAL, ReadingSource.BLANK}
)

OnPageRead = Callable[[Page, bytes, bytes], None]
"""Called with (page, its image as JPEG, its thumbnail as JPEG)."""
OnPageMeasured = Callable[[ReadingSource, float], None]
"""Called with (what a page was read by, the seconds that took)."""


def ignore_measurement(source: ReadingSource, seconds: float) -> None:
    """Drop it; the default of `read`."""


def ignore_page(page: Page, image: bytes, thumbnail: bytes) -> None:
    """Drop a page; the default of `read`."""


@dataclass(frozen=True, slots=True)
class ReadingOptions:
    """How to read: every page by `engine`, poor ones by `second_engine` as well. Plain values only, so that it can be pickled."""

    limits: Limits = field(default_factory=Limits)
    engine: str = "tesserocr"
    languages: str = "fra+eng"
    tessdata: str | None = None
    second_engine: str = "rapidocr"


def find_source(said: object) -> ReadingSource:
    """Find what a page was read by; NONE where the process, which decodes what strangers send, says what it cannot know."""
    return ReadingSource(said) if isinstance(said, str) and said in SOURCES_OF_PROCESS else ReadingSource.NONE


class ReaderProcessDied(Exception):
    """The reader process ended while it was working; `Reader` retries, or raises ReadingCrashed."""


class ReaderProcess:
    """A reader process and the pipes to it; not for use from two threads at once."""

    def __init__(self, options: ReadingOptions) -> None:
        self.options = options
        self.documents = 0
        self._busy = False
        self._buffer = bytearray()
        self._scratch = ScratchFolder()
        folder = str(self._scratch.path)
        alive, self._alive = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "sake_ray.data.reader_process"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=make_environment(os.environ, folder),
            pass_fds=(alive,),
            start_new_session=True,
        )
        os.close(alive)
        assert self._process.stdout is not None
        assert self._process.stdin is not None
        self._answers, self._requests = self._process.stdout, self._process.stdin
        end = time.monotonic() + START_SECONDS

        def check_start() -> None:
            if time.monotonic() > end:
                raise ReaderProcessDied

        try:
            self._send(asdict(options) | {"alive": alive, "folder": folder}, b"")
            greeting = self._read_header(check_start)
        except ReaderProcessDied:
            self.kill()
            raise
        if "error" in greeting:
            self.kill()
            raise errors.to_error(errors.Message.from_json(greeting["error"]))
        self.engine, self.version = str(greeting["engine"]), str(greeting["version"])
        self.missing: dict[str, str] = greeting["missing"]
        """The layers of its confinement that this machine does not allow, each with why."""

    def is_idle(self) -> bool:
        """Whether the process lives and owes no answer."""
        return not self._busy and self._process.poll() is None

    def read(
        self,
        data: bytes,
        wanted: PageRange | None,
        on_page: Progress,
        on_page_read: OnPageRead,
        on_page_measured: OnPageMeasured = ignore_measurement,
    ) -> tuple[Page, ...]:
        """Read a document in the process, or the wanted pages of it.

        Raises ReaderProcessDied, ReadingTimeout, ReadingStalled, or the error that the process reports.
        """
        self._busy = True
        self.documents += 1
        clock = ReadingClock(self._process.pid, self.options.limits)
        self._send({"bytes": len(data)} | ({"wanted": [wanted.first, wanted.last]} if wanted else {}), data)
        pages: list[Page] = []
        while True:
            clock.begin_page((wanted.first if wanted else 1) + len(pages))
            began, begun_at = time.monotonic(), time.time()
            header = self._read_header(clock.check)
            if "page" not in header:
                break
            image, thumbnail = (self._read_exactly(header[part], clock.check) for part in ("image", "thumbnail"))
            on_page_measured(find_source(header.get("source")), time.monotonic() - began)
            page = page_from_json(header["page"])
            record_page(page, begun_at, header.get("stages"))
            on_page_read(page, image, thumbnail)
            pages.append(page)
            on_page(len(pages), header["pages"])
        self._busy = False
        if "error" in header:
            raise errors.to_error(errors.Message.from_json(header["error"]))
        return tuple(pages)

    def preview(self, data: bytes) -> bytes:
        """Make a thumbnail of the first page in the process, as JPEG; raises what `read` raises."""
        self._busy = True
        clock = ReadingClock(self._process.pid, self.options.limits)
        self._send({"bytes": len(data), "preview": True}, data)
        header = self._read_header(clock.check)
        thumbnail = self._read_exactly(header.get("thumbnail", 0), clock.check)
        self._busy = False
        if "error" in header:
            raise errors.to_error(errors.Message.from_json(header["error"]))
        return thumbnail

    def survey(self, data: bytes) -> Survey:
        """Have the process tell how many pages there are, and how many of them are scans; raises what `read` raises."""
        self._busy = True
        clock = ReadingClock(self._process.pid, self.options.limits)
        self._send({"bytes": len(data), "survey": True}, data)
        header = self._read_header(clock.check)
        self._busy = False
        if "error" in header:
            raise errors.to_error(errors.Message.from_json(header["error"]))
        return Survey(**header["survey"])

    def measure_cpu(self) -> float:
        """Measure the CPU seconds that the process has used so far."""
        return measure_cpu(self._process.pid)

    def kill(self) -> None:
        """End the process and its Tesseract at once."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for pipe in (self._answers, self._requests):
            with suppress(OSError):  # unsent bytes in a broken pipe
                pipe.close()
        os.close(self._alive)
        self._scratch.remove()

    def _send(self, header: Mapping[str, object], data: bytes) -> None:
        try:
            self._requests.write(json.dumps(header).encode() + b"\n" + data)
            self._requests.flush()
        except OSError as error:
            raise ReaderProcessDied from error

    def _read_header(self, check: Callable[[], None]) -> dict[str, Any]:
        while (end := self._buffer.find(b"\n")) < 0:
            self._receive(check)
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 1]
        header: dict[str, Any] = json.loads(line)
        return header

    def _read_exactly(self, size: int, check: Callable[[], None]) -> bytes:
        while len(self._buffer) < size:
            self._receive(check)
        part = bytes(self._buffer[:size])
        del self._buffer[:size]
        return part

    def _receive(self, check: Callable[[], None]) -> None:
        """Receive some bytes; meanwhile `check` is called again and again, and raises when the process is to be ended."""
        check()
        while not select.select([self._answers], [], [], POLL_SECONDS)[0]:
            check()
        chunk = os.read(self._answers.fileno(), CHUNK)
        if not chunk:
            raise ReaderProcessDied
        self._buffer += chunk
