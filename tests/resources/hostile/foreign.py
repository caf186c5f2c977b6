"""Which files are of no type that is read, are nothing at all, or are more than is allowed?"""

import random
import struct
import zipfile
from functools import partial
from io import BytesIO

from PIL import Image

from sake_ray.errors import EmptyFile, FileTooLarge, TooManyPixels, UnreadableDocument, UnsupportedType

from .drawings import HEIGHT, WIDTH, saved, slip
from .outcomes import UNREADABLE, HostileFile, Maker, Outcome, Refused, named

UNSUPPORTED = Refused((UnsupportedType,))
HTML = b"<!DOCTYPE html><html><body><h1>404</h1><p>The file you asked for is gone.</p></body></html>"
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4d7a" * 16 + b"\nsize 120941\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><text y="20">INVOICE 2024</text></svg>'
POSTSCRIPT = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 90 90\n/Times findfont 9 scalefont setfont (INVOICE) show\n"

CONTENTS: dict[str, tuple[str, bytes, str]] = {
    "text_named_pdf": ("notes.pdf", b"INVOICE 2024\nTotal amount due\n", "Plain text under a false name"),
    "text_named_png": ("notes.png", "Facture n° 12, réglée\n".encode(), "Plain text under a false name"),
    "html_named_pdf": ("download.pdf", HTML, "The error page that a download tool saved"),
    "html_named_jpg": ("download.jpg", HTML, "The error page that a download tool saved"),
    "pointer_named_pdf": ("scan.pdf", POINTER, "A git-lfs pointer: the file itself was never fetched"),
    "pointer_named_png": ("scan.png", POINTER, "A git-lfs pointer: the file itself was never fetched"),
    "word_document_of_old": ("letter.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "Word before 2007"),
    "rich_text": ("letter.rtf", b"{\\rtf1\\ansi INVOICE 2024}", "Rich text"),
    "svg_drawing": ("drawing.svg", SVG, "A drawing in XML"),
    "svg_named_png": ("drawing.png", b'<?xml version="1.0"?>\n' + SVG, "A drawing in XML under a false name"),
    "postscript": ("page.ps", POSTSCRIPT, "A program for a printer; nothing here runs it"),
    "postscript_named_jpg": ("page.jpg", POSTSCRIPT, "A program for a printer under a false name"),
    "photoshop_file": (
        "page.psd",
        b"8BPS\x00\x01" + bytes(6) + struct.pack(">HIIHH", 3, HEIGHT, WIDTH, 8, 3),
        "Photoshop",
    ),
    "program": ("invoice.exe.pdf", b"\x7fELF\x02\x01\x01" + bytes(9) + b"\x02\x00\x3e\x00" + bytes(400), "A program"),
    "windows_program": ("invoice.pdf", b"MZ\x90\x00\x03" + bytes(500), "A Windows program"),
    "sound_named_webp": ("sound.webp", b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(40), "The same container as WebP"),
    "film_named_heic": ("film.heic", b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(200), "A film"),
    "gzip_archive": ("scans.tar.gz", b"\x1f\x8b\x08\x00" + bytes(300), "A packed archive"),
    "bitmap_in_c": ("x.xbm", b"#define x_width 8\n#define x_height 1\nstatic char x_bits[] = {0xff};\n", "Text"),
    "portable_graymap": ("scan.pgm", b"P5 60000 60000 255\n" + bytes(200), "A rare format that claims 3.6 gigapixels"),
    "icon_that_grows": ("favicon.ico", b"\x00\x00\x01\x00\x01\x00" + bytes(16) + bytes(300), "An icon"),
    "windows_metafile": ("art.wmf", b"\xd7\xcd\xc6\x9a" + bytes(100), "A drawing program for Windows"),
    "json_text": ("answer.json", b'{"label": "facture", "pages": []}', "Data, not a document"),
    "spaces_only": ("blank.pdf", b" \r\n" * 500, "Nothing but white space"),
    "nul_bytes": ("zeros.tif", bytes(4096), "What a failing disk leaves"),
    "two_bytes": ("tiny.jpg", b"\xff\xd8", "The first two bytes of a photograph"),
}
OTHERWISE: dict[str, Outcome] = {"two_bytes": UNREADABLE}

STARTS = {
    "pdf": b"%PDF-1.7\n",
    "jpg": b"\xff\xd8\xff\xe0\x00\x10JFIF\x00",
    "png": b"\x89PNG\r\n\x1a\n",
    "tif": b"II*\x00\x08\x00\x00\x00",
    "gif": b"GIF89a",
    "webp": b"RIFF\x00\x40\x00\x00WEBPVP8 ",
    "bmp": b"BM",
    "heic": b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
}


def foreign(kind: str) -> HostileFile:
    name, data, why = CONTENTS[kind]
    return HostileFile(name, data, OTHERWISE.get(kind, UNSUPPORTED), why)


def noise_that_starts_like(ending: str) -> HostileFile:
    noise = random.Random(ending).randbytes(16000)
    why = f"The first bytes are those of a {ending}, the rest is noise"
    outcome = Refused((UnreadableDocument, TooManyPixels))  # the noise may stand where the size does
    return HostileFile(f"noise.{ending}", STARTS[ending] + noise, outcome, why)


def random_bytes() -> HostileFile:
    noise = b"\x07" + random.Random(7).randbytes(20000)
    return HostileFile("noise.bin", noise, Refused((UnreadableDocument,)), "Noise")


def empty_file() -> HostileFile:
    return HostileFile("empty.pdf", b"", Refused((EmptyFile,)), "No bytes at all")


def word_document() -> HostileFile:
    text = b"<w:document><w:body><w:p><w:r><w:t>INVOICE 2024</w:t></w:r></w:p></w:body></w:document>"
    data = archive({"[Content_Types].xml": b"<Types/>", "word/document.xml": text})
    return HostileFile("letter.docx", data, UNSUPPORTED, "Word since 2007: an archive of XML")


def archive_of_scans() -> HostileFile:
    return HostileFile(
        "scans.zip", archive({"scan.png": saved(slip(), "PNG")}), UNSUPPORTED, "An archive, not a document"
    )


def icon_of_a_picture() -> HostileFile:
    data = saved(Image.new("RGB", (64, 64), "white"), "ICO")
    return HostileFile("logo.ico", data, UNSUPPORTED, "An icon claims one size and unpacks to another")


def too_large_file() -> HostileFile:
    data = b"%PDF-1.7\n" + bytes(21_000_000)
    return HostileFile("large.pdf", data, Refused((FileTooLarge,), says=("20",)), "21 MB, whatever is in it")


def too_large_by_one_byte() -> HostileFile:
    picture = saved(slip(), "JPEG")
    data = picture + bytes(20_000_001 - len(picture))
    return HostileFile("edge.jpg", data, Refused((FileTooLarge,), says=("20",)), "One byte beyond the limit")


def archive(members: dict[str, bytes]) -> bytes:
    """Pack the members, always with the same dates."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name), content)
    return buffer.getvalue()


MAKERS: dict[str, Maker] = (
    named(
        empty_file,
        word_document,
        archive_of_scans,
        icon_of_a_picture,
        random_bytes,
        too_large_file,
        too_large_by_one_byte,
    )
    | {kind: partial(foreign, kind) for kind in CONTENTS}
    | {f"noise_that_starts_like_{ending}": partial(noise_that_starts_like, ending) for ending in STARTS}
)
