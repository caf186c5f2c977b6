"""Hand a drawing in the way people do: as a PDF from a program, a scan, a photo, or one gone wrong."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from PIL import Image

from sake_ray.domain.datatypes import Pixels
from sake_ray.synthetic import files
from sake_ray.synthetic.defects import DEFECTS, copy_card_on_page, photograph_card
from sake_ray.synthetic.sheet import Drawing, Sheet, sheets_to_pdf

Weights = Mapping[str, int]

PAGE_CHANNELS: Weights = MappingProxyType({"scan": 35, "photo": 25, "born_digital": 30, "nasty": 10})
RARELY_DIGITAL: Weights = MappingProxyType({"scan": 49, "photo": 32, "born_digital": 8, "nasty": 11})
"""Pages of the labels `id_pieces` and `other`."""
CARD_CHANNELS: Weights = MappingProxyType({"card_photo": 58, "card_copy": 30, "nasty_card": 12})

FIRST_DEFECT: Mapping[str, Weights] = MappingProxyType(
    {
        "scan": {
            "clean_scan": 26,
            "small_rotation": 14,
            "skew": 5,
            "noise": 5,
            "uneven_light": 4,
            "tint": 4,
            "faded": 5,
        }
        | {
            "crop": 6,
            "bleed_through": 5,
            "folds": 6,
            "stamp": 7,
            "photocopy": 7,
            "low_resolution": 4,
            "strong_jpeg": 2,
        },
        "photo": {"phone_photo": 34, "scan_app": 14, "shadow": 12, "curl": 8, "glare": 7, "motion_blur": 7}
        | {"gaussian_blur": 6, "uneven_light": 5, "folds": 4, "tint": 3},
        "nasty": {"any_angle": 14, "quarter_turn": 12, "half_turn": 10, "salt_and_pepper": 8, "low_resolution": 10}
        | {"strong_jpeg": 9, "fax": 10, "faded": 6, "motion_blur": 6, "photocopy": 7, "noise": 8},
        "card_photo": {"card_photo": 54, "glare": 10, "shadow": 9, "motion_blur": 7, "gaussian_blur": 6}
        | {"strong_jpeg": 6, "tint": 4, "noise": 4},
        "card_copy": {"card_copy": 52, "photocopy": 24, "low_resolution": 8, "faded": 8, "strong_jpeg": 4, "fax": 4},
        "nasty_card": {"any_angle": 20, "quarter_turn": 22, "half_turn": 18, "noise": 10, "strong_jpeg": 10}
        | {"low_resolution": 10, "motion_blur": 10},
    }
)
"""By channel, the defect the document is named after."""

ON_PAPER = frozenset({"curl", "folds", "stamp", "bleed_through", "tint", "faded"})
"""Defects of the paper itself, there before any camera."""

SCAN_FILES: Weights = MappingProxyType({files.PDF: 48, files.JPEG: 27, files.TIFF: 13, files.PNG: 11, files.BMP: 1})
PHOTO_FILES: Weights = MappingProxyType({files.JPEG: 84, files.PDF: 7, files.PNG: 6, files.WEBP: 3})
FAX_FILES: Weights = MappingProxyType({files.TIFF: 55, files.PDF: 35, files.PNG: 10})
MULTI_PAGE = frozenset({files.PDF, files.TIFF})


@dataclass(frozen=True, slots=True)
class HandedFile:
    """One file, and what a perfect reader would find in it; pages are parted by a form feed."""

    data: bytes
    media_type: str
    defect: str
    pages: int
    true_text: str


def hand_in(drawing: Drawing, chance: random.Random) -> HandedFile:
    """Make a file of a drawing; the channel, the defects and the format are drawn by chance."""
    channel = pick(list_channels(drawing), chance)
    if channel == "born_digital":
        return HandedFile(
            sheets_to_pdf(list(drawing.sheets)), files.PDF, "none", len(drawing.sheets), join_text(drawing.sheets)
        )
    defect = pick(FIRST_DEFECT[channel], chance)
    rng = np.random.default_rng(chance.getrandbits(64))
    if drawing.card:
        return hand_in_card(drawing.sheets[:2], channel, defect, chance, rng)
    return hand_in_pages(drawing.sheets, channel, defect, chance, rng)


def list_channels(drawing: Drawing) -> Weights:
    """The ways such a drawing is handed in."""
    if drawing.card:
        return CARD_CHANNELS
    return RARELY_DIGITAL if drawing.label in {"id_pieces", "other"} else PAGE_CHANNELS


def hand_in_pages(
    sheets: Sequence[Sheet], channel: str, defect: str, chance: random.Random, rng: np.random.Generator
) -> HandedFile:
    """Scan or photograph sheets of paper, every page in the same way."""
    photo = channel == "photo" or (channel == "nasty" and defect != "fax" and chance.random() < 0.4)
    media_type = pick(FAX_FILES if defect == "fax" else PHOTO_FILES if photo else SCAN_FILES, chance)
    if len(sheets) > 1 and media_type not in MULTI_PAGE and chance.random() < 0.6:
        media_type = files.PDF
    if media_type not in MULTI_PAGE:
        sheets = sheets[:1]
    dpi = float(chance.choice((150, 150, 170, 200, 200)))
    on_glass = not photo and is_slip(sheets[0]) and chance.random() < 0.6
    steps = list_photo_steps(defect, channel, chance) if photo else list_scan_steps(defect, chance)
    pages: list[Pixels] = []
    for sheet in sheets:
        if on_glass:
            slip = [render_pixels(sheet, 1.5 * dpi)]
            page = copy_card_on_page(slip, rng, width_mm=sheet.width, dpi=dpi, round_corners=False)
        else:
            page = render_pixels(sheet, dpi * max(1.0, min(1.8, 260 / max(sheet.width, sheet.height))))
        for step in steps:
            page = DEFECTS[step](page, rng)
        pages.append(page)
    data = encode_pages(pages, media_type, chance, dpi=dpi, photo=photo, fax=defect == "fax")
    return HandedFile(data, media_type, defect, len(pages), join_text(sheets))


def hand_in_card(
    sides: Sequence[Sheet], channel: str, defect: str, chance: random.Random, rng: np.random.Generator
) -> HandedFile:
    """Photograph a card or copy it onto a page: one side, or both in one image."""
    photo = channel == "card_photo" or (channel == "nasty_card" and chance.random() < 0.6)
    if chance.random() < (0.45 if photo else 0.2):
        sides = sides[:1]
    dpi = float(chance.choice((150, 170, 200)))
    faces = [render_pixels(side, min(340.0, 1600 / sides[0].width * 25.4)) for side in sides]
    image = photograph_card(faces, rng) if photo else copy_card_on_page(faces, rng, width_mm=sides[0].width, dpi=dpi)
    if defect in DEFECTS:
        image = DEFECTS[defect](image, rng)
    media_type = pick(FAX_FILES if defect == "fax" else PHOTO_FILES if photo else SCAN_FILES, chance)
    data = encode_pages([image], media_type, chance, dpi=dpi, photo=photo, fax=defect == "fax")
    return HandedFile(data, media_type, defect, 1, "\n".join(side.true_text for side in sides))


def list_scan_steps(defect: str, chance: random.Random) -> tuple[str, ...]:
    """The defects of one scan in their order: mostly a little askew, then the named one."""
    askew = (
        ("small_rotation",) if chance.random() < 0.2 and defect not in {"small_rotation", "skew", "any_angle"} else ()
    )
    grain = () if defect in {"clean_scan", "noise", "fax", "photocopy", "low_resolution"} else ("clean_scan",)
    return (defect, *askew, *grain) if defect in ON_PAPER else (*askew, defect, *grain)


def list_photo_steps(defect: str, channel: str, chance: random.Random) -> tuple[str, ...]:
    """The defects of one photo in their order: those of the paper before the camera, the rest after."""
    if defect in {"phone_photo", "scan_app"}:
        return (defect,)
    taken = "scan_app" if channel == "nasty" and chance.random() < 0.25 else "phone_photo"
    return (defect, taken) if defect in ON_PAPER else (taken, defect)


def encode_pages(
    pages: Sequence[Pixels], media_type: str, chance: random.Random, *, dpi: float, photo: bool, fax: bool
) -> bytes:
    """Write the pages in the format, a third of the scans in grey, faxes in black and white."""
    mode = "1" if fax else "L" if not photo and chance.random() < 0.35 else "RGB"
    images = [Image.fromarray(page).convert(mode, dither=Image.Dither.NONE) for page in pages]
    quality = chance.randint(55, 92)
    orientation = chance.choice((3, 6, 8)) if photo and chance.random() < 0.12 else 1
    compression = "group4" if fax or chance.random() < 0.25 else chance.choice(("tiff_lzw", "tiff_adobe_deflate"))
    stated = 72 if photo else round(dpi)
    match media_type:
        case files.PDF:
            return files.write_scanned_pdf(images, quality=quality, dpi=round(dpi))
        case files.TIFF:
            return files.write_tiff(images, compression=compression, dpi=stated)
        case files.PNG:
            return files.write_png(images[0], dpi=stated)
        case files.BMP:
            return files.write_bmp(images[0].convert("L"))
        case files.WEBP:
            return files.write_webp(images[0], quality=quality)
        case _:
            return files.write_jpeg(images[0], quality=quality, dpi=stated, orientation=orientation)


def pick(weights: Weights, chance: random.Random) -> str:
    """Draw one name by its weight."""
    return chance.choices(list(weights), list(weights.values()))[0]


def render_pixels(sheet: Sheet, dpi: float) -> Pixels:
    """Render a sheet as pixels."""
    return np.asarray(sheet.render(dpi), dtype=np.uint8)


def is_slip(sheet: Sheet) -> bool:
    """Whether a sheet is so small that it is copied in the middle of a larger page, e.g. a till receipt."""
    return sheet.width < 160 and sheet.height < 280


def join_text(sheets: Sequence[Sheet]) -> str:
    """The true text of several pages, parted by form feeds."""
    return "\f".join(sheet.true_text for sheet in sheets)
