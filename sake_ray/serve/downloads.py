"""Send a file piece by piece, a range of it, or only that the caller has it already."""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from functools import partial

from fastapi import Request, Response
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from sake_ray.errors import Message, StorageUnavailable
from sake_ray.serve.etags import is_known, make_etag
from sake_ray.serve.executors import OBJECTS
from sake_ray.storage.objects import ObjectStore

SANDBOX = {"Content-Security-Policy": "sandbox; default-src 'none'"}
PIECE_BYTES = 1_000_000
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


@dataclass(frozen=True, slots=True)
class Source:
    """A file to send: a strong ETag, its size in bytes, and how to read so many bytes from a place on."""

    etag: str
    size: int
    read: Callable[[int, int], bytes]


async def send_object(
    request: Request,
    store: ObjectStore,
    key: str,
    *,
    check: Callable[[], None] = lambda: None,
    media_type: str,
    headers: dict[str, str],
) -> Response:
    """Answer with an object of the store as `send_file` does. Raises ObjectMissing."""
    size = await OBJECTS.run(store.size, key)
    # The bytes under a key stay the same; the size tells a page that was made again by another version.
    source = Source(make_etag(key, size, weak=False), size, partial(store.get_range, key))
    return await send_file(request, source, check=check, media_type=media_type, headers=headers)


async def send_file(
    request: Request,
    source: Source,
    *,
    check: Callable[[], None] = lambda: None,
    media_type: str,
    headers: dict[str, str],
) -> Response:
    """Answer with a file; the caller must have made sure that whoever asks may see it.

    `check` is called before anything is sent, and raises when it may not be.

    The answer is for the cache of this user alone, who asks again each time: a 304 costs no reading, and the right to see it
    may end. Several ranges at once are answered with the whole.
    """
    size, headers = source.size, headers | cache_headers(source.etag)
    if is_known(headers["ETag"], request.headers.get("If-None-Match")):
        return Response(status_code=304, headers=headers)
    start, end = _read_range(request, headers["ETag"], size)
    await OBJECTS.run(check)
    # The first piece is read before the answer begins: what is gone is a 404, not half an answer.
    first = await OBJECTS.run(_read_piece, source, start, end)
    headers |= {"Content-Length": str(end - start), "Accept-Ranges": "bytes"}
    part = end - start < size
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    pieces = _read_pieces(source, first, start + len(first), end)
    return StreamingResponse(pieces, 206 if part else 200, headers, media_type)


def cache_headers(etag: str) -> dict[str, str]:
    """Make the headers by which this user's own cache may hold an answer, asking each time whether it is still so."""
    return {"ETag": etag, "Cache-Control": "private, no-cache", "Vary": "Authorization"}


async def _read_pieces(source: Source, first: bytes, start: int, end: int) -> AsyncIterator[bytes]:
    yield first
    while start < end:
        piece = await OBJECTS.run(_read_piece, source, start, end)
        yield piece
        start += len(piece)


def _read_piece(source: Source, start: int, end: int) -> bytes:
    """Read from there on, a piece or to the end; raises StorageUnavailable when the object has become shorter."""
    wanted = min(PIECE_BYTES, end - start)
    piece = source.read(start, wanted)
    if len(piece) != wanted:
        raise StorageUnavailable("object-cut-short", bytes=len(piece), wanted=wanted)
    return piece


def _read_range(request: Request, tag: str, size: int) -> tuple[int, int]:
    """Read which bytes are wanted: the first, and the one after the last."""
    wanted = RANGE.fullmatch(request.headers.get("Range", "").strip())
    if not wanted or not any(wanted.groups()) or request.headers.get("If-Range", tag) != tag:
        return 0, size
    first, last = wanted.groups()
    if first:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < int(first):  # malformed, and so to be ignored
            return 0, size
    else:
        start, end = max(size - int(last), 0), size
    if start >= size:
        raise HTTPException(416, Message("range-not-there", bytes=size), {"Content-Range": f"bytes */{size}"})
    return start, end
