"""Look for a word wherever an installation may hold it: in files, packed ones too, in any encoding."""

import gzip
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

import pyarrow.parquet as pq

GZIP, ZIP, PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"PAR1"


def find_traces(folder: Path, word: str) -> list[str]:
    """List the files below a folder, with their members, that hold the word: in their name or content."""
    return sorted({place for path in folder.rglob("*") if path.is_file() for place in _look(path, folder, word)})


def _look(path: Path, folder: Path, word: str) -> Iterator[str]:
    name = path.relative_to(folder).as_posix()
    if holds(name.encode(), word) or any(holds(content, word) for content in unpack(path.read_bytes())):
        yield name


def holds(content: bytes, word: str) -> bool:
    """Whether bytes have the word in any case, in UTF-8 or UTF-16."""
    lowered = content.lower()
    return any(word.lower().encode(encoding) in lowered for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def unpack(content: bytes) -> Iterator[bytes]:
    """Yield the bytes themselves, and what they have packed: by gzip, zip, Parquet, or zlib as git does."""
    yield content
    if content.startswith(GZIP):
        yield gzip.decompress(content)
    elif content.startswith(PARQUET):
        yield repr(pq.read_table(BytesIO(content)).to_pylist()).encode("utf-8", "replace")
    elif content.startswith(ZIP):
        try:
            with ZipFile(BytesIO(content)) as archive:
                for member in archive.namelist():
                    yield member.encode()
                    yield from unpack(archive.read(member))
        except BadZipFile:
            return
    elif content[:1] == b"\x78":
        try:
            yield zlib.decompress(content)
        except zlib.error:
            return
