"""Which files were cut off on their way?"""

from .drawings import letter, saved, slip
from .outcomes import UNREADABLE, HostileFile, named
from .pdf_bytes import WORDS_SHOWN, one_page


def jpeg_truncated() -> HostileFile:
    return HostileFile("half.jpg", half(saved(letter(), "JPEG")), UNREADABLE, "The second half was lost")


def jpeg_truncated_in_its_header() -> HostileFile:
    return HostileFile("head.jpg", saved(slip(), "JPEG")[:100], UNREADABLE, "100 bytes arrived")


def progressive_jpeg_truncated() -> HostileFile:
    data = saved(letter(), "JPEG", progressive=True)
    return HostileFile("half-progressive.jpg", half(data), UNREADABLE, "The finer scans were lost")


def png_truncated() -> HostileFile:
    return HostileFile("half.png", half(saved(slip(), "PNG")), UNREADABLE, "The second half was lost")


def png_truncated_in_its_header() -> HostileFile:
    return HostileFile("head.png", saved(slip(), "PNG")[:20], UNREADABLE, "20 bytes arrived")


def gif_truncated() -> HostileFile:
    return HostileFile("half.gif", half(saved(slip(), "GIF")), UNREADABLE, "The second half was lost")


def pdf_truncated() -> HostileFile:
    return HostileFile("half.pdf", one_page(WORDS_SHOWN)[:90], UNREADABLE, "90 bytes arrived")


def half(data: bytes) -> bytes:
    """Give the first half."""
    return data[: len(data) // 2]


MAKERS = named(
    jpeg_truncated,
    jpeg_truncated_in_its_header,
    progressive_jpeg_truncated,
    png_truncated,
    png_truncated_in_its_header,
    gif_truncated,
    pdf_truncated,
)
