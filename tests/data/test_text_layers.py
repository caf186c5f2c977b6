"""The text layer of a PDF counts as far as a person sees it, and what it lacks is read by OCR."""

from collections.abc import Iterator

import pytest

from sake_ray.data.ocr.strategy import PageReading
from sake_ray.data.pages.pdf.document import open_pdf
from sake_ray.data.pdf_reading import PdfReading, read_pdf_page
from sake_ray.data.reading import Reader, ReadingOptions
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.limits import Limits
from sake_ray.domain.texts import DocumentText, WordSource
from sake_ray.errors import PasswordNeeded
from sake_ray.synthetic.sheet import Sheet, sheets_to_pdf
from tests.resources.hostile.pdf_bytes import OWN, one_page, stream
from tests.resources.layered import (
    CV,
    CV_SHOWN,
    EXPLAINED,
    HIDDEN,
    INVOICE,
    SEEN,
    SHOWN,
    UNREAD,
    UNSEEN,
    form_object,
    hidden_in_a_layer,
    lines,
    ocr_layer,
    scan_in_a_form,
)

LONG = CV + INVOICE


class LookedAt(Exception):
    """A page was given to OCR."""


def refuse_image(image: Pixels) -> PageReading:
    raise LookedAt


def refuse_sample(grey: Pixels) -> list[str]:
    raise LookedAt


def read_without_ocr(data: bytes) -> PdfReading:
    """Read the first page; raises LookedAt if OCR is asked for."""
    _, page = next(pages := open_pdf(data, limits=Limits()))
    reading = read_pdf_page(page, read_image=refuse_image, read_plainly=refuse_sample)
    pages.close()  # type: ignore[attr-defined]
    return reading


def text_of(reading: PdfReading) -> str:
    return " ".join(word.text for word in reading.reading.words)


@pytest.fixture(scope="module")
def fast() -> Iterator[Reader]:
    with Reader(ReadingOptions(engine="tesserocr")) as reader:
        yield reader


def found(text: DocumentText, words: list[str]) -> list[str]:
    there = {word.text.strip(",.:") for word in text.words}
    return [word for word in words if word in there]


class TestHiddenText:
    @pytest.mark.parametrize("kind", HIDDEN)
    def test_words_that_nobody_sees_do_not_count(self, kind: str) -> None:
        words = text_of(read_without_ocr(HIDDEN[kind]())).split()
        assert not [word for word in UNSEEN if word in words]

    @pytest.mark.parametrize("kind", HIDDEN)
    def test_words_beside_hidden_ones_count(self, kind: str) -> None:
        assert text_of(read_without_ocr(HIDDEN[kind]())) == " ".join(CV)

    @pytest.mark.parametrize("kind", HIDDEN)
    def test_what_was_ignored_is_said(self, kind: str) -> None:
        notes = read_without_ocr(HIDDEN[kind]()).notes
        assert [note.code for note in notes] == ["hidden-text-ignored"]

    @pytest.mark.parametrize("kind", SHOWN)
    def test_words_that_are_hard_to_see_count(self, kind: str) -> None:
        reading = read_without_ocr(SHOWN[kind]())
        words = text_of(reading).split()
        assert [word for word in " ".join(CV).split() if word not in words] == []
        assert reading.notes == ()

    def test_a_hidden_layer_shown_again_counts(self) -> None:
        shown = hidden_in_a_layer().replace(b"/OFF [6 0 R]", b"/ON  [6 0 R]")
        assert {"joinery", "Kervadec"} <= set(text_of(read_without_ocr(shown)).split())

    def test_a_mark_of_a_few_hidden_words_is_not_worth_a_note(self) -> None:
        mark = b"3 Tr " + lines(("Powered by TCPDF",), y=20) + b"0 Tr "
        assert read_without_ocr(one_page(mark + CV_SHOWN)).notes == ()

    def test_the_same_words_twice_are_not_called_hidden(self) -> None:
        """Programs lay an invisible copy over their words, so that they can be searched."""
        reading = read_without_ocr(one_page(CV_SHOWN + b"3 Tr " + CV_SHOWN))
        assert text_of(reading) == " ".join(CV)
        assert reading.notes == ()

    def test_transparent_words_over_curves_name_what_the_curves_show(self) -> None:
        """Design programs draw letters as curves and lay the words over them."""
        letters = b"".join(
            b"%d %d m %d %d l %d %d l %d %d l f " % (x, y, x + 3, y + 9, x + 5, y, x + 4, y + 5)
            for y in range(780, 620, -24)
            for x in range(60, 330, 7)
        )
        state = b"/ExtGState << /G0 << /ca 0 >> >>"
        data = one_page(letters + b"/G0 gs " + CV_SHOWN, resources=state)
        with pytest.raises(LookedAt):  # a sample is compared with the page
            read_without_ocr(data)

    def test_notes_of_all_pages_are_one(self, fast: Reader) -> None:
        sheets = []
        for _ in range(2):
            sheet = Sheet()
            for number, line in enumerate(CV):
                sheet.text(25, 30 + 12 * number, line, font="LiberationSans-Regular", size=12)
                sheet.text(
                    25,
                    150 + 12 * number,
                    INVOICE[number],
                    font="LiberationSans-Regular",
                    size=9,
                    colour=(255, 255, 255),
                )
            sheets.append(sheet)
        text = fast.read(sheets_to_pdf(sheets))
        (note,) = text.notes
        assert note.code == "hidden-text-ignored"
        shown = set(" ".join(CV).lower().split())
        assert note.params == {"words": 2 * sum(word.lower() not in shown for word in " ".join(INVOICE).split())}


