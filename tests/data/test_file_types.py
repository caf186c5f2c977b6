"""Files that people send by mistake are named for what they are; pictures of pages are told from thumbnails of them."""

import zipfile
from io import BytesIO

import pytest

from sake_ray.data.pages import media
from sake_ray.data.pages.images import decode_images
from sake_ray.domain.limits import Limits
from sake_ray.errors import PasswordNeeded, SakeError, TooManyPages
from tests.resources.hostile.pdf_bytes import WORDS_SHOWN, one_page
from tests.resources.hostile.tiff_bytes import DATA_AT, Tags, gray_tags, tiff_bytes

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
MAIL = (
    b"Received: from mail.example.org\r\nFrom: Ann <ann@example.org>\r\nTo: jobs@example.org\r\nSubject: My CV\r\n"
    b"Date: Mon, 2 Nov 2026 09:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n"
)
WEB_PAGE = (
    b"From: <Saved by Blink>\r\nSnapshot-Content-Location: https://example.org/\r\nSubject: Jobs\r\n"
    b"Date: Mon, 2 Nov 2026 09:00:00 +0100\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=x\r\n\r\n"
)


def stream_name(name: str) -> bytes:
    """The beginning of an OLE file that holds a stream of this name."""
    return OLE + name.encode("utf-16-le") + bytes(600)


def zipped(*names: str, mimetype: str = "") -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        if mimetype:
            archive.writestr("mimetype", mimetype, zipfile.ZIP_STORED)
        for name in names:
            archive.writestr(name, "content " * 50)
    return buffer.getvalue()


FILES = {
    "word": (zipped("[Content_Types].xml", "_rels/.rels", "word/document.xml"), "word-document"),
    "excel": (zipped("[Content_Types].xml", "_rels/.rels", "xl/workbook.xml"), "excel-document"),
    "powerpoint": (zipped("[Content_Types].xml", "ppt/presentation.xml"), "powerpoint-document"),
    "odt": (zipped("content.xml", mimetype="application/vnd.oasis.opendocument.text"), "open-document"),
    "ods": (zipped("content.xml", mimetype="application/vnd.oasis.opendocument.spreadsheet"), "open-document"),
    "epub": (zipped("OEBPS/content.opf", mimetype="application/epub+zip"), "electronic-book"),
    "xps": (zipped("[Content_Types].xml", "FixedDocSeq.fdseq", "Documents/1/Pages/1.fpage"), "xps-document"),
    "pages": (zipped("Index/Document.iwa", "Metadata/Properties.plist"), "apple-document"),
    "zip": (zipped("cv.pdf", "id.jpg"), "archive"),
    "zip_of_word": (zipped("cv.docx"), "archive"),
    "empty_zip": (zipped(), "archive"),
    "7z": (b"7z\xbc\xaf\x27\x1c\x00\x04" + bytes(200), "archive"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + bytes(200), "archive"),
    "gzip": (b"\x1f\x8b\x08\x00" + bytes(200), "archive"),
    "tar": (b"cv.pdf" + bytes(251) + b"ustar\x0000" + bytes(300), "archive"),
    "outlook_mail": (stream_name("__substg1.0_0037001F"), "mail"),
    "outlook_mail_without_properties": (stream_name("__nameid_version1.0"), "mail"),
    "winmail": (b"\x78\x9f\x3e\x22" + bytes(200), "mail"),
    "mail": (MAIL, "mail"),
    "mail_of_a_draft": (MAIL.split(b"\r\n", 1)[1], "mail"),
    "mail_with_unix_line_ends": (MAIL.replace(b"\r\n", b"\n"), "mail"),
    "mailbox_of_a_mail_program": (b"From ann@example.org Mon Nov  2 09:00:00 2026\n" + MAIL, "mail"),
    "mailbox": (b"!BDN" + bytes(600), "mailbox"),
    "web_archive": (WEB_PAGE, "web-archive"),
    "old_word": (stream_name("WordDocument"), "old-office-document"),
    "old_excel": (stream_name("Workbook"), "old-office-document"),
    "text_with_a_colon": (b"Note: call them\nFrom Monday on the office is closed\n", "unsupported-type"),
    "csv": (b"date:;subject:\n1;2\n", "unsupported-type"),
}


def refusal_of(data: bytes) -> SakeError:
    with pytest.raises(SakeError) as refused:
        media.detect_media_type(data)
    return refused.value


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_another_type_is_named(kind: str) -> None:
    data, code = FILES[kind]
    assert refusal_of(data).message.code == code


def test_a_locked_office_document_is_protected() -> None:
    error = refusal_of(stream_name("EncryptedPackage"))
    assert isinstance(error, PasswordNeeded)
    assert error.message.code == "office-document-locked"


def test_a_mail_is_not_called_damaged_and_says_what_to_do() -> None:
    assert "save its attachments" in str(refusal_of(MAIL))


def test_a_pdf_behind_the_headers_of_a_download_is_a_pdf() -> None:
    headers = b"HTTP/1.1 200 OK\r\nDate: Mon\r\nContent-Type: application/pdf\r\nX-Cache: hit\r\n\r\n"
    assert media.detect_media_type(headers + one_page(WORDS_SHOWN)) == media.PDF


def test_a_pdf_that_ends_as_an_archive_is_a_pdf() -> None:
    assert media.detect_media_type(one_page(WORDS_SHOWN) + zipped("a.txt")) == media.PDF


NEW_SUBFILE_TYPE, SUBFILE_TYPE = 254, 255
SIDE = 40


def tiff(*frames: Tags) -> bytes:
    """A TIFF whose frames all show the same pixels, `frames` holding more tags of each."""
    pages = [gray_tags(SIDE, SIDE, SIDE * SIDE) | frame for frame in frames]
    assert DATA_AT == 8
    return tiff_bytes(pages, bytes(SIDE * SIDE))


def count_pages(data: bytes, *, max_pages: int = 50) -> list[int]:
    return [count for count, _ in decode_images(data, media.TIFF, limits=Limits(max_pages=max_pages))]


@pytest.mark.parametrize(
    "thumbnail", [{NEW_SUBFILE_TYPE: 1}, {NEW_SUBFILE_TYPE: 5}, {NEW_SUBFILE_TYPE: 4}, {SUBFILE_TYPE: 2}]
)
def test_thumbnails_and_masks_of_a_tiff_are_no_pages(thumbnail: Tags) -> None:
    assert count_pages(tiff({}, thumbnail, {NEW_SUBFILE_TYPE: 2}, thumbnail)) == [2, 2]


@pytest.mark.parametrize(
    "page", [{}, {NEW_SUBFILE_TYPE: 0}, {NEW_SUBFILE_TYPE: 2}, {SUBFILE_TYPE: 1}, {SUBFILE_TYPE: 3}]
)
def test_pages_of_a_tiff_are_pages(page: Tags) -> None:
    assert count_pages(tiff(page, page)) == [2, 2]


def test_a_tiff_of_nothing_but_a_thumbnail_shows_it() -> None:
    assert count_pages(tiff({NEW_SUBFILE_TYPE: 1})) == [1]


def test_thumbnails_do_not_count_against_the_limit_of_pages() -> None:
    assert count_pages(tiff({}, {NEW_SUBFILE_TYPE: 1}, {}, {NEW_SUBFILE_TYPE: 1}), max_pages=2) == [2, 2]


def test_a_tiff_of_thumbnails_without_end_is_refused() -> None:
    with pytest.raises(TooManyPages):
        count_pages(tiff(*({NEW_SUBFILE_TYPE: 1},) * 40), max_pages=2)
