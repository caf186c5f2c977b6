"""PDF pages whose text layer says more, or less, than a person sees."""

from collections.abc import Callable

import numpy as np
from PIL import Image

from sake_ray.synthetic.sheet import Sheet
from tests.resources.hostile.pdf_bytes import OWN, image_object, one_page, stream

CV = (
    "Solene Abgrall, software engineer in Brest",
    "Professional experience of eight years",
    "Design of a platform for tracking ships",
    "Supervision of three developers and reviews",
    "Education: diploma of engineering, first class",
    "Languages: French, English and Breton",
    "Interests: sailing, choir and hiking in the hills",
)
INVOICE = (
    "INVOICE of the joinery Kervadec in Nantes",
    "Payable quantity designation subtotal",
    "Windows of oak with double glazing delivered",
    "Dismantling and removal of the former shutters",
    "Amount payable within thirty days by transfer",
    "Guarantee of ten years on every component",
    "Penalties apply to belated settlements",
)
UNSEEN = "joinery Payable quantity designation subtotal oak glazing Dismantling shutters transfer Guarantee".split()
SEEN = "software engineer Professional experience platform Supervision Education diploma sailing choir".split()


def lines(texts: tuple[str, ...], *, x: float = 60, y: float = 780, step: float = 24, size: float = 12) -> bytes:
    """Write lines of text, one under the other."""
    shown = b" T* ".join(b"(%s) Tj" % text.encode("cp1252") for text in texts)
    return b"BT /F1 %f Tf %f TL %f %f Td %s ET\n" % (size, step, x, y, shown)


CV_SHOWN = lines(CV)
BELOW = 400.0
"""Where a second text stands, below the first."""


def scan(texts: tuple[str, ...], *, size: float = 13, dpi: float = 150) -> Image.Image:
    """The image of a scanned page."""
    sheet = Sheet()
    for number, text in enumerate(texts):
        sheet.text(25, 30 + 12 * number, text, font="LiberationSans-Regular", size=size)
    return sheet.render(dpi)


def form_object(content: bytes, *, box: bytes = b"0 0 595 842", resources: bytes = b"") -> bytes:
    """Write a form that pages can draw."""
    entries = b"/Type /XObject /Subtype /Form /BBox [%s] /Resources << /Font << /F1 5 0 R >> %s >>" % (box, resources)
    return stream(content, entries)


def hidden_in_a_layer() -> bytes:
    """An invoice in a layer that is switched off, line by line under the words of a CV."""
    group = b"<< /Type /OCG /Name (Old) >>"
    catalog = b"/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] /Order [6 0 R] >> >>"
    content = b"/OC /MC0 BDC " + lines(INVOICE) + b" EMC " + CV_SHOWN
    return one_page(content, own={OWN: group}, catalog=catalog, resources=b"/Properties << /MC0 6 0 R >>")


def hidden_a_little_lower() -> bytes:
    """Hidden words that lie on visible ones in part, line by line a little more."""
    group = b"<< /Type /OCG /Name (Old) >>"
    catalog = b"/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] /Order [6 0 R] >> >>"
    content = b"/OC /MC0 BDC " + lines(INVOICE, y=781, step=22.5) + b" EMC " + CV_SHOWN
    return one_page(content, own={OWN: group}, catalog=catalog, resources=b"/Properties << /MC0 6 0 R >>")


def hidden_in_a_form_of_a_layer() -> bytes:
    """The same in a form that belongs to a layer."""
    own = {
        6: b"<< /Type /OCG /Name (Old) >>",
        7: form_object(lines(INVOICE)).replace(b"/Type /XObject", b"/Type /XObject /OC 6 0 R"),
    }
    catalog = b"/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>"
    return one_page(b"/Fm Do " + CV_SHOWN, own=own, catalog=catalog, resources=b"/XObject << /Fm 7 0 R >>")


def white_on_white() -> bytes:
    """White words on white paper."""
    return one_page(b"1 g " + lines(INVOICE, y=BELOW) + b"0 g " + CV_SHOWN)


def white_under_black() -> bytes:
    """White words exactly where black ones are."""
    return one_page(b"1 g " + lines(INVOICE) + b"0 g " + CV_SHOWN)


def nearly_white() -> bytes:
    """Words so pale that nobody sees them."""
    return one_page(b"0.985 g " + lines(INVOICE, y=BELOW) + b"0 g " + CV_SHOWN)