class TestUnreadInk:
    @pytest.mark.parametrize("kind", UNREAD)
    def test_what_the_layer_lacks_is_read(self, kind: str, fast: Reader) -> None:
        assert len(found(fast.read(UNREAD[kind]()), UNSEEN)) >= len(UNSEEN) - 1

    @pytest.mark.parametrize("kind", UNREAD)
    def test_the_layer_counts_beside_it_and_once(self, kind: str, fast: Reader) -> None:
        words = [word.text for word in fast.read(UNREAD[kind]()).words]
        assert words.count("Digitized") + words.count("Supervision") == 1

    def test_lines_are_in_reading_order(self, fast: Reader) -> None:
        text = fast.read(scan_in_a_form()).text
        places = [text.index(word) for word in ("INVOICE", "Windows", "Guarantee", "Digitized")]
        assert places == sorted(places)

    @pytest.mark.parametrize("kind", EXPLAINED)
    def test_logos_pictures_and_drawings_are_not_given_to_ocr(self, kind: str) -> None:
        assert text_of(read_without_ocr(EXPLAINED[kind]())).startswith(CV[0])

    def test_a_page_of_a_few_words_and_nothing_else_is_not_given_to_ocr(self) -> None:
        assert text_of(read_without_ocr(one_page(lines(("Annex A",))))) == "Annex A"

    def test_letters_without_meaning_among_sound_ones_are_read(self, fast: Reader) -> None:
        """A font without a table of its letters draws half of the page."""
        table = b"".join(b"<%02X> <%04X>\n" % (code, 0xE000 + code) for code in range(33, 123))
        head = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def /CMapType 2 def\n"
        space = b"1 begincodespacerange <00> <FF> endcodespacerange\n"
        cmap = stream(head + space + b"90 beginbfchar\n" + table + b"endbfchar\nendcmap end end")
        font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 6 0 R >>"
        meaningless = lines(INVOICE, y=400).replace(b"/F1", b"/F2")
        data = one_page(CV_SHOWN + meaningless, own={OWN: cmap, 7: font})
        data = data.replace(b"/F1 5 0 R >>", b"/F1 5 0 R /F2 7 0 R >>")
        text = fast.read(data)
        assert found(text, SEEN) == SEEN
        assert len(found(text, UNSEEN)) >= len(UNSEEN) - 1


class TestAnnotations:
    BOX = b"<< /Type /Annot /Subtype /%s /Rect [60 300 560 330] /F 4 %s >>"

    def page(self, annotation: bytes) -> bytes:
        objects = {OWN: form_object(lines(("Paid by transfer on Monday",), x=5, y=10), box=b"0 0 500 30")}
        return one_page(CV_SHOWN, own=objects, page=b"/Annots [%s]" % annotation)

    @pytest.mark.parametrize("kind", [b"FreeText", b"Stamp", b"Line", b"Polygon"])
    def test_text_that_an_annotation_shows_counts(self, kind: bytes) -> None:
        reading = read_without_ocr(self.page(self.BOX % (kind, b"/AP << /N 6 0 R >>")))
        assert "Paid by transfer on Monday" in text_of(reading)

    def test_a_text_box_that_no_program_has_drawn_counts(self) -> None:
        box = self.BOX % (b"FreeText", b"/Contents (Paid by transfer) /DA (/Helv 12 Tf 0 g)")
        assert "Paid by transfer" in text_of(read_without_ocr(self.page(box)))

    def test_a_hidden_annotation_does_not_count(self) -> None:
        hidden = self.page((self.BOX % (b"FreeText", b"/AP << /N 6 0 R >>")).replace(b"/F 4", b"/F 2"))
        assert text_of(read_without_ocr(hidden)) == " ".join(CV)

    def test_a_sticky_note_does_not_count(self) -> None:
        note = b"<< /Type /Annot /Subtype /Text /Rect [60 300 80 320] /Contents (Call them back) >>"
        assert text_of(read_without_ocr(self.page(note))) == " ".join(CV)


