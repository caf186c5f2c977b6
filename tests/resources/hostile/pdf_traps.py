"""Which PDF files are broken, or cost more than they seem to?"""

import random
import zlib

from sake_ray.errors import (
    MemoryExceeded,
    ReadingCrashed,
    ReadingTimeout,
    TooManyPages,
    TooManyPixels,
    UnreadableDocument,
)

from .outcomes import BLANK, READ, UNREADABLE, Completed, HostileFile, Refused, named
from .pdf_bytes import CATALOG, CONTENT, OWN, PAGE, PAGES, WORDS_SHOWN, one_page, page_objects, pdf_bytes, stream

NO_BLOCK = 10_000_000
COSTLY = Refused((MemoryExceeded, ReadingTimeout, TooManyPixels, ReadingCrashed))
NO_PAGE = Refused((UnreadableDocument,))


def pdf_of_51_pages() -> HostileFile:
    return HostileFile("fiftyone.pdf", many_pages(51), Refused((TooManyPages,), says=("51", "50")), "One page too many")


def pdf_of_400_pages() -> HostileFile:
    return HostileFile("book.pdf", many_pages(400), Refused((TooManyPages,), says=("400", "50")), "A book")


def pdf_of_no_pages() -> HostileFile:
    objects = {CATALOG: b"<< /Type /Catalog /Pages 2 0 R >>", PAGES: b"<< /Type /Pages /Kids [] /Count 0 >>"}
    return HostileFile("none.pdf", pdf_bytes(objects), NO_PAGE, "A sound PDF without pages")


def pdf_without_catalog() -> HostileFile:
    return HostileFile(
        "rootless.pdf", pdf_bytes({CATALOG: b"<< /Type /Nothing >>"}), UNREADABLE, "Nothing leads to pages"
    )


