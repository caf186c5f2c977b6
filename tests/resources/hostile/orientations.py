"""Which pages are rotated by a tag or by hand, or hardly are pages?"""

from functools import partial

from PIL import Image, ImageOps

from .drawings import letter, saved, slip
from .outcomes import BLANK, READ, Completed, HostileFile, named

Turn = Image.Transpose
UNDONE = {  # how the pixels must lie so that the tag's turn puts them upright (EXIF 2.32, tag 0x0112)
    2: Turn.FLIP_LEFT_RIGHT,
    3: Turn.ROTATE_180,
    4: Turn.FLIP_TOP_BOTTOM,
    5: Turn.TRANSPOSE,
    6: Turn.ROTATE_90,
    7: Turn.TRANSVERSE,
    8: Turn.ROTATE_270,
}


def exif_orientation(tag: int) -> HostileFile:
    why = f"The EXIF orientation {tag} says how to hold the photograph"
    return HostileFile(f"photo{tag}.jpg", saved(lie(tag), "JPEG", exif=exif(tag)), READ, why)


def png_with_exif_orientation() -> HostileFile:
    return HostileFile("photo.png", saved(lie(6), "PNG", exif=exif(6)), READ, "A PNG may carry an orientation too")


def webp_with_exif_orientation() -> HostileFile:
    data = saved(lie(8).convert("RGB"), "WEBP", exif=exif(8))
    return HostileFile("photo.webp", data, Completed(), "A WebP may carry an orientation too")


def exif_orientation_of_nonsense() -> HostileFile:
    data = saved(slip(), "JPEG", exif=exif(99))
    return HostileFile("photo99.jpg", data, READ, "There is no orientation 99")


def letter_upright() -> HostileFile:
    return HostileFile("letter.png", saved(letter(), "PNG"), READ, "A whole page; what the turned ones are measured by")


def letter_turned(degrees: int) -> HostileFile:
    data = saved(letter().rotate(degrees, expand=True), "PNG")
    return HostileFile(f"turned{degrees}.png", data, READ, f"Scanned {degrees}° off, and nothing says so")


def letter_slightly_skewed() -> HostileFile:
    image = letter().rotate(3, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)
    return HostileFile("skewed.png", saved(image, "PNG"), READ, "Fed into the scanner 3° askew")


def white_on_black() -> HostileFile:
    return HostileFile("negative.png", saved(ImageOps.invert(slip()), "PNG"), READ, "White text on black")


def pale_text() -> HostileFile:
    data = saved(slip().point(lambda value: 200 + value * 55 // 255), "PNG")
    return HostileFile("pale.png", data, READ, "Light gray on white, as a worn-out printer gives it")


def small_picture_of_text() -> HostileFile:
    data = saved(slip().resize((300, 180), Image.Resampling.LANCZOS), "PNG")
    return HostileFile("small.png", data, READ, "300 pixels wide: text must be enlarged before it can be read")


def blank_page() -> HostileFile:
    return HostileFile("blank.png", saved(Image.new("L", (1240, 1754), 255), "PNG"), BLANK, "White paper")


def black_page() -> HostileFile:
    return HostileFile("black.png", saved(Image.new("L", (1240, 1754), 0), "PNG"), BLANK, "The lid was open")


def transparent_page() -> HostileFile:
    data = saved(Image.new("RGBA", (600, 800), (0, 0, 0, 0)), "PNG")
    return HostileFile("nothing.png", data, BLANK, "Nothing but transparency")


def one_pixel() -> HostileFile:
    return HostileFile("pixel.png", saved(Image.new("RGB", (1, 1), "white"), "PNG"), BLANK, "1 × 1, a tracking pixel")


def one_row() -> HostileFile:
    return HostileFile("row.png", saved(Image.new("L", (3000, 1), 0), "PNG"), BLANK, "3,000 × 1 pixels")


def lie(tag: int) -> Image.Image:
    """Lay the slip so that the orientation tag puts it upright."""
    return slip().transpose(UNDONE[tag]) if tag in UNDONE else slip()


def exif(tag: int) -> Image.Exif:
    """Make an EXIF block that holds an orientation alone."""
    block = Image.Exif()
    block[0x0112] = tag
    return block


MAKERS = (
    named(
        png_with_exif_orientation,
        webp_with_exif_orientation,
        exif_orientation_of_nonsense,
        letter_upright,
        letter_slightly_skewed,
        white_on_black,
        pale_text,
        small_picture_of_text,
        blank_page,
        black_page,
        transparent_page,
        one_pixel,
        one_row,
    )
    | {f"exif_orientation_{tag}": partial(exif_orientation, tag) for tag in range(1, 9)}
    | {f"letter_turned_by_{degrees}": partial(letter_turned, degrees) for degrees in (90, 180, 270)}
)