class TestAttachments:
    def attached(self, *names: str) -> bytes:
        specs = b"".join(
            b"(%s) << /Type /Filespec /F (%s) /UF (%s) /EF << /F 6 0 R >> >> " % ((name.encode(),) * 3)
            for name in names
        )
        catalog = b"/Names << /EmbeddedFiles << /Names [%s] >> >>" % specs
        return one_page(CV_SHOWN, own={OWN: stream(b"<xml/>", b"/Type /EmbeddedFile")}, catalog=catalog)

    def test_attached_files_are_named(self) -> None:
        (note,) = read_without_ocr(self.attached("b.pdf", "c.xlsx")).notes
        assert note == "2 files are attached and were not read: b.pdf, c.xlsx."

    @pytest.mark.parametrize("name", ["factur-x.xml", "ZUGFeRD-invoice.xml", "xrechnung.xml", "UBL-Invoice-2.1.xml"])
    def test_an_invoice_as_data_is_recognized(self, name: str) -> None:
        (note,) = read_without_ocr(self.attached(name)).notes
        assert note.code == "e-invoice-attached"

    def test_a_file_pinned_to_a_page_is_named(self) -> None:
        pin = (
            b"<< /Type /Annot /Subtype /FileAttachment /Rect [60 300 80 320] "
            b"/FS << /Type /Filespec /F (plan.dwg) /UF (plan.dwg) /EF << /F 6 0 R >> >> >>"
        )
        data = one_page(CV_SHOWN, own={OWN: stream(b"x", b"/Type /EmbeddedFile")}, page=b"/Annots [%s]" % pin)
        assert read_without_ocr(data).notes[0].params == {"files": 1, "names": ["plan.dwg"]}

    def test_names_cannot_fill_a_screen(self) -> None:
        (note,) = read_without_ocr(self.attached(*(f"{number}{'x' * 300}.bin" for number in range(40)))).notes
        assert len(note) < 600
        assert note.params["files"] == 40


def garble(text: str) -> str:
    """What a bad OCR makes of a line: every other word is wrong."""
    swaps = str.maketrans("eaiotnrs", "cou1rmnz")
    return " ".join(word.translate(swaps) if place % 2 else word for place, word in enumerate(text.split()))


class TestOcrLayers:
    def test_a_bad_layer_over_a_scan_is_replaced(self, fast: Reader) -> None:
        text = fast.read(ocr_layer(LONG, tuple(map(garble, LONG))))
        assert text.pages[0].source is WordSource.OCR
        assert len(found(text, SEEN + UNSEEN)) >= len(SEEN + UNSEEN) - 2

    def test_a_sound_layer_over_a_scan_is_kept(self, fast: Reader) -> None:
        text = fast.read(ocr_layer(LONG, LONG))
        assert text.pages[0].source is WordSource.TEXT_LAYER
        assert [word.text for word in text.words] == " ".join(LONG).split()

    def test_a_layer_of_another_text_than_the_scan_shows_does_not_count(self, fast: Reader) -> None:
        text = fast.read(ocr_layer(CV + CV, INVOICE + INVOICE))
        assert len(found(text, SEEN)) >= len(SEEN) - 1
        assert found(text, UNSEEN) == []


SERBIAN = (
    "Рачун за извршене радове у Београду", "Купац је дужан да плати износ у року", "Цена обухвата превоз и уградњу прозора",
)  # fmt: skip
RUSSIAN = (
    "Счёт на оплату выполненных работ", "Покупатель обязан оплатить сумму в срок", "Цена включает доставку и установку окон",
)  # fmt: skip
GREEK = (
    "Τιμολόγιο για τις εργασίες στην Αθήνα", "Ο αγοραστής οφείλει να πληρώσει το ποσό", "Η τιμή περιλαμβάνει τη μεταφορά",
)  # fmt: skip
POLISH = (
    "Faktura za wykonane prace stolarskie", "Nabywca zobowiązany jest zapłacić kwotę", "Cena obejmuje dostawę i montaż okien",
)  # fmt: skip
CZECH = (
    "Faktura za provedené práce v Brně", "Kupující je povinen zaplatit částku včas", "Cena zahrnuje dopravu i montáž oken",
)  # fmt: skip


@pytest.mark.parametrize("texts", [SERBIAN, RUSSIAN, GREEK, POLISH, CZECH], ids=["sr", "ru", "el", "pl", "cs"])
def test_a_sound_layer_in_a_language_unknown_here_is_kept(texts: tuple[str, ...]) -> None:
    sheet = Sheet()
    for number, text in enumerate(texts * 3):
        sheet.text(25, 30 + 12 * number, text, font="LiberationSans-Regular", size=12)
    assert text_of(read_without_ocr(sheets_to_pdf([sheet]))) == " ".join(texts * 3)


def test_page_images_show_what_was_read(fast: Reader) -> None:
    sizes = []
    fast.read(scan_in_a_form(), on_page_read=lambda *read: sizes.append(len(read[1])))
    assert sizes[0] > 20_000


def test_a_pdf_for_certain_recipients_is_protected_and_not_damaged(fast: Reader) -> None:
    data = one_page(CV_SHOWN, own={OWN: b"<< /Filter /Adobe.PubSec /SubFilter /adbe.pkcs7.s5 /V 4 /Length 128 >>"})
    locked = data.replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 6 0 R /ID [<00> <00>]")
    with pytest.raises(PasswordNeeded) as refused:
        fast.read(locked)
    assert refused.value.message.code == "pdf-for-recipients"
