"""Which names are odd? A name is a label only: the content decides what a file is."""

from functools import partial

from sake_ray.errors import EmptyFile, UnsupportedType

from .drawings import saved, slip
from .outcomes import READ, UNREADABLE, HostileFile, Maker, Refused, named
from .pdf_bytes import WORDS_SHOWN, one_page

NAMES = {
    "quotes": 'it\'s "my" `invoice`.jpg',
    "shell_command": "$(id) ; touch x & echo | invoice.jpg",
    "leading_dash": "--help.jpg",
    "formula": "=cmd|' /C calc'!A0.jpg",
    "newline": "two\nlines\r\n.jpg",
    "right_to_left_mark": "invoice\u202egpj.exe",
    "250_characters": "a" * 246 + ".jpg",
    "4000_characters": "é" * 4000,
    "folders": "../../../etc/passwd",
    "windows_folders": "C:\\Windows\\..\\scan.jpg",
    "nul": "invoice\x00.jpg",
    "html": "<script>alert(1)</script>.jpg",
    "empty": "",
    "spaces": "   ",
    "dots": "..",
    "percent": "%s%n%(name)s{0}.jpg",
    "lone_surrogate": "scan\udcff.jpg",
    "emoji": "🧾 façture №1.jpg",
    "device": "CON.jpg",
}


def name_of(kind: str) -> HostileFile:
    return HostileFile(NAMES[kind], saved(slip(), "JPEG"), READ, f"The name: {kind.replace('_', ' ')}")


def jpeg_named_pdf() -> HostileFile:
    return HostileFile("photo.pdf", saved(slip(), "JPEG"), READ, "A photograph under a false ending")


def png_named_txt() -> HostileFile:
    return HostileFile("scan.txt", saved(slip(), "PNG"), READ, "An image under a false ending")


def pdf_named_jpg() -> HostileFile:
    return HostileFile("scan.jpg", one_page(WORDS_SHOWN), READ, "A PDF under a false ending")


def pdf_without_ending() -> HostileFile:
    return HostileFile("scan", one_page(WORDS_SHOWN), READ, "No ending at all")


def newline_in_the_name_of_an_empty_file() -> HostileFile:
    return HostileFile("two\nlines.pdf", b"", Refused((EmptyFile,)), "The sentence must stay one line")


def right_to_left_mark_in_the_name_of_a_text() -> HostileFile:
    return HostileFile("x\u202efdp.exe", b"some text", Refused((UnsupportedType,)), "A mark that turns the sentence")


def traceback_in_the_name_of_a_broken_image() -> HostileFile:
    name = "Error\n  File 'x.py', line 1, in <module>\n" + "z" * 300 + ".png"
    return HostileFile(name, saved(slip(), "PNG")[:700], UNREADABLE, "A long name that looks like an error")


MAKERS: dict[str, Maker] = named(
    jpeg_named_pdf,
    png_named_txt,
    pdf_named_jpg,
    pdf_without_ending,
    newline_in_the_name_of_an_empty_file,
    right_to_left_mark_in_the_name_of_a_text,
    traceback_in_the_name_of_a_broken_image,
) | {f"name_with_{kind}": partial(name_of, kind) for kind in NAMES}
