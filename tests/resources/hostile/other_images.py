"""Which GIF, WebP, BMP, HEIC and rarer images are odd, and which are traps?"""

import struct
from io import BytesIO

import numpy as np
import pillow_heif
from PIL import Image

from sake_ray.errors import UnsupportedType

from .drawings import HEIGHT, WIDTH, saved, slip
from .outcomes import BY_PIXELS, READ, UNREADABLE, Completed, HostileFile, Refused, named

BLACK_ON_NOTHING_WHY = "Black ink on nothing: black on black when alpha is dropped"


def gif_animated() -> HostileFile:
    blank = Image.new("L", slip().size, 255)
    data = saved(slip(), "GIF", save_all=True, append_images=[blank, blank], duration=100, loop=0)
    return HostileFile("moving.gif", data, Completed(), "The first of three frames holds the text")


def gif_transparent_paper() -> HostileFile:
    image = slip().point(lambda value: 0 if value > 127 else 1).convert("P")
    image.putpalette([0, 0, 0, 0, 0, 0])
    data = saved(image, "GIF", transparency=0)
    return HostileFile("transparent.gif", data, Completed(), "The palette's paper is transparent black")


def gif_of_four_gigapixels() -> HostileFile:
    data = bytearray(saved(slip(), "GIF"))
    data[6:10] = struct.pack("<HH", 65535, 65535)
    return HostileFile("screen.gif", bytes(data), BY_PIXELS, "A slip of paper on a screen of 4 gigapixels")


def gif_of_41_megapixels() -> HostileFile:
    data = bytearray(saved(slip(), "GIF"))
    data[6:10] = struct.pack("<HH", 6410, 6400)
    return HostileFile("41.gif", bytes(data), BY_PIXELS, "A slip of paper on a screen of 41 megapixels")


def webp_lossless_with_alpha() -> HostileFile:
    ink = Image.eval(slip(), lambda value: 255 - value)
    black = Image.new("L", ink.size, 0)
    data = saved(Image.merge("RGBA", [black, black, black, ink]), "WEBP", lossless=True, exact=True)
    return HostileFile("alpha.webp", data, READ, BLACK_ON_NOTHING_WHY)


def webp_animated() -> HostileFile:
    blank = Image.new("RGB", slip().size, "white")
    data = saved(slip().convert("RGB"), "WEBP", save_all=True, append_images=[blank], duration=100)
    return HostileFile("moving.webp", data, Completed(), "The first of two frames holds the text")


def webp_of_41_megapixels() -> HostileFile:
    data = saved(Image.new("RGB", (6410, 6400), "white"), "WEBP", lossless=True, method=0, quality=0)
    return HostileFile("41.webp", data, BY_PIXELS, "White paper of 41 megapixels")


def webp_truncated() -> HostileFile:
    data = saved(slip().convert("RGB"), "WEBP")
    return HostileFile("half.webp", data[: len(data) // 2], UNREADABLE, "The second half was lost")


def bmp_32_bit() -> HostileFile:
    light = np.asarray(slip())[::-1]
    pixels = np.dstack([light, light, light, np.zeros_like(light)])
    data = bmp_bytes(WIDTH, HEIGHT, 32, 0, pixels.tobytes())
    return HostileFile("screen.bmp", data, READ, "The fourth byte is no transparency although it is 0 everywhere")


def bmp_from_top() -> HostileFile:
    data = bmp_bytes(WIDTH, -HEIGHT, 24, 0, slip().convert("RGB").tobytes())
    return HostileFile("top.bmp", data, READ, "A negative height: the rows go from top to bottom")


def bmp_run_lengths() -> HostileFile:
    data = bmp_bytes(WIDTH, HEIGHT, 8, 1, run_lengths(), palette=b"".join(bytes([n, n, n, 0]) for n in range(256)))
    return HostileFile("runs.bmp", data, READ, "Packed as run lengths")


def bmp_of_41_megapixels() -> HostileFile:
    data = bmp_bytes(6410, 6400, 24, 0, bytes(1000))
    return HostileFile("41.bmp", data, BY_PIXELS, "41 megapixels in the header, hardly any behind it")


def bmp_truncated() -> HostileFile:
    data = saved(slip(), "BMP")
    return HostileFile("half.bmp", data[: len(data) // 2], UNREADABLE, "The second half was lost")


def heic_photograph() -> HostileFile:
    return HostileFile("IMG_0001.HEIC", heic(), Completed(), "What a phone sends")


def heic_truncated() -> HostileFile:
    data = heic()
    return HostileFile("half.heic", data[: len(data) // 2], UNREADABLE, "The second half was lost")


def heic_claiming_900_megapixels() -> HostileFile:
    data = bytearray(heic())
    size_at = data.index(b"ispe") + 8
    data[size_at : size_at + 8] = struct.pack(">II", 30000, 30000)
    why = "The image's own header claims 900 megapixels"
    return HostileFile("claims.heic", bytes(data), (BY_PIXELS, UNREADABLE), why)


def avif_image() -> HostileFile:
    outcome = (Completed(), Refused((UnsupportedType,)))
    return HostileFile("new.avif", saved(slip().convert("RGB"), "AVIF", speed=10), outcome, "Read or refused by type")


def jpeg_2000_image() -> HostileFile:
    outcome = (READ, Refused((UnsupportedType,)))
    return HostileFile("scan.jp2", saved(slip(), "JPEG2000"), outcome, "Read or refused by type")


def bmp_bytes(width: int, height: int, depth: int, packing: int, pixels: bytes, *, palette: bytes = b"") -> bytes:
    """Write a BMP around rows of pixels, whatever its header claims of them."""
    start = 54 + len(palette)
    colours = len(palette) // 4
    header = struct.pack("<IiiHHIIiiII", 40, width, height, 1, depth, packing, len(pixels), 2835, 2835, colours, 0)
    return struct.pack("<2sIHHI", b"BM", start + len(pixels), 0, 0, start) + header + palette + pixels


def run_lengths() -> bytes:
    """Pack the slip, from the bottom row up, as pairs of count and value."""
    packed = bytearray()
    for row in np.asarray(slip())[::-1]:
        changes = np.flatnonzero(np.diff(row)) + 1
        for run in np.split(row, changes):
            for start in range(0, len(run), 255):
                packed += bytes([len(run[start : start + 255]), run[0]])
        packed += b"\x00\x00"
    return bytes(packed + b"\x00\x01")


def heic() -> bytes:
    """Save the slip as a phone would."""
    buffer = BytesIO()
    pillow_heif.from_pillow(slip().convert("RGB")).save(buffer, quality=70)
    return buffer.getvalue()


MAKERS = named(
    gif_animated,
    gif_transparent_paper,
    gif_of_four_gigapixels,
    gif_of_41_megapixels,
    webp_lossless_with_alpha,
    webp_animated,
    webp_of_41_megapixels,
    webp_truncated,
    bmp_32_bit,
    bmp_from_top,
    bmp_run_lengths,
    bmp_of_41_megapixels,
    bmp_truncated,
    heic_photograph,
    heic_truncated,
    heic_claiming_900_megapixels,
    avif_image,
    jpeg_2000_image,
)
