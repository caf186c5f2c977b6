"""Which files are exactly at a limit, and so allowed?"""

from PIL import Image

from sake_ray.domain.limits import Limits

from .drawings import saved, slip
from .outcomes import BLANK, READ, Completed, HostileFile, named
from .pdf_traps import many_pages
from .tiff_bytes import gray_tags, tiff_bytes

LIMITS = Limits()


def file_of_just_enough_bytes() -> HostileFile:
    picture = saved(slip(), "JPEG")
    data = picture + bytes(LIMITS.max_bytes - len(picture))
    return HostileFile("edge.jpg", data, READ, "As many bytes as allowed")


def pdf_of_just_enough_pages() -> HostileFile:
    count = LIMITS.max_pages
    return HostileFile("edge.pdf", many_pages(count), Completed(pages=count), "As many pages as allowed")


def tiff_of_just_enough_pages() -> HostileFile:
    count = LIMITS.max_pages
    data = tiff_bytes([gray_tags(40, 25, 1000)] * count, b"\xff" * 1000)
    outcome = Completed(words=(), pages=count, blank=True)
    return HostileFile("edge.tif", data, outcome, "As many pages as allowed, all white")


def png_of_just_enough_pixels() -> HostileFile:
    data = saved(Image.new("1", (6400, LIMITS.max_pixels // 6400), 1), "PNG")
    return HostileFile("edge.png", data, BLANK, "As many pixels as allowed, all white")


MAKERS = named(
    file_of_just_enough_bytes,
    pdf_of_just_enough_pages,
    tiff_of_just_enough_pages,
    png_of_just_enough_pixels,
)
