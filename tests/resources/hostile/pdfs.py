"""Which PDF files are odd but sound, and have their words in a text layer?"""

from io import BytesIO

import pikepdf

from sake_ray.errors import PasswordNeeded

from .drawings import saved, slip
from .outcomes import READ, UNREADABLE, Completed, HostileFile, Refused, named
from .pdf_bytes import OWN, PAGE, PAGES, WORDS_SHOWN, one_page, page_objects, pdf_bytes, stream

BOOK_MARK = b"\xef\xbb\xbf"


def pdf_with_owner_password() -> HostileFile:
    data = locked(pikepdf.Encryption(owner="secret", user="", R=6))
    return HostileFile("no-printing.pdf", data, READ, "Encrypted, but opens without a password")


def pdf_with_old_owner_password() -> HostileFile:
    data = locked(pikepdf.Encryption(owner="secret", user="", R=3, aes=False, metadata=False))
    return HostileFile("no-copying.pdf", data, READ, "Encrypted as in 2001, but opens without a password")


def pdf_with_user_password() -> HostileFile:
    data = locked(pikepdf.Encryption(owner="secret", user="open", R=6))
    return HostileFile("locked.pdf", data, Refused((PasswordNeeded,), says=("password",)), "Opens with a password only")


def pdf_with_old_user_password() -> HostileFile:
    data = locked(pikepdf.Encryption(owner="secret", user="open", R=2, aes=False, metadata=False))
    return HostileFile("locked-1999.pdf", data, Refused((PasswordNeeded,), says=("password",)), "A password of 40 bits")


def pdf_turned_by_its_page() -> HostileFile:
    content = b"q 0 1 -1 0 842 0 cm " + WORDS_SHOWN + b" Q"  # lies on its side; /Rotate sets it upright
    data = one_page(content, box=b"0 0 842 595", page=b"/Rotate 90")
    return HostileFile("rotate.pdf", data, READ, "/Rotate 90 with a text layer")


def pdf_with_crop_box() -> HostileFile:
    box, crop = b"-300 -300 1000 1200", b"/CropBox [0 0 595 842]"
    return HostileFile("cropped.pdf", one_page(WORDS_SHOWN, box=box, page=crop), READ, "A page cut out of a larger one")


def pdf_with_reversed_box() -> HostileFile:
    data = one_page(WORDS_SHOWN, box=b"595 842 0 0")
    return HostileFile("reversed.pdf", data, READ, "The corners of the page are given the wrong way round")


def pdf_without_box() -> HostileFile:
    objects = page_objects(WORDS_SHOWN)
    objects[PAGE] = objects[PAGE].replace(b"/MediaBox [0 0 595 842]", b"")
    return HostileFile("boxless.pdf", pdf_bytes(objects), (READ, UNREADABLE), "The page has no size; Letter is assumed")


def pdf_with_inherited_box() -> HostileFile:
    objects = page_objects(WORDS_SHOWN)
    objects[PAGE] = objects[PAGE].replace(b"/MediaBox [0 0 595 842]", b"")
    objects[PAGES] = b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] >>"
    return HostileFile("inherited.pdf", pdf_bytes(objects), READ, "The page has its size from its parent")


def pdf_with_leading_junk() -> HostileFile:
    junk = BOOK_MARK + b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n"
    return HostileFile("headers.pdf", junk + one_page(WORDS_SHOWN), READ, "A download tool saved its headers too")


def pdf_with_trailing_junk() -> HostileFile:
    data = one_page(WORDS_SHOWN) + b"\r\n<!-- scanned -->\r\n" * 40
    return HostileFile("footers.pdf", data, READ, "Lines behind the end marker")


def pdf_with_damaged_table() -> HostileFile:
    data = pdf_bytes(page_objects(WORDS_SHOWN), startxref=99_999_999)
    return HostileFile("table.pdf", data, READ, "The cross-reference table is not where it is said to be")


def pdf_after_line_ends_were_changed() -> HostileFile:
    data = one_page(WORDS_SHOWN).replace(b"\n", b"\r\n")
    return HostileFile("mailed.pdf", data, READ, "A mail program changed the line ends: every address is wrong")


def pdf_without_its_table() -> HostileFile:
    data = one_page(WORDS_SHOWN)
    table, trailer, end = (data.index(part) for part in (b"xref\n0", b"trailer", b"startxref"))
    data = data[:table] + data[trailer:end]
    return HostileFile("tableless.pdf", data, READ, "The table is gone; the objects and the trailer are there")