def colour_of_its_box() -> bytes:
    """Blue words on a box of the same blue."""
    return one_page(b"0 0.2 0.5 rg 40 200 500 230 re f " + lines(INVOICE, y=BELOW) + b"0 g " + CV_SHOWN)


def covered_by_a_shape() -> bytes:
    """Words under a white box."""
    return one_page(lines(INVOICE, y=BELOW) + b"1 g 40 200 500 230 re f 0 g " + CV_SHOWN)


def covered_by_a_picture() -> bytes:
    """Words under a picture that shows no text."""
    picture = image_object(Image.new("L", (50, 23), 235))
    content = lines(INVOICE, y=BELOW) + b"q 500 0 0 230 40 200 cm /Im Do Q " + CV_SHOWN
    return one_page(content, own={OWN: picture}, resources=b"/XObject << /Im 6 0 R >>")


def outside_the_page() -> bytes:
    """Words beyond the right edge."""
    return one_page(lines(INVOICE, x=700) + CV_SHOWN)


def outside_the_crop_box() -> bytes:
    """Words on the paper, beyond what is shown of it."""
    return one_page(lines(INVOICE, x=700) + CV_SHOWN, box=b"0 0 1400 842", page=b"/CropBox [0 0 595 842]")


def clipped_away() -> bytes:
    """Words outside of the part that may be painted."""
    return one_page(b"q 0 0 10 10 re W n " + lines(INVOICE, y=BELOW) + b"Q " + CV_SHOWN)


def invisible_over_paper() -> bytes:
    """Words of the invisible mode where there is nothing to read."""
    return one_page(b"3 Tr " + lines(INVOICE, y=BELOW) + b"0 Tr " + CV_SHOWN)


def invisible_over_words() -> bytes:
    """Words of the invisible mode over other words."""
    return one_page(b"3 Tr " + lines(INVOICE) + b"0 Tr " + CV_SHOWN)


def one_point_high() -> bytes:
    """Words that look like a line of dust."""
    return one_page(lines(INVOICE, y=20, step=1.1, size=1) + CV_SHOWN)


def transparent() -> bytes:
    """Words with an opacity of nothing."""
    state = b"/ExtGState << /G0 << /ca 0 /CA 0 >> /G1 << /ca 1 /CA 1 >> >>"
    return one_page(b"/G0 gs " + lines(INVOICE, y=BELOW) + b"/G1 gs " + CV_SHOWN, resources=state)


HIDDEN: dict[str, Callable[[], bytes]] = {
    make.__name__: make
    for make in (
        hidden_in_a_layer,
        hidden_a_little_lower,
        hidden_in_a_form_of_a_layer,
        white_on_white,
        white_under_black,
        nearly_white,
        colour_of_its_box,
        covered_by_a_shape,
        covered_by_a_picture,
        outside_the_page,
        outside_the_crop_box,
        clipped_away,
        invisible_over_paper,
        invisible_over_words,
        one_point_high,
        transparent,
    )
}


