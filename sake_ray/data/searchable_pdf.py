"""Write a PDF of page images with the words that were read invisibly in their places, to be searched and copied.

It is written page by page, so that a long document takes no more memory than its largest page: a library that holds all of it
until the end would take as much as all its images.
"""

import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from sake_ray.data.invisible_font import HEIGHT, WIDTH, Codes, make_font
from sake_ray.data.long_pages import measure_sheet
from sake_ray.domain.texts import Page, Word
from sake_ray.errors import UnreadableDocument

DPI = 150
"""Of page images, unless the page would be longer than A4 then: how large the paper was is not known of a scan."""
A4_LONG_SIDE = 841.89
MAX_SIDE = 14_400.0
"""Points; Acrobat shows no larger page."""
CATALOG, PAGES, FONT, CID_FONT, DESCRIPTOR, FONT_FILE, TO_UNICODE, GLYPH_MAP, INFO, FIRST_PAGE = range(1, 11)
OBJECTS_OF_A_PAGE = 3
SIZES = frozenset({0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF})
"""The markers of a JPEG that tell its size."""
SPACES = {1: "/DeviceGray", 3: "/DeviceRGB"}


class ByteSink(Protocol):
    """What takes bytes one after the other."""

    def write(self, data: bytes, /) -> int:
        """Append bytes."""


@dataclass(frozen=True, slots=True)
class JpegSize:
    """The width and height of a JPEG in pixels, and how many channels it has."""

    width: int
    height: int
    channels: int


def write_searchable_pdf(file: ByteSink, pages: Iterable[tuple[Page, bytes]], *, language: str = "") -> None:
    """Write the pages, each with its upright image as JPEG. The same pages are the same bytes.

    `language` is one of the domain's; a reader's voice takes it. Raises UnreadableDocument for an image that is no such JPEG.
    """
    writer, codes, count = _Writer(file), Codes(), 0
    for page, image in pages:
        _write_page(writer, page, image, codes, FIRST_PAGE + OBJECTS_OF_A_PAGE * count)
        count += 1
    kids = " ".join(f"{FIRST_PAGE + OBJECTS_OF_A_PAGE * number} 0 R" for number in range(count))
    writer.add(PAGES, f"<< /Type /Pages /Count {count} /Kids [{kids}] >>")
    spoken = f" /Lang ({language})" if language in {"fr", "en"} else ""
    writer.add(CATALOG, f"<< /Type /Catalog /Pages {PAGES} 0 R{spoken} >>")
    writer.add(INFO, "<< /Producer (sake_ray) >>")
    _write_font(writer, codes)
    writer.close()


def measure_jpeg(image: bytes) -> JpegSize:
    """Read the size of a JPEG from its head; raises UnreadableDocument."""
    place = 2
    while image[place : place + 1] == b"\xff" and place + 9 < len(image):
        marker = image[place + 1]
        if marker in SIZES:
            height, width = (int.from_bytes(image[place + at : place + at + 2], "big") for at in (5, 7))
            if width and height and image[place + 9] in SPACES:
                return JpegSize(width, height, image[place + 9])
            break
        place += 1 if marker == 0xFF else 2 + max(2, int.from_bytes(image[place + 2 : place + 4], "big"))
    raise UnreadableDocument("image-damaged")


def measure_paper(width: int, height: int) -> tuple[float, float]:
    """Choose the size of the paper in points for an image of so many pixels; a long page is several sheets, one below another."""
    scale = min(72 / DPI, A4_LONG_SIDE / measure_sheet(width, height), MAX_SIDE / max(width, height))
    return width * scale, height * scale


def _write_page(writer: "_Writer", page: Page, image: bytes, codes: Codes, number: int) -> None:
    size = measure_jpeg(image)
    width, height = measure_paper(size.width, size.height)
    content, picture = number + 1, number + 2
    writer.add(
        number,
        f"<< /Type /Page /Parent {PAGES} 0 R /MediaBox [0 0 {width:.2f} {height:.2f}] /Contents {content} 0 R "
        f"/Resources << /XObject << /P {picture} 0 R >> /Font << /F {FONT} 0 R >> >> >>",
    )
    drawn = f"q {width:.2f} 0 0 {height:.2f} 0 0 cm /P Do Q\nBT 3 Tr\n"
    texts = "".join(_write_words(page.words, width, height, codes))
    writer.add_stream(content, "", f"{drawn}{texts}ET\n".encode(), is_packed=False)
    kind = f"/Type /XObject /Subtype /Image /Width {size.width} /Height {size.height} /BitsPerComponent 8 "
    space = SPACES[size.channels]
    writer.add_stream(picture, f"{kind}/ColorSpace {space} /Filter /DCTDecode", image, is_packed=True)


