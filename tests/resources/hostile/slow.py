"""Which files are within every limit of size, and still take for ever?"""

import random
import struct

from PIL import Image

from .drawings import saved
from .outcomes import BLANK, BY_A_LIMIT, UNREADABLE, Completed, HostileFile, named

BLOCKS, RUN = 600_000, 30_000
SHORT_RUNS = 1 << 14
"""JPEG's largest symbol for empty blocks stands for this many, plus what its 14 bits say (T.81, figure G.2)."""


def jpeg_of_100000_scans() -> HostileFile:
    start = segment(0xDB, b"\x00" + b"\x01" * 64) + segment(0xC2, struct.pack(">BHHB3B", 8, 4800, 8000, 1, 1, 0x11, 0))
    one_symbol = b"\x01" + bytes(15)  # a table with a single code of one bit: 0
    first = segment(0xC4, b"\x00" + one_symbol + b"\x00") + scan(0, 0, bytes(BLOCKS // 8))
    table = segment(0xC4, b"\x10" + one_symbol + b"\xe0")
    again = scan(1, 63, packed_bits(f"0{RUN - SHORT_RUNS:014b}" * (BLOCKS // RUN)))
    data = b"\xff\xd8" + start + first + table + again * 100_000 + b"\xff\xd9"
    why = "38 megapixels refined 100,000 times: minutes of work in few megabytes"
    return HostileFile("scans.jpg", data, (BLANK, BY_A_LIMIT, UNREADABLE), why)


def page_of_noise() -> HostileFile:
    noise = Image.frombytes("1", (1240, 1754), random.Random(1).randbytes(155 * 1754))
    outcome = (Completed(words=(), pages=1), BY_A_LIMIT)
    return HostileFile(
        "snow.png", saved(noise, "PNG"), outcome, "Every second dot is black: OCR finds letters everywhere"
    )


def segment(marker: int, content: bytes) -> bytes:
    """Write one segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def scan(first: int, last: int, coded: bytes) -> bytes:
    """Write one scan of the only component, for the coefficients from first to last."""
    return segment(0xDA, bytes([1, 1, 0, first, last, 0])) + coded


def packed_bits(bits: str) -> bytes:
    """Pack bits as JPEG wants them: filled up with ones, a zero byte behind each 255."""
    filled = bits + "1" * (-len(bits) % 8)
    coded = int(filled, 2).to_bytes(len(filled) // 8, "big")
    return coded.replace(b"\xff", b"\xff\x00")


MAKERS = named(jpeg_of_100000_scans, page_of_noise)
