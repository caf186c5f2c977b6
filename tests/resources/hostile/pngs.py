"""Which PNG files are odd, and which are traps?"""

import struct
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from sake_ray.errors import MemoryExceeded

from .drawings import HEIGHT, WIDTH, saved, slip
from .outcomes import BY_PIXELS, READ, UNREADABLE, HostileFile, Refused, named

GRAY, RGB, PALETTE, GRAY_ALPHA, RGBA = 0, 2, 3, 4, 6
ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


def png_16_bit_gray() -> HostileFile:
    paper_and_ink = np.where(light() > 127, 60000, 9000).astype(">u2")  # both far above 255: clipping leaves one white
    return HostileFile("gray16.png", png(paper_and_ink, 16, GRAY), READ, "16 bits a pixel, cut to 255 by careless code")


def png_16_bit_rgb() -> HostileFile:
    pixels = np.repeat((light().astype(">u2") * 257)[..., None], 3, axis=2)
    return HostileFile("rgb16.png", png(pixels, 16, RGB), READ, "16 bits for each colour")


def png_16_bit_with_alpha() -> HostileFile:
    ink = 65535 - light().astype(">u2") * 257
    pixels = np.dstack([np.zeros_like(ink)] * 3 + [ink]).astype(">u2")
    return HostileFile("rgba16.png", png(pixels, 16, RGBA), READ, "16 bits for each colour, black ink on nothing")


def png_transparent_paper() -> HostileFile:
    ink = Image.eval(slip(), lambda value: 255 - value)
    black = Image.new("L", ink.size, 0)
    data = saved(Image.merge("RGBA", [black, black, black, ink]), "PNG")
    return HostileFile("transparent.png", data, READ, "Black ink on nothing: black on black when alpha is dropped")


def png_gray_with_alpha() -> HostileFile:
    ink = Image.eval(slip(), lambda value: 255 - value)
    data = saved(Image.merge("LA", [Image.new("L", ink.size, 0), ink]), "PNG")
    return HostileFile("la.png", data, READ, "Gray with alpha, black ink on nothing")


def png_palette_with_transparency() -> HostileFile:
    image = slip().point(lambda value: 0 if value > 127 else 1).convert("P")
    image.putpalette([0, 0, 0, 0, 0, 0])  # the paper is transparent black, the ink is black
    return HostileFile("palette.png", saved(image, "PNG", transparency=0), READ, "The palette's paper is transparent")


def png_gray_with_transparent_colour() -> HostileFile:
    image = slip().point(lambda value: 10 if value > 127 else 0)
    return HostileFile("trns.png", saved(image, "PNG", transparency=10), READ, "One gray is declared transparent")


def png_1_bit() -> HostileFile:
    return HostileFile("one-bit.png", saved(slip().convert("1"), "PNG"), READ, "One bit a pixel")


def png_interlaced() -> HostileFile:
    raw = b"".join(rows(light()[top::down, left::right]) for left, top, right, down in ADAM7)
    data = png_bytes(WIDTH, HEIGHT, 8, GRAY, zlib.compress(raw), interlaced=True)
    return HostileFile("interlaced.png", data, READ, "Seven passes, coarse to fine")


def png_animated() -> HostileFile:
    data = saved(slip(), "PNG", save_all=True, append_images=[Image.new("L", slip().size, 255)])
    return HostileFile("animated.png", data, READ, "A second frame, all white")


def png_of_900_megapixels() -> HostileFile:
    packer = zlib.compressobj(9)
    band = bytes((30000 // 8 + 1) * 1000)
    packed = b"".join(packer.compress(band) for _ in range(30)) + packer.flush()
    data = png_bytes(30000, 30000, 1, GRAY, packed)
    return HostileFile("bomb.png", data, BY_PIXELS, "About 110 KB that unpack to 900 megapixels")


def png_of_41_megapixels() -> HostileFile:
    data = saved(Image.new("1", (6410, 6400), 1), "PNG")
    return HostileFile("41.png", data, BY_PIXELS, "Just beyond the limit, where Pillow itself only warns")


def png_with_text_bomb() -> HostileFile:
    bomb = chunk(b"zTXt", b"Comment\x00\x00" + zlib.compress(bytes(64_000_000), 9))
    data = saved(slip(), "PNG")
    outcome = (READ, UNREADABLE, Refused((MemoryExceeded,)))
    return HostileFile("comment.png", data[:33] + bomb + data[33:], outcome, "A comment that unpacks to 64 MB")


def png_with_broken_checksum() -> HostileFile:
    data = bytearray(saved(slip(), "PNG"))
    data[data.index(b"IDAT") + 40] ^= 0xFF
    return HostileFile("crc.png", bytes(data), UNREADABLE, "One byte of the pixels was changed on the way")


def png_with_broken_stream() -> HostileFile:
    packed = bytearray(zlib.compress(rows(light())))
    packed[20:60] = b"\xff" * 40
    data = png_bytes(WIDTH, HEIGHT, 8, GRAY, bytes(packed))
    return HostileFile("zlib.png", data, UNREADABLE, "The checksums are right, the packed pixels are not")


def png_claiming_more_rows() -> HostileFile:
    data = png_bytes(WIDTH, 10 * HEIGHT, 8, GRAY, zlib.compress(rows(light())))
    why = "The header claims ten times the rows that follow: those are read, or the file is refused"
    return HostileFile("lies.png", data, (READ, UNREADABLE), why)


def png_of_no_width() -> HostileFile:
    return HostileFile("nothing.png", png_bytes(0, 0, 8, GRAY, zlib.compress(b"")), UNREADABLE, "0 × 0 pixels")


def light() -> NDArray[np.uint8]:
    """Give the slip as an array, 255 for paper."""
    return np.asarray(slip())


def rows(pixels: NDArray[np.generic]) -> bytes:
    """Put the filter byte "none" before each row."""
    return b"".join(b"\x00" + row.tobytes() for row in pixels)


def png(pixels: NDArray[np.generic], depth: int, colour: int) -> bytes:
    """Write rows of pixels, big-endian, as a PNG of that depth and colour type."""
    height, width = pixels.shape[:2]
    return png_bytes(width, height, depth, colour, zlib.compress(rows(pixels)))


def png_bytes(width: int, height: int, depth: int, colour: int, packed: bytes, *, interlaced: bool = False) -> bytes:
    """Write a PNG around packed rows, whatever its header claims of them."""
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def chunk(kind: bytes, content: bytes) -> bytes:
    """Write one chunk with its right checksum."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


MAKERS = named(
    png_16_bit_gray,
    png_16_bit_rgb,
    png_16_bit_with_alpha,
    png_transparent_paper,
    png_gray_with_alpha,
    png_palette_with_transparency,
    png_gray_with_transparent_colour,
    png_1_bit,
    png_interlaced,
    png_animated,
    png_of_900_megapixels,
    png_of_41_megapixels,
    png_with_text_bomb,
    png_with_broken_checksum,
    png_with_broken_stream,
    png_claiming_more_rows,
    png_of_no_width,
)
