"""Choose the typefaces and colours of one document among those the machine has."""

import random
from dataclasses import dataclass

from sake_ray.synthetic.sheet import Colour, font_files

FAMILIES = {
    # share of documents, regular, bold, italic
    "LiberationSans": (6, "LiberationSans-Regular", "LiberationSans-Bold", "LiberationSans-Italic"),
    "LiberationSerif": (3, "LiberationSerif-Regular", "LiberationSerif-Bold", "LiberationSerif-Italic"),
    "LiberationSansNarrow": (
        1,
        "LiberationSansNarrow-Regular",
        "LiberationSansNarrow-Bold",
        "LiberationSansNarrow-Italic",
    ),
    "LiberationMono": (1, "LiberationMono-Regular", "LiberationMono-Bold", "LiberationMono-Italic"),
    "DejaVuSans": (1, "DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique"),
    "DejaVuSansCondensed": (2, "DejaVuSansCondensed", "DejaVuSansCondensed-Bold", "DejaVuSansCondensed-Oblique"),
    "DejaVuSerif": (1, "DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic"),
    "Carlito": (5, "Carlito-Regular", "Carlito-Bold", "Carlito-Italic"),
    "Caladea": (2, "Caladea-Regular", "Caladea-Bold", "Caladea-Italic"),
    "OpenSans": (3, "OpenSans-Regular", "OpenSans-Bold", "OpenSans-Italic"),
    "Roboto": (3, "Roboto-Regular", "Roboto-Bold", "Roboto-Italic"),
    "RobotoCondensed": (1, "RobotoCondensed-Regular", "RobotoCondensed-Bold", "RobotoCondensed-Italic"),
    "FreeSans": (1, "FreeSans", "FreeSansBold", "FreeSansOblique"),
    "FreeSerif": (1, "FreeSerif", "FreeSerifBold", "FreeSerifItalic"),
    "FreeMono": (1, "FreeMono", "FreeMonoBold", "FreeMonoOblique"),
    "Breip": (0, "Breip", "Breip", "Breip"),
}
SERIFS = ("LiberationSerif", "Caladea", "FreeSerif", "DejaVuSerif")
MONOSPACED = ("LiberationMono", "FreeMono", "DejaVuSansCondensed")
HANDWRITTEN = ("Breip",)
ACCENTS: tuple[Colour, ...] = (
    (20, 60, 120),
    (0, 90, 140),
    (150, 25, 35),
    (20, 100, 60),
    (90, 30, 110),
    (200, 90, 10),
    (40, 40, 40),
    (0, 110, 110),
    (110, 70, 30),
    (30, 30, 90),
)
TINTS: tuple[Colour, ...] = (
    (235, 239, 245),
    (242, 242, 242),
    (250, 243, 230),
    (230, 242, 236),
    (245, 235, 240),
    (225, 230, 238),
)
GREY: Colour = (95, 95, 95)
WHITE: Colour = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class Typeface:
    """The names of the font files of one family."""

    regular: str
    bold: str
    italic: str


@dataclass(frozen=True, slots=True)
class Style:
    """How one document looks: typefaces of text and titles, size in points, an accent and a light tint."""

    face: Typeface
    titles: Typeface
    size: float
    accent: Colour
    tint: Colour


def choose_face(rng: random.Random, names: tuple[str, ...] = ()) -> Typeface:
    """Choose a family among the names, or among all; those this machine lacks are left out."""
    present = [
        (share, Typeface(regular, bold, italic))
        for name, (share, regular, bold, italic) in FAMILIES.items()
        if (name in names if names else share) and {regular, bold, italic} <= font_files().keys()
    ]
    if not present:
        return Typeface("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique")
    return rng.choices([face for _, face in present], [max(1, share) for share, _ in present])[0]


def choose_style(rng: random.Random, names: tuple[str, ...] = (), *, size: tuple[float, float] = (8.5, 10.5)) -> Style:
    """Choose how one document looks."""
    face = choose_face(rng, names)
    titles = choose_face(rng) if rng.random() < 0.25 and names != HANDWRITTEN else face
    accent = rng.choice(ACCENTS) if rng.random() < 0.7 else (20, 20, 20)
    return Style(face, titles, round(rng.uniform(*size) * 2) / 2, accent, rng.choice(TINTS))
