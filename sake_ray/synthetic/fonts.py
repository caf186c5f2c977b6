"""Find the font files that generated documents are drawn with.

A font goes by the name its file has on Debian 12, without ending. Other releases name files otherwise, pack them
otherwise or dropped them: then the font is looked for by the names inside the files, then another of its build serves.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType

from PIL import ImageFont

from sake_ray.errors import SetupError

FOLDERS = (Path("/usr/share/fonts/truetype"), Path("/usr/share/fonts/opentype"))
MORE_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"))
"""Looked through only for fonts that stand in none of FOLDERS."""

FAMILIES: Mapping[str, tuple[str, str, str]] = MappingProxyType(
    {
        "LiberationSans": ("LiberationSans-Regular", "LiberationSans-Bold", "LiberationSans-Italic"),
        "LiberationSerif": ("LiberationSerif-Regular", "LiberationSerif-Bold", "LiberationSerif-Italic"),
        "LiberationSansNarrow": (
            "LiberationSansNarrow-Regular",
            "LiberationSansNarrow-Bold",
            "LiberationSansNarrow-Italic",
        ),
        "LiberationMono": ("LiberationMono-Regular", "LiberationMono-Bold", "LiberationMono-Italic"),
        "DejaVuSans": ("DejaVuSans", "DejaVuSans-Bold", "DejaVuSans-Oblique"),
        "DejaVuSansCondensed": ("DejaVuSansCondensed", "DejaVuSansCondensed-Bold", "DejaVuSansCondensed-Oblique"),
        "DejaVuSansMono": ("DejaVuSansMono", "DejaVuSansMono-Bold", "DejaVuSansMono-Oblique"),
        "DejaVuSerif": ("DejaVuSerif", "DejaVuSerif-Bold", "DejaVuSerif-Italic"),
        "DejaVuSerifCondensed": ("DejaVuSerifCondensed", "DejaVuSerifCondensed-Bold", "DejaVuSerifCondensed-Italic"),
        "Carlito": ("Carlito-Regular", "Carlito-Bold", "Carlito-Italic"),
        "Caladea": ("Caladea-Regular", "Caladea-Bold", "Caladea-Italic"),
        "OpenSans": ("OpenSans-Regular", "OpenSans-Bold", "OpenSans-Italic"),
        "Roboto": ("Roboto-Regular", "Roboto-Bold", "Roboto-Italic"),
        "RobotoCondensed": ("RobotoCondensed-Regular", "RobotoCondensed-Bold", "RobotoCondensed-Italic"),
        "FreeSans": ("FreeSans", "FreeSansBold", "FreeSansOblique"),
        "FreeSerif": ("FreeSerif", "FreeSerifBold", "FreeSerifItalic"),
        "FreeMono": ("FreeMono", "FreeMonoBold", "FreeMonoOblique"),
        "Breip": ("Breip", "Breip", "Breip"),
        "OCRB": ("OCRB", "OCRB", "OCRB"),
    }
)
"""The regular, bold and italic font of every family that documents are drawn with."""

SUBSTITUTES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "LiberationSansNarrow": ("RobotoCondensed", "DejaVuSansCondensed"),
        "RobotoCondensed": ("LiberationSansNarrow", "DejaVuSansCondensed"),
        "DejaVuSansCondensed": ("DejaVuSans",),
        "DejaVuSerifCondensed": ("DejaVuSerif",),
        "DejaVuSansMono": ("LiberationMono",),
        "Carlito": ("LiberationSans",),
        "Caladea": ("LiberationSerif",),
        "OpenSans": ("Roboto", "LiberationSans"),
        "Roboto": ("OpenSans", "LiberationSans"),
        "FreeSans": ("LiberationSans",),
        "FreeSerif": ("LiberationSerif",),
        "FreeMono": ("LiberationMono",),
    }
)
"""Families of a like build and the same alphabets, the best first."""


@cache
def find_font(name: str) -> Path:
    """Find the file of a font, or of its substitute; raises SetupError where this machine has neither."""
    if path := _look_up(name):
        return path
    for family, fonts in FAMILIES.items():
        if name in fonts:
            others = (FAMILIES[other][fonts.index(name)] for other in SUBSTITUTES.get(family, ()))
            if path := next(filter(None, map(_look_up, others)), None):
                return path
    raise SetupError("font-missing", font=name)


def has_font(name: str) -> bool:
    """Whether the machine has this very font, be its file named otherwise."""
    return _look_up(name) is not None


@lru_cache(maxsize=256)
def load_font(name: str, pixels: int) -> ImageFont.FreeTypeFont:
    """Load a font at a height in pixels."""
    return ImageFont.truetype(str(find_font(name)), max(4, pixels))


def _look_up(name: str) -> Path | None:
    return _list_files().get(name) or _list_faces().get(_normalise(name))


@cache
def _list_files() -> dict[str, Path]:
    """Every font file by its name without ending, e.g. "LiberationSans-Bold"."""
    return {path.stem: path for folder in FOLDERS for path in _walk(folder)}


@cache
def _list_faces() -> dict[str, Path]:
    """Every font file by the family and style it states inside; opening them all takes a moment."""
    found: dict[str, Path] = {}
    for path in dict.fromkeys(path for folder in (*FOLDERS, *MORE_FOLDERS) for path in _walk(folder)):
        try:
            family, style = ImageFont.truetype(str(path), 10).getname()
        except OSError:  # damaged, or a format that cannot be drawn with
            continue
        found.setdefault(_normalise(f"{family}{style}"), path)
    return found


def _walk(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.suffix.lower() in {".ttf", ".otf"}]


def _normalise(name: str) -> str:
    """Reduce "Open Sans Regular", "OpenSans-Regular" and "opensans" to the same."""
    letters = re.sub(r"[^a-z]", "", name.lower()).replace("oblique", "italic")
    return re.sub(r"(regular|book|roman)$", "", letters)
