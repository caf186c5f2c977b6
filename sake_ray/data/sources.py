"""Find the files that paths, folders, globs and s3:// prefixes name."""

import glob
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from sake_ray.data.pages.media import detect_media_type
from sake_ray.errors import InputError, SakeError, StorageUnavailable
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
    """A file to classify: its name as shown to the user, and its location (a path or an s3:// address) as bytes."""

    path: str
    location: bytes


@dataclass(frozen=True, slots=True)
class SourceListing:
    """The files that were named, in order and without repeats, and those in folders that are not documents."""

    sources: tuple[SourceFile, ...]
    skipped: tuple[str, ...]


def find_sources(paths: Sequence[str], *, buckets: S3Endpoint) -> SourceListing:
    """Expand paths; a file named itself is never skipped. Raises InputError for a path that matches nothing."""
    sources: dict[bytes, SourceFile] = {}
    skipped: list[str] = []
    for path in paths:
        found = list(_find_objects(path, buckets) if path.startswith(S3) else _find_files(path))
        with ThreadPoolExecutor(THREADS) as threads:
            taken = threads.map(lambda place: place[1] or _may_be_document(place[0], buckets), found)
            for (location, _), take in zip(found, taken, strict=True):
                if take:
                    sources.setdefault(location, SourceFile(_display_name(location), location))
                else:
                    skipped.append(_display_name(location))
    return SourceListing(tuple(sources.values()), tuple(skipped))


def fetch_source(location: bytes, *, buckets: S3Endpoint, max_bytes: int) -> bytes:
    """Fetch the bytes of a source, at most `max_bytes` + 1 of them; raises InputError or StorageError."""
    if location.startswith(S3.encode()):
        store, key = _find_store(location, buckets)
        return b"\0" * (max_bytes + 1) if store.size(key) > max_bytes else store.get(key)
    try:
        with Path(os.fsdecode(location)).open("rb") as file:
            return file.read(max_bytes + 1)
    except OSError as error:
        raise InputError("source-unreadable", error=error.strerror or error) from error


def hash_sources(sources: Sequence[SourceFile], *, buckets: S3Endpoint, max_bytes: int) -> Iterator[str]:
    """Hash each source in order; empty when it is larger than `max_bytes` or cannot be fetched."""
    with ThreadPoolExecutor(THREADS) as threads:
        yield from threads.map(
            lambda source: hash_source(source.location, buckets=buckets, max_bytes=max_bytes), sources
        )


def hash_source(location: bytes, *, buckets: S3Endpoint, max_bytes: int) -> str:
    """Hash a source; empty when it is larger than `max_bytes` or cannot be fetched, which reading reports later."""
    try:
        data = fetch_source(location, buckets=buckets, max_bytes=max_bytes)
    except SakeError:
        return ""
    return "" if len(data) > max_bytes else sha256(data).hexdigest()


def _find_files(path: str) -> Iterator[tuple[bytes, bool]]:
    place = Path(path)
    if place.is_dir():
        yield from ((os.fsencode(found), False) for found in _walk(place))
    elif place.exists():
        yield os.fsencode(place), True
    else:
        matches = sorted(glob.glob(path, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
        if not matches:
            raise InputError("source-not-found", path=path)
        for match in matches:
            if Path(match).is_dir():
                yield from ((os.fsencode(found), False) for found in _walk(Path(match)))
            else:
                yield os.fsencode(match), True


def _walk(folder: Path) -> Iterator[Path]:
    """Walk the files below a folder in order, without hidden ones. Links to folders are not followed: they may be endless."""
    for parent, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(parent) / name for name in sorted(files) if not name.startswith("."))


def _find_objects(url: str, buckets: S3Endpoint) -> Iterator[tuple[bytes, bool]]:
    bucket, _, prefix = url[len(S3) :].partition("/")
    if not bucket:
        raise InputError("bucket-missing-in-address", address=url)
    keys = [key for key in buckets.open(bucket).list(prefix) if not key.endswith("/")]
    if not keys:
        raise InputError("objects-not-found", address=url)
    for key in keys:
        yield f"{S3}{bucket}/{key}".encode(), key == prefix


def _may_be_document(location: bytes, buckets: S3Endpoint) -> bool:
    if Path(_display_name(location)).suffix.lower() not in SIDE_FILES:
        return True
    try:
        detect_media_type(_fetch_head(location, buckets))
    except StorageUnavailable:
        raise  # a store that fails says nothing of the file, which must not be left out for it
    except SakeError:
        return False
    return True


def _fetch_head(location: bytes, buckets: S3Endpoint) -> bytes:
    """Fetch what tells the type of a source; raises InputError or StorageError."""
    if not location.startswith(S3.encode()):
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
