"""How is a TIFF written whose tags say whatever they like?"""

import struct
from collections.abc import Sequence

WIDTH, HEIGHT, DEPTH, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
OFFSETS, CHANNELS, ROWS_PER_STRIP, COUNTS, SAMPLE_FORMAT = 273, 277, 278, 279, 339
DATA_AT = 8
LONG = 4

Tags = dict[int, int]


def tiff_bytes(pages: Sequence[Tags], data: bytes, *, next_of_last: int = 0) -> bytes:
    """Write little-endian directories one after the other behind the data, which starts at byte 8 for all of them.

    `next_of_last` is where the last directory says that one more follows; 0 says none, 1 points back to the first.
    """
    first = DATA_AT + len(data) + len(data) % 2
    written = bytearray(struct.pack("<2sHI", b"II", 42, first) + data + b"\x00" * (len(data) % 2))
    for number, tags in enumerate(pages):
        body = struct.pack("<H", len(tags))
        for tag, value in sorted(tags.items()):
            body += struct.pack("<HHII", tag, LONG, 1, value)
        after = len(written) + len(body) + 4
        last = number == len(pages) - 1
        following = (first if next_of_last == 1 else next_of_last) if last else after
        written += body + struct.pack("<I", following)
    return bytes(written)


def gray_tags(width: int, height: int, count: int, *, depth: int = 8) -> Tags:
    """Give the tags of an unpacked gray page in one strip of `count` bytes."""
    return {
        WIDTH: width,
        HEIGHT: height,
        DEPTH: depth,
        COMPRESSION: 1,
        PHOTOMETRIC: 1,
        OFFSETS: DATA_AT,
        CHANNELS: 1,
        ROWS_PER_STRIP: height,
        COUNTS: count,
    }
