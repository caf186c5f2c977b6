"""How is a PDF written whose objects say whatever they like?"""

from collections.abc import Mapping

from PIL import Image

from .drawings import saved

CATALOG, PAGES, PAGE, CONTENT, FONT, OWN = 1, 2, 3, 4, 5, 6
"""The numbers of the objects of a one-page PDF; a file's own objects start at OWN."""
A4 = b"0 0 595 842"
WORDS_SHOWN = (
    b"BT /F1 44 Tf 60 700 Td (INVOICE 2024) Tj ET BT /F1 30 Tf 60 640 Td (Total amount due) Tj ET "
    b"BT /F1 16 Tf 20 TL 60 600 Td (Please pay before the end of the month) Tj "
    b"T* (and write the number of this letter) Tj T* (on your transfer. Thank you for the order) Tj ET"
)
HELVETICA = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"

Objects = Mapping[int, bytes]


def pdf_bytes(objects: Objects, *, startxref: int | None = None, version: bytes = b"1.7") -> bytes:
    """Write the objects with a right cross-reference table; `startxref` replaces the place where it is said to be."""
    data = b"%PDF-" + version + b"\n%\xe2\xe3\xcf\xd3\n"
    places: dict[int, int] = {}
    for number, body in sorted(objects.items()):
        places[number] = len(data)
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = len(data)
    count = max(objects) + 1
    data += b"xref\n0 %d\n0000000000 65535 f \n" % count
    for number in range(1, count):
        data += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 65535 f \n"
    data += b"trailer\n<< /Size %d /Root %d 0 R >>\nstartxref\n" % (count, CATALOG)
    return data + b"%d\n%%%%EOF\n" % (table if startxref is None else startxref)


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Write a stream object with its right length."""
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def page_objects(
    content: bytes,
    *,
    own: Objects | None = None,
    box: bytes = A4,
    page: bytes = b"",
    catalog: bytes = b"",
    resources: bytes = b"",
) -> dict[int, bytes]:
    """Give the objects of a one-page PDF; `page`, `catalog` and `resources` are more entries of those dictionaries."""
    fonts_and_more = b"<< /Font << /F1 %d 0 R >> %s >>" % (FONT, resources)
    return {
        CATALOG: b"<< /Type /Catalog /Pages %d 0 R %s >>" % (PAGES, catalog),
        PAGES: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % PAGE,
        PAGE: b"<< /Type /Page /Parent %d 0 R /MediaBox [%s] /Contents %d 0 R /Resources %s %s >>"
        % (PAGES, box, CONTENT, fonts_and_more, page),
        CONTENT: stream(content),
        FONT: HELVETICA,
        **(own or {}),
    }


def one_page(
    content: bytes,
    *,
    own: Objects | None = None,
    box: bytes = A4,
    page: bytes = b"",
    catalog: bytes = b"",
    resources: bytes = b"",
) -> bytes:
    """Write a sound one-page PDF."""
    return pdf_bytes(page_objects(content, own=own, box=box, page=page, catalog=catalog, resources=resources))


def image_object(image: Image.Image) -> bytes:
    """Write an image as a PDF holds scans: a JPEG."""
    gray = image.convert("L")
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray" % gray.size
    return stream(saved(gray, "JPEG", quality=85), entries + b" /BitsPerComponent 8 /Filter /DCTDecode")


def scanned_page(
    image: Image.Image,
    *,
    over: bytes = b"",
    own: Objects | None = None,
    box: bytes = A4,
    page: bytes = b"",
    resources: bytes = b"",
) -> bytes:
    """Write a page that an image covers; `over` is drawn over it."""
    left, bottom, right, top = map(float, box.split())
    content = b"q %f 0 0 %f %f %f cm /Im1 Do Q " % (right - left, top - bottom, left, bottom) + over
    objects = {OWN: image_object(image), **(own or {})}
    return one_page(content, own=objects, box=box, page=page, resources=resources + b"/XObject << /Im1 %d 0 R >>" % OWN)
