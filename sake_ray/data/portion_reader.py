"""Read a portion: fetch its bytes, know them again, read what was never read."""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256

from sake_ray.data.document_claims import DocumentClaims
from sake_ray.data.loose_pages import read_pages_apart
from sake_ray.data.portions import Portion, PortionSource, divide_document
from sake_ray.data.reading import Reader, read_document
from sake_ray.data.text_cache import fetch_pages
from sake_ray.domain.texts import DocumentText
from sake_ray.errors import DOCUMENT_FAULTS, NOTHING, InputError, Message, ReadingTimeout, SakeError
from sake_ray.storage.objects import ObjectStore

Fetch = Callable[[bytes], bytes]
"""Fetches the bytes at a location, and one more than a document may have; raises SakeError."""
OnPageDone = Callable[[int, int], None]
"""Called with (index of the source, its number of pages) after each page."""


def ignore_page_done(index: int, pages: int) -> None:
    """Drop it; the default."""


class OutcomeKind(StrEnum):
    """What came of a source: read, failed, known from an earlier run, the same bytes as another, or pages of it read."""

    READ = "read"
    FAILED = "failed"
    KNOWN = "known"
    COPY = "copy"
    PAGES = "pages"


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """What came of a source in one portion; `sha256` is empty when its bytes could not be had.

    `pages` were read of `count`; `seconds` is how long it took by the clock.
    """

    index: int
    kind: OutcomeKind
    sha256: str = ""
    seconds: float = 0.0
    pages: int = 1
    count: int = 1
    text: DocumentText | None = None
    error: Message = NOTHING

    def without_text(self) -> "SourceOutcome":
        """The outcome alone."""
        return replace(self, text=None)


class PortionReader:
    """Reads portions one at a time. `known` has the sha256 that an earlier run finished, by the index of the source."""

    def __init__(
        self,
        reader: Reader,
        store: ObjectStore,
        *,
        fetch: Fetch,
        claims: DocumentClaims,
        known: Mapping[int, frozenset[str]],
        on_page: OnPageDone = ignore_page_done,
    ) -> None:
        self.reader, self._store, self._claims, self._known = reader, store, claims, known
        self._fetch, self._on_page = fetch, on_page
        self._last: tuple[bytes, bytes] | None = None

    def survey(self, portion: Portion) -> tuple[Portion, ...]:
        """Divide a portion by the pages of its only document.

        It comes back as it is when that is not worth it or cannot be done: reading it says why.
        """
        (source,) = portion.sources
        whole = Portion(portion.sources, portion.seconds)
        try:
            data = self._fetch_once(source.location)
            digest = self._hash(data)
            if not digest or digest in self._known.get(source.index, ()):
                return (whole,)
            if fetch_pages(self._store, digest, self.reader.recipe):
                return (whole,)
            portions = divide_document(source, digest, self.reader.survey(data))
        except SakeError:
            return (whole,)
        return portions if len(portions) == 1 or self._claims.claim(digest, source.index) else (whole,)

    def read(self, portion: Portion) -> Iterator[SourceOutcome]:
        """Read a portion, and say of each document what came of it; a bad one is FAILED."""
        for source in portion.sources:
            started = time.monotonic()
            outcome = self._read_pages(portion, source) if portion.pages else self._read_whole(source)
            yield replace(outcome, seconds=time.monotonic() - started)

    def _read_whole(self, source: PortionSource) -> SourceOutcome:
        digest = ""
        try:
            data = self._fetch_once(source.location)
            digest = self._hash(data)
            if digest in self._known.get(source.index, ()):
                return SourceOutcome(source.index, OutcomeKind.KNOWN, digest)
            if digest and not self._claims.claim(digest, source.index):
                return SourceOutcome(source.index, OutcomeKind.COPY, digest)
            text = read_document(
                data,
                reader=self.reader,
                store=self._store,
                on_page=lambda _, pages: self._on_page(source.index, pages),
            )
        except SakeError as error:
            return SourceOutcome(source.index, OutcomeKind.FAILED, digest, error=error.message)
        pages = len(text.pages)
        return SourceOutcome(source.index, OutcomeKind.READ, digest, pages=pages, count=pages, text=text)

    def _read_pages(self, portion: Portion, source: PortionSource) -> SourceOutcome:
        assert portion.pages
        index, digest, pages, count = source.index, portion.digest, len(portion.pages), portion.count
        if self._claims.is_given_up(digest):
            return SourceOutcome(index, OutcomeKind.PAGES, digest, pages=pages, count=count)
        cpu = self.reader.measure_cpu()
        try:
            data = self._fetch_once(source.location)
            if self._hash(data) != digest:
                raise InputError("source-changed")
            text = read_pages_apart(
                data, digest, portion.pages, count=count, reader=self.reader, store=self._store,
                on_page=lambda *_: self._on_page(index, count),
            )  # fmt: skip
            spent = self._claims.spend(digest, max(0.0, self.reader.measure_cpu() - cpu))
            limits = self.reader.options.limits
            if text is None and spent > limits.document_seconds:
                raise ReadingTimeout(
                    "document-timeout",
                    page=portion.pages.last,
                    page_seconds=limits.page_seconds,
                    document_seconds=limits.document_seconds,
                )
        except SakeError as error:
            if isinstance(error, DOCUMENT_FAULTS):  # a store that does not answer may do so at the next page
                self._claims.give_up(digest)
            return SourceOutcome(index, OutcomeKind.FAILED, digest, pages=pages, count=count, error=error.message)
        kind = OutcomeKind.READ if text else OutcomeKind.PAGES
        return SourceOutcome(index, kind, digest, pages=pages, count=count, text=text)

    def _fetch_once(self, location: bytes) -> bytes:
        """Fetch, unless the last fetch was the same: pages of a document often come one after the other."""
        if self._last is None or self._last[0] != location:
            self._last = None
            self._last = location, self._fetch(location)
        return self._last[1]

    def _hash(self, data: bytes) -> str:
        """The sha256 of a document; empty when it is larger than allowed, and has more bytes than these."""
        return "" if len(data) > self.reader.options.limits.max_bytes else sha256(data).hexdigest()
