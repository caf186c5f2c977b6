"""Which PDF files show words that their text layer lacks, or gets wrong?"""

import cv2
import numpy as np
from PIL import Image

from .drawings import letter, slip
from .outcomes import READ, Completed, HostileFile, named
from .pdf_bytes import OWN, WORDS_SHOWN, image_object, one_page, page_objects, pdf_bytes, scanned_page, stream

FORM_WORDS = ("registration", "form", "invoice", "2024", "total", "amount", "due")


def pdf_scan() -> HostileFile:
    return HostileFile("scan.pdf", scanned_page(letter()), READ, "An image of a page, no text layer")


def pdf_scan_turned_by_its_page() -> HostileFile:
    image = letter().rotate(90, expand=True)
    data = scanned_page(image, box=b"0 0 842 595", page=b"/Rotate 90")
    return HostileFile("scan-rotate.pdf", data, READ, "The image lies on its side, /Rotate 90 sets it upright")


def pdf_scan_upside_down() -> HostileFile:
    data = scanned_page(letter().rotate(180))
    return HostileFile("scan-180.pdf", data, READ, "Fed in upside down, and nothing says so")


def pdf_scan_under_a_stamp() -> HostileFile:
    stamp = b"BT 0 0 0.6 rg /F1 14 Tf 380 20 Td (Received 12 March) Tj ET"
    why = "The only text of the layer is the stamp of the mail room"
    return HostileFile("stamped.pdf", scanned_page(letter(), over=stamp), READ, why)


def pdf_scan_under_page_numbers() -> HostileFile:
    number = b"BT /F1 8 Tf 300 8 Td (ABC-DEF 000123 Page 1 of 1 Confidential subject to protective order) Tj ET"
    why = "A line of numbering was added to the scan; it is not the document's text"
    return HostileFile("numbered.pdf", scanned_page(letter(), over=number), READ, why)


def pdf_scan_of_strips() -> HostileFile:
    image = letter()
    strips = [image.crop((0, top, image.width, min(top + 180, image.height))) for top in range(0, image.height, 180)]
    scale = 842 / image.height
    content, own, names, below = b"", {}, b"", 842.0
    for number, strip in enumerate(strips):
        below -= strip.height * scale
        content += b"q 595 0 0 %f 0 %f cm /Im%d Do Q\n" % (strip.height * scale, below, number)
        own[OWN + number] = image_object(strip)
        names += b"/Im%d %d 0 R " % (number, OWN + number)
    content += b"BT /F1 8 Tf 300 8 Td (Page 1) Tj ET"
    data = one_page(content, own=own, resources=b"/XObject << %s >>" % names)
    return HostileFile("strips.pdf", data, READ, "The scanner cut the page into ten strips, none of which is a page")


def pdf_with_private_letters() -> HostileFile:
    data = pdf_bytes(page_objects(WORDS_SHOWN) | {5: font_that_means(0xE000), OWN: to_unicode(0xE000)})
    return HostileFile("private.pdf", data, READ, "Looks right, but every letter means one of the private area")


def pdf_with_letters_of_no_meaning() -> HostileFile:
    data = pdf_bytes(page_objects(WORDS_SHOWN) | {5: font_that_means(0), OWN: to_unicode(None)})
    return HostileFile("replaced.pdf", data, READ, "Looks right, but every letter means U+FFFD")


def pdf_with_shifted_letters() -> HostileFile:
    data = pdf_bytes(page_objects(WORDS_SHOWN) | {5: font_that_means(3), OWN: to_unicode(3)})
    return HostileFile("shifted.pdf", data, READ, "Looks right, but every letter means the third after it")


def pdf_scan_with_wrong_hidden_text() -> HostileFile:
    hidden = b"3 Tr " + WORDS_SHOWN
    own = {5: font_that_means(0xE000), OWN + 1: to_unicode(0xE000)}
    own[5] = own[5].replace(b"%d 0 R >>" % OWN, b"%d 0 R >>" % (OWN + 1))
    data = scanned_page(letter(), over=hidden, own=own)
    return HostileFile("hidden.pdf", data, READ, "A scan over whose words lies a hidden layer of private letters")


def pdf_with_filled_form() -> HostileFile:
    data = form(appearance=True)
    return HostileFile("form.pdf", data, Completed(FORM_WORDS), "What was typed into the fields counts as text")


def pdf_with_form_not_drawn() -> HostileFile:
    data = form(appearance=False)
    return HostileFile("form-values.pdf", data, Completed(FORM_WORDS), "The fields hold values that nobody drew yet")


def pdf_of_outlines() -> HostileFile:
    return HostileFile("outlines.pdf", one_page(outlines()), READ, "Letters drawn as curves: no text, no image")