def pdf_whose_pages_loop() -> HostileFile:
    objects = page_objects(WORDS_SHOWN) | {PAGES: b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 /Parent 2 0 R >>"}
    outcome = (Completed(), UNREADABLE, Refused((TooManyPages,)))
    return HostileFile("loop.pdf", pdf_bytes(objects), outcome, "The list of pages contains itself")


def pdf_claiming_a_million_pages() -> HostileFile:
    objects = page_objects(WORDS_SHOWN) | {PAGES: b"<< /Type /Pages /Kids [3 0 R] /Count 1000000 >>"}
    outcome = (READ, UNREADABLE, Refused((TooManyPages,)))
    return HostileFile("claims.pdf", pdf_bytes(objects), outcome, "One page that claims to be a million")


def pdf_of_200000_points() -> HostileFile:
    data = one_page(WORDS_SHOWN, box=b"0 0 200000 200000")
    return HostileFile("field.pdf", data, (BLANK, READ, COSTLY), "A page of 70 × 70 m")


def pdf_of_no_size() -> HostileFile:
    data = one_page(WORDS_SHOWN, box=b"0 0 0 0")
    return HostileFile("point.pdf", data, (READ, UNREADABLE), "A page of 0 × 0; some readers then take Letter")


def pdf_thin_as_a_thread() -> HostileFile:
    data = one_page(b"0 0 9 9 re f", box=b"0 0 14000 2")
    return HostileFile("thread.pdf", data, (BLANK, UNREADABLE), "A page of 5 m × 0.7 mm")


def pdf_of_endless_content() -> HostileFile:
    objects = page_objects(WORDS_SHOWN) | {OWN: stream(*spaces(4_000_000_000))}
    objects[PAGE] = objects[PAGE].replace(b"/Contents 4 0 R", b"/Contents [4 0 R 6 0 R]")
    why = "A few KB of content, packed twice, that unpack to 4 GB of spaces"
    return HostileFile("bomb.pdf", pdf_bytes(objects), (READ, COSTLY), why)


def pdf_of_nested_drawings() -> HostileFile:
    depth, calls = 9, 12
    own = {}
    for level in range(depth):
        inner = b"/X%d Do " % (level + 1) * calls if level < depth - 1 else b"0 0 1 1 re f "
        names = b"/XObject << /X%d %d 0 R >>" % (level + 1, OWN + level + 1)
        own[OWN + level] = stream(
            inner, b"/Type /XObject /Subtype /Form /BBox [0 0 600 850] /Resources << %s >>" % names
        )
    data = one_page(WORDS_SHOWN + b" /X0 Do", own=own, resources=b"/XObject << /X0 %d 0 R >>" % OWN)
    return HostileFile("laughs.pdf", data, (READ, COSTLY), "Drawings in drawings, twelve times twelve, nine deep")


def pdf_of_a_drawing_in_itself() -> HostileFile:
    entries = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X0 %d 0 R >> >>" % OWN
    data = one_page(
        WORDS_SHOWN + b" /X0 Do", own={OWN: stream(b"/X0 Do", entries)}, resources=b"/XObject << /X0 6 0 R >>"
    )
    return HostileFile("mirror.pdf", data, READ, "A drawing that draws itself")


def pdf_of_a_gigapixel_fax() -> HostileFile:
    side = 35000
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1" % (
        side,
        side,
    )
    fax = b" /Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d /Rows %d >>" % (side, side)
    image = stream(b"\xff" * (side // 8), entries + fax)  # one bit a row: "like the row above", which is white
    data = one_page(b"q 595 0 0 842 0 0 cm /Im1 Do Q", own={OWN: image}, resources=b"/XObject << /Im1 6 0 R >>")
    return HostileFile("fax.pdf", data, (BLANK, COSTLY), "4 KB of fax that unpack to 1.2 gigapixels")


def pdf_of_a_gigapixel_image() -> HostileFile:
    side = 35000
    packed, filters = packed_twice(b"\xff", side * ((side + 7) // 8))
    entries = b"/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 1" % (
        side,
        side,
    )
    data = one_page(
        b"q 595 0 0 842 0 0 cm /Im1 Do Q",
        own={OWN: stream(packed, entries + filters)},
        resources=b"/XObject << /Im1 6 0 R >>",
    )
    return HostileFile("white.pdf", data, (BLANK, COSTLY), "A white image of 35,000 × 35,000, packed twice")


def pdf_of_a_million_letters() -> HostileFile:
    content = WORDS_SHOWN + b" BT /F1 1 Tf 0.1 g " + b"1 0 0 1 9 9 Tm (abcdefghij) Tj " * 100_000 + b"ET"
    packed = stream(zlib.compress(content), b"/Filter /FlateDecode")
    data = pdf_bytes(page_objects(b"") | {CONTENT: packed})
    return HostileFile("letters.pdf", data, (READ, COSTLY), "A million letters in one corner of the page")


def pdf_of_deep_brackets() -> HostileFile:
    data = one_page(b"[" * 200_000 + WORDS_SHOWN, catalog=b"/X " + b"[" * 5000 + b"]" * 5000)
    return HostileFile("brackets.pdf", data, (READ, BLANK, UNREADABLE), "Brackets 200,000 deep")


def pdf_truncated_before_its_pages() -> HostileFile:
    data = one_page(WORDS_SHOWN)
    return HostileFile("cut.pdf", data[: data.index(b"2 0 obj")], UNREADABLE, "Cut off before the list of pages")


def pdf_of_a_header_only() -> HostileFile:
    return HostileFile("header.pdf", b"%PDF-1.7\n%%EOF\n", UNREADABLE, "A header and an end marker")


def pdf_with_broken_stream() -> HostileFile:
    noise = random.Random(3).randbytes(900)
    data = pdf_bytes(page_objects(b"") | {CONTENT: stream(noise, b"/Filter /FlateDecode")})
    return HostileFile(
        "stream.pdf", data, (BLANK, UNREADABLE), "The packed content of the page is noise: nothing can be seen"
    )


def pdf_with_one_broken_page() -> HostileFile:
    objects = page_objects(WORDS_SHOWN)
    objects |= {PAGES: b"<< /Type /Pages /Kids [3 0 R 6 0 R 7 0 R] /Count 3 >>", OWN + 1: objects[PAGE]}
    why = "The second of three pages is missing: the others are read, or the file is refused"
    return HostileFile("gap.pdf", pdf_bytes(objects), (Completed(), UNREADABLE), why)


def many_pages(count: int) -> bytes:
    """Write a PDF of so many pages, all with the same content."""
    objects = page_objects(WORDS_SHOWN)
    kids = b"".join(b"%d 0 R " % (OWN + number) for number in range(count))
    objects[PAGES] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return pdf_bytes(objects | {OWN + number: objects[PAGE] for number in range(count)})


def spaces(count: int) -> tuple[bytes, bytes]:
    """Pack so many spaces; return the bytes and the entries of their stream."""
    return packed_twice(b" ", count)


def packed_twice(byte: bytes, count: int) -> tuple[bytes, bytes]:
    """Pack the same byte over and over, never holding the unpacked bytes: the blocks of a flushed stream repeat."""
    packer = zlib.compressobj(9)
    head = packer.compress(b"") + packer.flush(zlib.Z_FULL_FLUSH)
    blocks, rest = divmod(count, NO_BLOCK)
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(byte * NO_BLOCK) + packer.flush(zlib.Z_FULL_FLUSH) if blocks else b""
    packer = zlib.compressobj(9, wbits=-15)
    last = packer.compress(byte * rest) + packer.flush()
    once = head + block * blocks + last + adler32_of(byte[0], count).to_bytes(4, "big")
    return zlib.compress(once, 9), b" /Filter [/FlateDecode /FlateDecode]"


def adler32_of(byte: int, count: int) -> int:
    """Compute the checksum of the same byte over and over (RFC 1950, section 8.2)."""
    low = 1 + byte * count
    high = count + byte * (count * (count + 1) // 2)
    return (high % 65521) << 16 | low % 65521


MAKERS = named(
    pdf_of_51_pages,
    pdf_of_400_pages,
    pdf_of_no_pages,
    pdf_without_catalog,
    pdf_whose_pages_loop,
    pdf_claiming_a_million_pages,
    pdf_of_200000_points,
    pdf_of_no_size,
    pdf_thin_as_a_thread,
    pdf_of_endless_content,
    pdf_of_nested_drawings,
    pdf_of_a_drawing_in_itself,
    pdf_of_a_gigapixel_fax,
    pdf_of_a_gigapixel_image,
    pdf_of_a_million_letters,
    pdf_of_deep_brackets,
    pdf_truncated_before_its_pages,
    pdf_of_a_header_only,
    pdf_with_broken_stream,
    pdf_with_one_broken_page,
)
