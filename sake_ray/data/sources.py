"""Find the files that paths, folders, globs and s3:// prefixes name."""

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from threading import Lock

from sake_ray.data.pages.media import detect_media_type
from sake_ray.errors import InputError, SakeError, StorageUnavailable
from sake_ray.files import is_litter, is_ordinary, read_regular_file
from sake_ray.storage.objects import ObjectStore, open_store

# Files found beside scans: lists, notes, exports. They are skipped unless their content is a document.
SIDE_FILES = {
    ".csv",
    ".json",
    ".jsonl",
    ".md",
    ".txt",
    ".log",
    ".xml",
    ".yaml",
    ".yml",
    ".parquet",
    ".journal",
    ".ini",
    ".py",
    ".sha256",
}
S3 = "s3://"
HEAD = 4096
THREADS = 8
RECENT_BYTES = 100_000_000
"""So much of objects is kept between looking at them and reading them."""


@dataclass(frozen=True, slots=True)
class S3Endpoint:
    """The buckets of one S3 server. Plain values only, so that it can be pickled; boto3 finds the credentials."""

    endpoint: str | None = None
    region: str | None = None

    def open(self, bucket: str) -> ObjectStore:
        """Open the store that is this bucket; always the same one, since a connection takes longer than a small file."""
        return _open_bucket(self, bucket)


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to classify: its name as shown to the user, its location (a path or an s3:// address), and its size in bytes."""

    path: str
    location: bytes
    size: int = 0

    @property
    def is_object(self) -> bool:
        """Whether it is an object in a bucket, which any node can fetch."""
        return is_object(self.location)


@dataclass(frozen=True, slots=True)
class SourceListing:
    """The files that were named, in order and without repeats, and those in folders that are not documents."""

    sources: tuple[SourceFile, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a file is, whether it was named itself, and how large it is."""

    location: bytes
    named: bool
    size: int


def find_sources(paths: Sequence[str], *, buckets: S3Endpoint) -> SourceListing:
    """Expand paths, without what systems leave lying about. Raises InputError for a path that matches nothing."""
    sources: dict[bytes, SourceFile] = {}
    skipped: list[str] = []
    for path in paths:
        found = list(_find_objects(path, buckets) if path.startswith(S3) else _find_files(path))
        with ThreadPoolExecutor(THREADS) as threads:
            taken = threads.map(lambda place: place.named or _may_be_document(place.location, buckets), found)
            for place, may_be in zip(found, taken, strict=True):
                location = place.location
                # The shell names it too where somebody writes `scans/*`.
                take = may_be and not is_litter(_display_name(location))
                if take:
                    sources.setdefault(location, SourceFile(_display_name(location), location, place.size))
                else:
                    skipped.append(_display_name(location))
    return SourceListing(tuple(sources.values()), tuple(skipped))


def fetch_source(location: bytes, *, buckets: S3Endpoint, max_bytes: int) -> bytes:
    """Fetch the bytes of a source, at most `max_bytes` + 1 of them; raises InputError or StorageError."""
    if is_object(location):
        store, key = _find_store(location, buckets)
        return b"\0" * (max_bytes + 1) if store.size(key) > max_bytes else store.get(key)
    try:
        return read_regular_file(Path(os.fsdecode(location)), max_bytes + 1)
    except OSError as error:
        raise InputError("source-unreadable", error=error.strerror or error) from error


def is_object(location: bytes) -> bool:
    """Whether a location is an object in a bucket rather than a file of this machine."""
    return location.startswith(S3.encode())


class RecentBytes:
    """Fetches sources as `fetch_source` does, and keeps some objects: looking at one and reading it is one download then."""

    def __init__(self, buckets: S3Endpoint, *, max_bytes: int) -> None:
        self._buckets, self._max_bytes = buckets, max_bytes
        self._recent: dict[bytes, bytes] = {}
        self._left = RECENT_BYTES
        self._lock = Lock()

    def __call__(self, location: bytes) -> bytes:
        """Fetch the bytes at a location; raises what `fetch_source` raises. Threads may call it at once."""
        if (known := self._recent.get(location)) is not None:
            return known
        data = fetch_source(location, buckets=self._buckets, max_bytes=self._max_bytes)
        if is_object(location):
            with self._lock:
                if len(data) <= self._left and location not in self._recent:
                    self._recent[location] = data
                    self._left -= len(data)
        return data


def hash_sources(sources: Sequence[SourceFile], *, fetch: Callable[[bytes], bytes], max_bytes: int) -> Iterator[str]:
    """Hash each source in order; empty when it is larger than `max_bytes` or cannot be fetched."""
    with ThreadPoolExecutor(THREADS) as threads:
        yield from threads.map(lambda source: hash_source(source.location, fetch=fetch, max_bytes=max_bytes), sources)


def hash_source(location: bytes, *, fetch: Callable[[bytes], bytes], max_bytes: int) -> str:
    """Hash a source; empty when it is larger than `max_bytes` or cannot be fetched, which reading reports later."""
    try:
        data = fetch(location)
    except SakeError:
        return ""
    return "" if len(data) > max_bytes else sha256(data).hexdigest()


def _find_files(path: str) -> Iterator[_Place]:
    place = Path(path)
    if place.is_dir():
        yield from (_to_place(found, named=False) for found in _walk(place))
    elif place.exists():
        yield _to_place(place, named=True)
    else:
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
        if not matches:
            raise InputError("source-not-found", path=path)
        for match in matches:
            if Path(match).is_dir():
                yield from (_to_place(found, named=False) for found in _walk(Path(match)))
            else:
                yield _to_place(Path(match), named=True)


def measure_size(path: Path) -> int:
    """Measure a file in bytes; 0 where there is none, such as behind a link to nowhere: reading it says so."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _to_place(path: Path, *, named: bool) -> _Place:
    return _Place(os.fsencode(path), named, measure_size(path))


def _walk(folder: Path) -> Iterator[Path]:
    """Walk the files below a folder in order, without hidden ones. Links to folders are not followed: they may be endless."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent) / name for name in sorted(files) if not name.startswith(".") or is_litter(name))


def _find_objects(url: str, buckets: S3Endpoint) -> Iterator[_Place]:
    bucket, _, prefix = url[len(S3) :].partition("/")
    if not bucket:
        raise InputError("bucket-missing-in-address", address=url)
    objects = [(key, size) for key, size in buckets.open(bucket).list_sizes(prefix) if not key.endswith("/")]
    if not objects:
        raise InputError("objects-not-found", address=url)
    for key, size in objects:
        yield _Place(f"{S3}{bucket}/{key}".encode(), key == prefix, size)


def _may_be_document(location: bytes, buckets: S3Endpoint) -> bool:
    if not is_side_file(_display_name(location)):
        return location.startswith(S3.encode()) or is_ordinary(Path(os.fsdecode(location)))
    return is_document(lambda: _fetch_head(location, buckets))


def is_side_file(name: str) -> bool:
    """Whether a file of this name is one of those that lie beside scans; its content may say otherwise."""
    return Path(name).suffix.lower() in SIDE_FILES


def is_document(fetch_head: Callable[[], bytes]) -> bool:
    """Whether the first `HEAD` bytes of a file are of a type that is read. Raises StorageUnavailable."""
    try:
        detect_media_type(fetch_head())
    except StorageUnavailable:
        raise  # a store that fails says nothing of the file, which must not be left out for it
    except SakeError:
        return False
    return True


def _fetch_head(location: bytes, buckets: S3Endpoint) -> bytes:
    """Fetch what tells the type of a source; raises InputError or StorageError."""
    if not is_object(location):
        return fetch_source(location, buckets=buckets, max_bytes=HEAD)
    store, key = _find_store(location, buckets)
    return store.get_range(key, 0, HEAD)


@lru_cache(maxsize=8)
def _open_bucket(server: S3Endpoint, bucket: str) -> ObjectStore:
    return open_store(f"s3://{bucket}", endpoint=server.endpoint, region=server.region)


def _find_store(location: bytes, buckets: S3Endpoint) -> tuple[ObjectStore, str]:
    """Find the bucket of a source, and its key there."""
    bucket, _, key = location.decode()[len(S3) :].partition("/")
    return buckets.open(bucket), key


def _display_name(location: bytes) -> str:
    return location.decode("utf-8", "backslashreplace")
