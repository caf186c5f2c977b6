"""Make the font of text that nobody sees: every letter is the same glyph, a line without width, and says what it stands for.

So one small font has the letters of every script, and what is copied or searched is exactly what was read. Tesseract writes its
PDFs with a font like it.
"""

import struct
from collections.abc import Iterator
from functools import cache

WIDTH, HEIGHT = 500, 1000
"""Of every glyph, in thousandths of the font's size; it stands on the base line."""
MAX_CODES = 65_535
GLYPHS = 2  # the first is the one for what a font lacks, which viewers may treat in their own way
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
BLOCK = 100
"""So many entries a block of a CMap may have."""


class Codes:
    """The code of each letter, from 1 in the order in which they first come."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def encode(self, text: str) -> str:
        """Write the codes of a text, each as four hexadecimal digits; what is no letter, such as a NUL, is left out."""
        return "".join(
            f"{self._find(letter):04X}" for letter in text if letter >= " " and not "\ud800" <= letter < "\ue000"
        )

    def write_cmap(self) -> bytes:
        """Write which letter each code stands for."""
        head = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) "
            "/Supplement 0 >> def /CMapName /Adobe-Identity-UCS def /CMapType 2 def\n1 begincodespacerange <0000> <FFFF> "
            "endcodespacerange\n"
        )
        end = "endcmap CMapName currentdict /CMap defineresource pop end end\n"
        return (head + "".join(self._write_blocks()) + end).encode()

    def write_glyph_map(self) -> bytes:
        """Write which glyph each code has: the one for all."""
        return struct.pack(">H", 0) + struct.pack(">H", 1) * len(self._codes)

    def _find(self, letter: str) -> int:
        if letter not in self._codes and len(self._codes) >= MAX_CODES - 1:
            letter = UNKNOWN
        return self._codes.setdefault(letter, len(self._codes) + 1)

    def _write_blocks(self) -> Iterator[str]:
        entries = [f"<{code:04X}> <{letter.encode('utf-16-be').hex()}>\n" for letter, code in self._codes.items()]
        for start in range(0, len(entries), BLOCK):
            block = entries[start : start + BLOCK]
            yield f"{len(block)} beginbfchar\n{''.join(block)}endbfchar\n"


@cache
def make_font() -> bytes:
    """Make the font as TrueType, with the tables that PDF asks for (ISO 32000-1, 9.9)."""
    version = 0x00010000
    # From corner to corner and back: nothing is drawn, and Chrome marks what is selected as high as the glyph.
    corners = struct.pack(">BBhh", 0x31, 0x01, WIDTH, HEIGHT)
    line = struct.pack(">hhhhhHH", 1, 0, 0, WIDTH, HEIGHT, 1, 0) + corners
    tables = {
        "glyf": line,
        "head": struct.pack(
            ">IIIIHHqqhhhhHHhhh", version, version, 0, 0x5F0F3CF5, 0, 1000, 0, 0, 0, 0, WIDTH, HEIGHT, 0, 8, 2, 0, 0
        ),
        "hhea": struct.pack(">IhhhHhhhhhhhhhhhH", version, HEIGHT, 0, 0, WIDTH, *(0,) * 11, 1),
        "hmtx": struct.pack(">Hhh", WIDTH, 0, 0),
        "loca": struct.pack(">HHH", 0, 0, len(line) // 2),
        "maxp": struct.pack(">IH13H", version, GLYPHS, 2, 1, 0, 0, 2, *(0,) * 8),
    }
    directory, data, offset = b"", b"", 12 + 16 * len(tables)
    for name, table in tables.items():
        padded = table + bytes(-len(table) % 4)
        directory += struct.pack(">4sIII", name.encode(), _add_up(padded), offset + len(data), len(table))
        data += padded
    font = bytearray(struct.pack(">IHHHH", version, len(tables), 64, 2, 16 * len(tables) - 64) + directory + data)
    place = font.index(tables["head"]) + 8
    font[place : place + 4] = struct.pack(">I", (0xB1B0AFBA - _add_up(bytes(font))) % 2**32)
    return bytes(font)


def _add_up(table: bytes) -> int:
    return int(sum(struct.unpack(f">{len(table) // 4}I", table))) % 2**32
