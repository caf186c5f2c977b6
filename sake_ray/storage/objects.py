"""Store bytes under keys: the protocol of a store, and the store that is a folder."""

import os
import secrets
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from sake_ray.errors import InputError, ObjectMissing, SetupError, StorageUnavailable
from sake_ray.files import sync_folder, write_atomically

MAX_PART_BYTES = 255
MAX_KEY_BYTES = 900
"""S3 allows 1,024; the rest is for the prefix of the store."""
UNFINISHED = ".unfinished-"
"""The prefix of a file while it is written; what a kill leaves behind is recognized by it and never listed."""
LEFT_SECONDS = 3600
"""So old, an unfinished file is what a kill has left."""
YOUNG_SECONDS = 2.0
"""What was written so lately may be written again without its time telling it."""


class ObjectStore(Protocol):
    """Bytes under keys such as "originals/ab12.pdf". Plain values only, so that a store can be pickled."""

    def put(self, key: str, data: bytes, *, durable: bool = False) -> None:
        """Store the bytes; readers get the old or the new ones, never a part of them.

        After a durable put has returned, a power cut does not lose it.
        """

    def get(self, key: str) -> bytes:
        """Fetch the bytes; raises ObjectMissing."""

    def get_range(self, key: str, start: int, length: int) -> bytes:
        """Fetch at most so many bytes from an offset on, fewer where the object ends; raises ObjectMissing."""

    def exists(self, key: str) -> bool:
        """Return whether there is an object under this key."""

    def list(self, prefix: str = "") -> Iterator[str]:
        """Yield the keys that begin with this text, sorted; any number of them, fetched as they are needed."""

    def list_sizes(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        """Yield keys as `list` does, each with the bytes of its object."""

    def list_versions(self, prefix: str = "") -> Iterator[tuple[str, int, str]]:
        """Yield keys as `list` does, each with the bytes of its object and what differs when it is replaced.

        Empty instead where only reading tells: it was written a moment ago.
        """

    def delete(self, key: str) -> None:
        """Remove the object; a missing one is fine."""

    def erase(self, key: str) -> None:
        """Remove the object for good: also earlier versions of it, and what killed puts have left beside it."""

    def list_folders(self, folder: str) -> Sequence[str]:
        """List what follows in keys after a folder ("" or ending with "/"), up to the next "/", sorted."""

    def size(self, key: str) -> int:
        """Count the bytes without fetching them; raises ObjectMissing."""

    def modified(self, key: str) -> datetime:
        """Tell when the object was last written, in UTC; raises ObjectMissing."""


def open_store(
    url: str,
    *,
    endpoint: str | None = None,
    region: str | None = None,
    access_key: str | None = None,
    secret_key: str | None = None,
) -> ObjectStore:
    """Open the store a URL names: a folder's path, `file:///folder` or `s3://bucket/prefix`.

    Nothing is contacted or created yet. Without keys, boto3 finds credentials as usual (AWS_*, profile).
    """
    if url.startswith("s3://"):
        # boto3 takes half a second to import, and most installations use a folder.
        from sake_ray.storage.s3 import S3Store, split_s3_url

        bucket, prefix = split_s3_url(url)
        return S3Store(bucket, prefix, endpoint=endpoint, region=region, access_key=access_key, secret_key=secret_key)
    if url.startswith("file://"):
        parts = urlsplit(url)
        if parts.netloc not in {"", "localhost"} or not parts.path:
            raise SetupError("store-address-not-local", address=url)
        return FolderStore(Path(unquote(parts.path)))
    if "://" in url or not url.strip():
        raise SetupError("store-address-unknown", address=url)
    return FolderStore(Path(url).expanduser())


def check_key(key: str) -> str:
    """Return the key; raises InputError when it would leave the store or cannot be a path in it."""
    if fault := find_key_fault(key):
        raise InputError("object-key-invalid", key=key[:80], error=fault)
    return key


def find_key_fault(key: str) -> str:
    """Describe what is wrong with a key; empty when nothing is."""
    try:
        size = len(key.encode())
    except UnicodeEncodeError:
        return "it is not valid Unicode"
    parts = key.split("/")
    if not key or key.startswith("/"):
        return "it must be relative and not empty"
    if not all(parts) or not {".", ".."}.isdisjoint(parts):
        return "a part of it is empty, '.' or '..'"
    if any(character < " " or character == "\x7f" for character in key):
        return "it has a control character"
    if size > MAX_KEY_BYTES or any(len(part.encode()) > MAX_PART_BYTES for part in parts):
        return f"it is longer than {MAX_KEY_BYTES} bytes, or one of its parts than {MAX_PART_BYTES}"
    if any(part.startswith(UNFINISHED) for part in parts):
        return f"{UNFINISHED} is reserved for files being written"
    return ""


def check_prefix(prefix: str) -> str:
    """Return the prefix of keys; raises InputError when no key can have it."""
    if prefix:
        check_key(prefix + "x" if prefix.endswith(("/", ".")) else prefix)
    return prefix


class FolderStore:
    """A store that is a folder, with one file per object; any number of processes may share it.

    Unlike S3, a key cannot extend another ("a/b" beside "a"): such a put raises InputError.
    """

    def __init__(self, root: Path) -> None:
        # Absolute, because a worker that unpickles the store runs in another folder.
        self.root = root.absolute()

    def __repr__(self) -> str:
        return f"FolderStore({str(self.root)!r})"

    def put(self, key: str, data: bytes, *, durable: bool = False) -> None:
        path = self.root / check_key(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, data, sync=durable, part=path.with_name(UNFINISHED + secrets.token_hex(8)))
            if durable:
                self._sync_folders_above(path.parent)
        except (FileExistsError, IsADirectoryError, NotADirectoryError) as error:
            if self.root.is_dir():
                raise InputError("object-key-clash", key=key, folder=self.root) from error
            raise StorageUnavailable("store-not-a-folder", folder=self.root) from error
        except OSError as error:
            raise unavailable(self.root, error) from error

    def get(self, key: str) -> bytes:
        with self._translate_errors(key):
            return (self.root / check_key(key)).read_bytes()

    def get_range(self, key: str, start: int, length: int) -> bytes:
        with self._translate_errors(key), (self.root / check_key(key)).open("rb") as file:
            file.seek(start)
            return file.read(length)

    def exists(self, key: str) -> bool:
        with self._translate_errors(key):
            return (self.root / check_key(key)).is_file()

    def list(self, prefix: str = "") -> Iterator[str]:
        folder, slash, _ = check_prefix(prefix).rpartition("/")
        return self._walk(folder + slash, prefix)

    def list_sizes(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        for key in self.list(prefix):
            with suppress(ObjectMissing):  # deleted meanwhile
                yield key, self.size(key)

    def list_versions(self, prefix: str = "") -> Iterator[tuple[str, int, str]]:
        for key in self.list(prefix):
            with suppress(ObjectMissing):  # deleted meanwhile
                found = self._stat(key)
                is_young = time.time() - found.st_mtime < YOUNG_SECONDS
                yield key, found.st_size, "" if is_young else f"{found.st_mtime_ns}:{found.st_ino}"

    def delete(self, key: str) -> None:
        with suppress(ObjectMissing), self._translate_errors(key):
            (self.root / check_key(key)).unlink()

    def erase(self, key: str) -> None:
        self.delete(key)
        folder = (self.root / check_key(key)).parent
        with suppress(ObjectMissing), self._translate_errors(key):
            for part in folder.glob(f"{UNFINISHED}*"):
                # A younger one may be a put that goes on.
                with suppress(FileNotFoundError):
                    if time.time() - part.stat().st_mtime > LEFT_SECONDS:
                        part.unlink()

    def list_folders(self, folder: str) -> Sequence[str]:
        return [name.rstrip("/") for name in self._names(folder) if name.endswith("/")]

    def size(self, key: str) -> int:
        return self._stat(key).st_size

    def modified(self, key: str) -> datetime:
        return datetime.fromtimestamp(self._stat(key).st_mtime, UTC)

    def _stat(self, key: str) -> os.stat_result:
        with self._translate_errors(key):
            found = (self.root / check_key(key)).stat()
        if stat.S_ISDIR(found.st_mode):
            raise ObjectMissing("object-missing", key=key, folder=self.root)
        return found

    def _walk(self, folder: str, prefix: str) -> Iterator[str]:
        """Yield the keys below one folder ("" or ending with "/") that begin with the prefix."""
        for name in self._names(folder):
            key = folder + name
            if find_key_fault(key.removesuffix("/")):
                continue
            if not name.endswith("/"):
                if key.startswith(prefix):
                    yield key
            elif key.startswith(prefix) or prefix.startswith(key):
                yield from self._walk(key, prefix)

    def _names(self, folder: str) -> Sequence[str]:
        """The names in one folder, those of folders ending with "/", in the order of whole keys; none if it is gone."""
        with suppress(ObjectMissing), self._translate_errors(folder), os.scandir(self.root / folder) as entries:
            return sorted(entry.name + "/" * entry.is_dir(follow_symlinks=False) for entry in entries)
        return []

    def _sync_folders_above(self, folder: Path) -> None:
        """Sync the folders above, up to the parent of the root: any folder may have just been made."""
        for path in folder.parents:
            # The folder around a mounted root may be traversable but not readable.
            with suppress(PermissionError):
                sync_folder(path)
            if path == self.root.parent:
                return

    @contextmanager
    def _translate_errors(self, key: str) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise ObjectMissing("object-missing", key=key, folder=self.root) from error
        except OSError as error:
            raise unavailable(self.root, error) from error


def unavailable(root: Path, error: OSError) -> StorageUnavailable:
    """Describe an error of the disk."""
    return StorageUnavailable("folder-unusable", folder=root, error=error.strerror or type(error).__name__)