def pdf_of_a_postage_stamp() -> HostileFile:
    data = scanned_page(slip(), box=b"0 0 72 43")
    return HostileFile("stamp.pdf", data, READ, "A page of 1 inch whose image has 1,000 dots: the page's size lies")


def pdf_of_a_poster() -> HostileFile:
    data = scanned_page(letter(), box=b"0 0 4960 7016")
    return HostileFile("poster.pdf", data, READ, "A page of 2.5 m whose image has the dots of a letter")


def pdf_of_scans_and_text() -> HostileFile:
    objects = page_objects(b"BT /F1 30 Tf 60 640 Td (Total amount due) Tj ET")
    image = image_object(slip().crop((0, 0, 1000, 160)))
    objects |= {
        2: b"<< /Type /Pages /Kids [3 0 R 8 0 R] /Count 2 >>",
        6: image,
        7: stream(b"q 500 0 0 80 40 600 cm /Im1 Do Q"),
        8: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 7 0 R "
        b"/Resources << /XObject << /Im1 6 0 R >> >> >>",
    }
    return HostileFile("mixed.pdf", pdf_bytes(objects), Completed(pages=2), "A page of text, then a scanned one")


def font_that_means(shift: int) -> bytes:
    """Write a font that looks like Helvetica; its letters mean what the object OWN says."""
    assert shift >= 0
    return b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode %d 0 R >>" % OWN


def to_unicode(shift: int | None) -> bytes:
    """Write a table that shifts the meaning of every visible letter; None makes each the replacement character."""
    rows = [b"<%02X> <%04X>" % (code, 0xFFFD if shift is None else code + shift) for code in range(33, 123)]
    blocks = b"".join(
        b"%d beginbfchar\n%s\nendbfchar\n" % (len(part), b"\n".join(part)) for part in (rows[:90], rows[90:]) if part
    )
    head = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
    space = b"1 begincodespacerange <00> <FF> endcodespacerange\n"
    return stream(head + space + blocks + b"endcmap end end")


def form(*, appearance: bool) -> bytes:
    """Write a page of printed labels and two filled fields."""
    labels = (
        b"BT /F1 20 Tf 60 760 Td (Registration form) Tj ET BT /F1 12 Tf 60 705 Td (Kind:) Tj 0 -60 Td (Remark:) Tj ET"
    )
    own: dict[int, bytes] = {}
    for number, (value, bottom) in enumerate(((b"INVOICE 2024", 690), (b"Total amount due", 630))):
        field, drawn = OWN + 2 * number, OWN + 2 * number + 1
        shown = b"/AP << /N %d 0 R >>" % drawn if appearance else b""
        own[field] = (
            b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (f%d) /V (%s) /Rect [180 %d 520 %d] /F 4 /P 3 0 R "
            b"/DA (/F1 24 Tf 0 g) %s >>" % (number, value, bottom, bottom + 40, shown)
        )
        look = b"/Tx BMC BT /F1 24 Tf 4 10 Td (%s) Tj ET EMC" % value
        own[drawn] = stream(
            look, b"/Type /XObject /Subtype /Form /BBox [0 0 340 40] /Resources << /Font << /F1 5 0 R >> >>"
        )
    needed = b"" if appearance else b"/NeedAppearances true"
    acro = b"/AcroForm << /Fields [6 0 R 8 0 R] /DR << /Font << /F1 5 0 R >> >> /DA (/F1 0 Tf 0 g) %s >>" % needed
    return one_page(labels, own=own, catalog=acro, page=b"/Annots [6 0 R 8 0 R]")


def outlines() -> bytes:
    """Trace the slip's letters as filled paths."""
    large = np.asarray(slip().resize((3000, 1800), Image.Resampling.LANCZOS))
    traced, _ = cv2.findContours((large < 128).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    path = []
    for contour in traced:
        points = [(40 + x / 6, 800 - y / 6) for x, y in contour[:, 0, :].tolist()]
        path += [f"{x:.2f} {y:.2f} {'m' if first == 0 else 'l'}" for first, (x, y) in enumerate(points)] + ["h"]
    return ("\n".join(path) + " f*").encode()


MAKERS = named(
    pdf_scan,
    pdf_scan_turned_by_its_page,
    pdf_scan_upside_down,
    pdf_scan_under_a_stamp,
    pdf_scan_under_page_numbers,
    pdf_scan_of_strips,
    pdf_with_private_letters,
    pdf_with_letters_of_no_meaning,
    pdf_with_shifted_letters,
    pdf_scan_with_wrong_hidden_text,
    pdf_with_filled_form,
    pdf_with_form_not_drawn,
    pdf_of_outlines,
    pdf_of_a_postage_stamp,
    pdf_of_a_poster,
    pdf_of_scans_and_text,
)
