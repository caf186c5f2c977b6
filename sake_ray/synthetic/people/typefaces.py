"""Choose the typefaces and colours of one document among those the machine has."""

import random
from dataclasses import dataclass

from sake_ray.synthetic.fonts import FAMILIES, has_font
from sake_ray.synthetic.sheet import Colour

SHARES = {
    "LiberationSans": 6,
    "LiberationSerif": 3,
    "LiberationSansNarrow": 1,
    "LiberationMono": 1,
    "DejaVuSans": 1,
    "DejaVuSansCondensed": 2,
    "DejaVuSerif": 1,
    "Carlito": 5,
    "Caladea": 2,
    "OpenSans": 3,
    "Roboto": 3,
    "RobotoCondensed": 1,
    "FreeSans": 1,
    "FreeSerif": 1,
    "FreeMono": 1,
    "Breip": 0,
}
"""How often a document is set in each family, where nothing asks for another."""
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
        (share, Typeface(*FAMILIES[name]))
        for name, share in SHARES.items()
        if (name in names if names else share) and all(map(has_font, FAMILIES[name]))
    ]
    if not present:
        return Typeface(*FAMILIES["DejaVuSans"])
    return rng.choices([face for _, face in present], [max(1, share) for share, _ in present])[0]


def choose_style(rng: random.Random, names: tuple[str, ...] = (), *, size: tuple[float, float] = (8.5, 10.5)) -> Style:
    """Choose how one document looks."""
    face = choose_face(rng, names)
    titles = choose_face(rng) if rng.random() < 0.25 and names != HANDWRITTEN else face
    accent = rng.choice(ACCENTS) if rng.random() < 0.7 else (20, 20, 20)
    return Style(face, titles, round(rng.uniform(*size) * 2) / 2, accent, rng.choice(TINTS))
