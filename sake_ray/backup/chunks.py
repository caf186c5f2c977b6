"""Cut content into chunks, so that what is stored again is only the part that changed."""

import zlib
from collections.abc import Iterable, Iterator

CHUNK_BYTES = 1 << 20
MIN_ROWS_BYTES = 1 << 16
ENDS_ONE_IN = 512
"""One row in so many ends a chunk, by its content alone: a new row in the middle moves no other boundary."""


def cut_blocks(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Cut bytes, in blocks of any size, after every CHUNK_BYTES: for files that change in their place, such as SQLite's."""
    held = bytearray()
    for block in blocks:
        held += block
        while len(held) >= CHUNK_BYTES:
            yield bytes(held[:CHUNK_BYTES])
            del held[:CHUNK_BYTES]
    if held:
        yield bytes(held)


def cut_rows(rows: Iterable[bytes]) -> Iterator[bytes]:
    """Cut rows between two of them, where their content says so: for lists into which rows are inserted."""
    held = bytearray()
    for row in rows:
        held += row
        is_end = len(held) >= MIN_ROWS_BYTES and zlib.crc32(row) % ENDS_ONE_IN == 0
        if is_end or len(held) >= CHUNK_BYTES:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)