def _write_words(words: Iterable[Word], width: float, height: float, codes: Codes) -> Iterator[str]:
    """Write each word as wide and as high as its box, with a space behind it that what is copied has, too."""
    for word in words:
        box = word.box
        wide, high = (box.right - box.left) * width, (box.bottom - box.top) * height
        letters = codes.encode(word.text)
        if not letters or wide <= 0 or high <= 0:
            continue
        size = high * 1000 / HEIGHT
        natural = len(letters) / 4 * size * WIDTH / 1000
        place = f"{box.left * width:.2f} {(1 - box.bottom) * height:.2f}"
        stretch = 100 * wide / natural
        yield f"/F {size:.2f} Tf {stretch:.3f} Tz 1 0 0 1 {place} Tm <{letters}{codes.encode(' ')}> Tj\n"


def _write_font(writer: "_Writer", codes: Codes) -> None:
    name = "/BaseFont /SakeInvisible"
    writer.add(
        FONT,
        f"<< /Type /Font /Subtype /Type0 {name} /Encoding /Identity-H /DescendantFonts [{CID_FONT} 0 R] "
        f"/ToUnicode {TO_UNICODE} 0 R >>",
    )
    writer.add(
        CID_FONT,
        f"<< /Type /Font /Subtype /CIDFontType2 {name} /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) "
        f"/Supplement 0 >> /FontDescriptor {DESCRIPTOR} 0 R /DW {WIDTH} /CIDToGIDMap {GLYPH_MAP} 0 R >>",
    )
    writer.add(
        DESCRIPTOR,
        f"<< /Type /FontDescriptor /FontName /SakeInvisible /Flags 4 /FontBBox [0 0 {WIDTH} {HEIGHT}] /ItalicAngle 0 "
        f"/Ascent {HEIGHT} /Descent 0 /CapHeight {HEIGHT} /StemV 80 /FontFile2 {FONT_FILE} 0 R >>",
    )
    font = make_font()
    writer.add_stream(FONT_FILE, f"/Length1 {len(font)}", font, is_packed=False)
    writer.add_stream(TO_UNICODE, "", codes.write_cmap(), is_packed=False)
    writer.add_stream(GLYPH_MAP, "", codes.write_glyph_map(), is_packed=False)


class _Writer:
    """Writes the objects of a PDF as they come, and at the end where each of them is."""

    def __init__(self, file: ByteSink) -> None:
        self._file, self._places, self._size = file, dict[int, int](), 0
        self._write(b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n")

    def add(self, number: int, content: str) -> None:
        self._places[number] = self._size
        self._write(f"{number} 0 obj\n{content}\nendobj\n".encode())

    def add_stream(self, number: int, entries: str, data: bytes, *, is_packed: bool) -> None:
        """Add bytes, packed here unless they are packed already."""
        if not is_packed:
            data, entries = zlib.compress(data), f"{entries} /Filter /FlateDecode".strip()
        self._places[number] = self._size
        self._write(f"{number} 0 obj\n<< {entries} /Length {len(data)} >>\nstream\n".encode())
        self._write(data)
        self._write(b"\nendstream\nendobj\n")

    def close(self) -> None:
        begin, count = self._size, len(self._places) + 1
        self._write(f"xref\n0 {count}\n0000000000 65535 f \n".encode())
        for _, place in sorted(self._places.items()):
            self._write(f"{place:010} 00000 n \n".encode())
        trailer = f"<< /Size {count} /Root {CATALOG} 0 R /Info {INFO} 0 R >>"
        self._write(f"trailer\n{trailer}\nstartxref\n{begin}\n%%EOF\n".encode())

    def _write(self, data: bytes) -> None:
        self._file.write(data)
        self._size += len(data)