def pdf_without_its_tail() -> HostileFile:
    data = one_page(WORDS_SHOWN)
    why = "The table and the trailer are gone; some readers find the pages all the same"
    return HostileFile("tailless.pdf", data[: data.index(b"xref\n0")], (READ, UNREADABLE), why)


def pdf_with_packed_objects() -> HostileFile:
    buffer = BytesIO()
    with pikepdf.open(BytesIO(one_page(WORDS_SHOWN))) as document:
        document.save(buffer, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return HostileFile("packed.pdf", buffer.getvalue(), READ, "Objects and table are packed streams (PDF 1.5)")


def pdf_updated_after_signing() -> HostileFile:
    first = one_page(b"BT /F1 44 Tf 60 700 Td (DRAFT) Tj ET")
    place = len(first)
    update = b"4 0 obj\n%s\nendobj\n" % stream(WORDS_SHOWN)
    table = b"xref\n4 1\n%010d 00000 n \ntrailer\n<< /Size 6 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
    data = first + update + table % (place, first.rindex(b"xref\n0"), place + len(update))
    return HostileFile("updated.pdf", data, READ, "The page was replaced in an update at the end")


def pdf_with_actions() -> HostileFile:
    launch = b"<< /S /Launch /F (calc.exe) /Win << /F (cmd.exe) /P (/c calc) >> >>"
    script = b"<< /S /JavaScript /JS (app.alert('hello'); while (true) {}) /Next %s >>" % launch
    attached = stream(b"MZ program", b"/Type /EmbeddedFile")
    names = b"/Names << /EmbeddedFiles << /Names [(a.exe) << /Type /Filespec /F (a.exe) /EF << /F 6 0 R >> >>] >> >>"
    data = one_page(
        WORDS_SHOWN,
        own={OWN: attached},
        catalog=b"/OpenAction %s /AA << /WC %s >> %s" % (script, script, names),
        page=b"/AA << /O %s >>" % script,
    )
    return HostileFile(
        "actions.pdf", data, READ, "JavaScript, a program to launch and an attached program: all left alone"
    )


def pdf_in_front_of_an_archive() -> HostileFile:
    data = one_page(WORDS_SHOWN) + b"PK\x05\x06" + bytes(18)
    return HostileFile("two-in-one.pdf", data, READ, "Valid as a PDF and as an empty archive")


def jpeg_that_is_a_pdf_too() -> HostileFile:
    picture = saved(slip(), "JPEG")
    inside = one_page(b"BT /F1 44 Tf 60 700 Td (Other words) Tj ET")
    comment = b"\xff\xfe" + (len(inside) + 2).to_bytes(2, "big") + inside
    outcome = (READ, Completed(words=("other", "words"), pages=1))
    why = "A photograph whose comment is a PDF: valid as both"
    return HostileFile("polyglot.jpg", picture[:2] + comment + picture[2:], outcome, why)


def jpeg_followed_by_a_pdf() -> HostileFile:
    data = saved(slip(), "JPEG") + one_page(b"BT /F1 44 Tf 60 700 Td (Other words) Tj ET")
    return HostileFile("polyglot.pdf", data, READ, "What stands at the start decides, not the name")


def pdf_of_card_size() -> HostileFile:
    content = b"BT /F1 9 Tf 12 TL 20 120 Td (INVOICE 2024) Tj T* (Total amount due) Tj ET"
    return HostileFile("card.pdf", one_page(content, box=b"0 0 243 153"), READ, "A page of 86 × 54 mm")


def locked(encryption: pikepdf.Encryption) -> bytes:
    """Encrypt the usual page."""
    buffer = BytesIO()
    with pikepdf.open(BytesIO(one_page(WORDS_SHOWN))) as document:
        document.save(buffer, encryption=encryption)
    return buffer.getvalue()


MAKERS = named(
    pdf_with_owner_password,
    pdf_with_old_owner_password,
    pdf_with_user_password,
    pdf_with_old_user_password,
    pdf_turned_by_its_page,
    pdf_with_crop_box,
    pdf_with_reversed_box,
    pdf_without_box,
    pdf_with_inherited_box,
    pdf_with_leading_junk,
    pdf_with_trailing_junk,
    pdf_with_damaged_table,
    pdf_after_line_ends_were_changed,
    pdf_without_its_table,
    pdf_without_its_tail,
    pdf_with_packed_objects,
    pdf_updated_after_signing,
    pdf_with_actions,
    pdf_in_front_of_an_archive,
    jpeg_that_is_a_pdf_too,
    jpeg_followed_by_a_pdf,
    pdf_of_card_size,
)