def photograph() -> Image.Image:
    """A picture with soft shapes and grain."""
    noise = np.random.default_rng(7).integers(0, 25, (230, 500))
    slope = np.add.outer(np.arange(230) // 3, np.arange(500) // 5)
    return Image.fromarray((40 + slope + noise).clip(0, 255).astype(np.uint8), "L")


def seen_in_light_grey() -> bytes:
    """Pale grey words."""
    return one_page(b"0.8 g " + CV_SHOWN)


def seen_on_a_dark_banner() -> bytes:
    """White words on dark blue."""
    return one_page(b"0 0.1 0.3 rg 0 600 595 242 re f 1 g " + CV_SHOWN)


def seen_in_small_print() -> bytes:
    """Words of 4 points."""
    return one_page(lines(CV, size=4, step=6))


def seen_in_pale_small_print() -> bytes:
    """Grey words of 5 points."""
    return one_page(b"0.6 g " + lines(CV, size=5, step=7))


def seen_over_a_photograph() -> bytes:
    """White words on a picture."""
    content = b"q 595 0 0 300 0 560 cm /Im Do Q 1 g " + CV_SHOWN
    return one_page(content, own={OWN: image_object(photograph())}, resources=b"/XObject << /Im 6 0 R >>")


def seen_as_outlines() -> bytes:
    """Words of which only the edges are painted."""
    return one_page(b"1 Tr 0.4 w " + lines(CV, size=16))


def seen_under_a_watermark() -> bytes:
    """Words below a large pale one that crosses them."""
    mark = b"q 0.9 g BT /F1 120 Tf 0.7 0.7 -0.7 0.7 120 500 Tm (COPY) Tj ET Q "
    return one_page(mark + CV_SHOWN)


def seen_through_a_clip() -> bytes:
    """Words that print programs clip to the page."""
    return one_page(b"q 0 0 595 842 re W n " + CV_SHOWN + b"Q")


def seen_in_a_form() -> bytes:
    """Words in a form in a form."""
    own = {6: form_object(b"/In Do", resources=b"/XObject << /In 7 0 R >>"), 7: form_object(CV_SHOWN)}
    return one_page(b"/Fm Do", own=own, resources=b"/XObject << /Fm 6 0 R >>")


def seen_on_its_side() -> bytes:
    """Words on a page that /Rotate turns."""
    return one_page(b"q 0 1 -1 0 842 0 cm " + CV_SHOWN + b"Q", box=b"0 0 842 595", page=b"/Rotate 90")


SHOWN: dict[str, Callable[[], bytes]] = {
    make.__name__: make
    for make in (
        seen_in_light_grey,
        seen_on_a_dark_banner,
        seen_in_small_print,
        seen_in_pale_small_print,
        seen_over_a_photograph,
        seen_as_outlines,
        seen_under_a_watermark,
        seen_through_a_clip,
        seen_in_a_form,
        seen_on_its_side,
    )
}

STAMP = b"0 0 0.7 rg " + lines(("Digitized by the post room, page 1 of 1",), y=20, size=9)
"""A line that a scanner or a post room added."""


def scan_in_a_form() -> bytes:
    """A scan inside a form, under a live line."""
    own = {
        6: form_object(b"q 595 0 0 842 0 0 cm /Im Do Q", resources=b"/XObject << /Im 7 0 R >>"),
        7: image_object(scan(INVOICE)),
    }
    return one_page(b"/Fm Do " + STAMP, own=own, resources=b"/XObject << /Fm 6 0 R >>")


def scan_in_many_forms() -> bytes:
    """A scan inside a form inside a form, and so on, deeper than anybody looks, under a live line."""
    depth = 12
    own = {
        OWN + level: form_object(b"/Fm Do", resources=b"/XObject << /Fm %d 0 R >>" % (OWN + level + 1))
        for level in range(depth)
    }
    scanned = b"/XObject << /Im %d 0 R >>" % (OWN + depth + 1)
    own[OWN + depth] = form_object(b"q 595 0 0 842 0 0 cm /Im Do Q", resources=scanned)
    own[OWN + depth + 1] = image_object(scan(INVOICE))
    return one_page(b"/Fm Do " + STAMP, own=own, resources=b"/XObject << /Fm %d 0 R >>" % OWN)


def scan_in_a_small_form() -> bytes:
    """A scan inside a form that is enlarged when it is drawn: its own measures say nothing."""
    form = form_object(b"q 1 0 0 1 0 0 cm /Im Do Q", box=b"0 0 1 1", resources=b"/XObject << /Im 7 0 R >>")
    content = b"q 595 0 0 842 0 0 cm /Fm Do Q " + STAMP
    own = {6: form, 7: image_object(scan(INVOICE))}
    return one_page(content, own=own, resources=b"/XObject << /Fm 6 0 R >>")


def scan_in_a_pattern() -> bytes:
    """A scan as a tile that fills the page once, under a live line."""
    entries = (
        b"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 595 842] /XStep 595 /YStep 842 "
        b"/Resources << /XObject << /Im 7 0 R >> >>"
    )
    own = {6: stream(b"q 595 0 0 842 0 0 cm /Im Do Q", entries), 7: image_object(scan(INVOICE))}
    content = b"/Pattern cs /P1 scn 0 0 595 842 re f /DeviceGray cs 0 sc " + STAMP
    return one_page(content, own=own, resources=b"/Pattern << /P1 6 0 R >>")


def scan_in_strips() -> bytes:
    """A scan cut into strips, under a live line."""
    image = scan(INVOICE)
    content, own, names, below = b"", {}, b"", 842.0
    for number, top in enumerate(range(0, image.height, 200)):
        strip = image.crop((0, top, image.width, min(top + 200, image.height)))
        height = strip.height * 842 / image.height
        below -= height
        content += b"q 595 0 0 %f 0 %f cm /Im%d Do Q\n" % (height, below, number)
        own[OWN + number] = image_object(strip)
        names += b"/Im%d %d 0 R " % (number, OWN + number)
    return one_page(content + STAMP, own=own, resources=b"/XObject << %s >>" % names)


def pictures_for_lines() -> bytes:
    """Each line of the body is a picture of its own, below a live head and above a live footer."""
    content, own, names = b"", {}, b""
    for number, text in enumerate(INVOICE):
        sheet = Sheet(160, 8)
        sheet.text(1, 1, text, font="LiberationSans-Regular", size=12)
        own[OWN + number] = image_object(sheet.render(200))
        content += b"q 454 0 0 23 60 %d cm /Im%d Do Q\n" % (600 - 30 * number, number)
        names += b"/Im%d %d 0 R " % (number, OWN + number)
    head = lines(("Joiners of the western coast", "Registered in the chamber of trades"), y=800, size=10)
    return one_page(content + head + STAMP, own=own, resources=b"/XObject << %s >>" % names)


def scan_below_live_text() -> bytes:
    """A page of live text whose lower half is a scan."""
    picture = scan(INVOICE).crop((0, 120, 1240, 1000))
    content = CV_SHOWN + b"q 595 0 0 422 0 100 cm /Im Do Q"
    return one_page(content, own={OWN: image_object(picture)}, resources=b"/XObject << /Im 6 0 R >>")


UNREAD: dict[str, Callable[[], bytes]] = {
    make.__name__: make
    for make in (
        scan_in_a_form,
        scan_in_many_forms,
        scan_in_a_small_form,
        scan_in_a_pattern,
        scan_in_strips,
        pictures_for_lines,
        scan_below_live_text,
    )
}


def with_a_logo() -> bytes:
    """A head with a picture of a name."""
    sheet = Sheet(60, 20, paper=(20, 60, 120))
    sheet.text(4, 5, "KERVADEC", font="LiberationSans-Bold", size=24, colour=(255, 255, 255))
    content = CV_SHOWN + b"q 170 0 0 57 400 60 cm /Im Do Q"
    return one_page(content, own={OWN: image_object(sheet.render(150))}, resources=b"/XObject << /Im 6 0 R >>")


def with_a_photograph() -> bytes:
    """A large picture below the text."""
    content = CV_SHOWN + b"q 500 0 0 230 40 200 cm /Im Do Q"
    return one_page(content, own={OWN: image_object(photograph())}, resources=b"/XObject << /Im 6 0 R >>")


def with_rules_and_boxes() -> bytes:
    """A table of forty rows without words in it."""
    table = b"".join(
        b"60 %d m 540 %d l S %d 100 m %d 500 l S " % (y, y, x, x)
        for y, x in zip(range(100, 500, 10), range(60, 540, 12), strict=True)
    )
    return one_page(CV_SHOWN + b"0.5 w " + table)


def with_a_chart() -> bytes:
    """Bars and a curve."""
    bars = b"".join(
        b"%.1f 0.4 0.7 rg %d 150 14 %d re f " % (n % 3 / 3, 60 + 20 * n, 30 + (n * 37) % 200) for n in range(24)
    )
    curve = b"60 400 m " + b"".join(b"%d %d l " % (60 + 5 * n, 380 + (n * n * 7) % 60) for n in range(96)) + b"S "
    return one_page(CV_SHOWN + bars + curve)


def on_a_background() -> bytes:
    """A picture behind the whole page."""
    picture = photograph().point(lambda value: 200 + value // 5)
    long = lines(CV + INVOICE)
    content = b"q 595 0 0 842 0 0 cm /Im Do Q " + long
    return one_page(content, own={OWN: image_object(picture)}, resources=b"/XObject << /Im 6 0 R >>")


EXPLAINED: dict[str, Callable[[], bytes]] = {
    make.__name__: make
    for make in (with_a_logo, with_a_photograph, with_rules_and_boxes, with_a_chart, on_a_background)
}


def ocr_layer(texts: tuple[str, ...], layer: tuple[str, ...]) -> bytes:
    """A scan of some lines with an invisible layer of others in their places, as scanners write it."""
    # The lines of `scan` are 12 mm apart, 34 points; their letters are 13 points high.
    hidden = b"3 Tr " + lines(layer, x=25 * 72 / 25.4, y=842 - 30 * 72 / 25.4 - 12, step=12 * 72 / 25.4, size=13)
    content = b"q 595 0 0 842 0 0 cm /Im Do Q " + hidden
    return one_page(content, own={OWN: image_object(scan(texts))}, resources=b"/XObject << /Im 6 0 R >>")
