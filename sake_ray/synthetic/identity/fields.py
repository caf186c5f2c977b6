"""Write the labelled fields of an identity document in its languages, inside the sheet."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from sake_ray.synthetic.fonts import FAMILIES
from sake_ray.synthetic.identity.drawing import INKS, darken
from sake_ray.synthetic.identity.holders import Country, DateStyle, Holder, pick_date_style
from sake_ray.synthetic.sheet import MM_PER_POINT, Colour, Sheet, measure_width
from sake_ray.synthetic.wording import read_section, read_wording

LATIN_FONTS = (
    "LiberationSans", "LiberationSansNarrow", "DejaVuSans", "DejaVuSansCondensed", "Carlito", "OpenSans", "Roboto",
    "RobotoCondensed", "FreeSans", "LiberationSerif", "FreeSerif", "Caladea",
)  # fmt: skip
# These have files for Greek, Cyrillic, Vietnamese and all of Latin; the others lack letters of one or the other.
WIDE_FONTS = ("DejaVuSans", "DejaVuSansCondensed", "DejaVuSerifCondensed")


def name_font(family: str, *, bold: bool = False) -> str:
    """Name the font of a family."""
    regular, strong, _ = FAMILIES[family]
    return strong if bold else regular


@dataclass(frozen=True, slots=True)
class FieldStyle:
    """How one document writes: its fonts, sizes in points, inks, languages, separator, habits and dates."""

    label_font: str
    value_font: str
    title_font: str
    label_size: float
    value_size: float
    label_ink: Colour
    value_ink: Colour
    languages: tuple[str, ...]
    separator: str
    upper: bool
    numbered: bool
    date: DateStyle
    pick: int

    def word(self, key: str, language: str) -> str:
        """The label of a field in one language; a document always picks the same of several wordings."""
        choices = read_section("identity/labels", language)[key]
        return choices[self.pick % len(choices)]

    def label(self, key: str) -> str:
        """The label of a field in all languages of the document; a key that is none of the labels stands for itself."""
        if key not in read_section("identity/labels", "en").wordings:
            text = key
        else:
            text = self.separator.join(dict.fromkeys(self.word(key, language) for language in self.languages))
        return text.upper() if self.upper else text


def pick_style(
    rng: random.Random, country: Country, *, most: int = 3, size: float = 1.0, alone: float = 0.15
) -> FieldStyle:
    """Choose how a document of this country writes, with at most so many languages; `alone`: the share with its own only."""
    own, *others = country.languages
    count = 1 if rng.random() < alone else rng.randrange(2, most + 1) if most > 1 else 1
    languages = (own, *others)[:count]
    if rng.random() < 0.2 and len(languages) > 1:
        languages = (languages[1], languages[0], *languages[2:])
    wide = not set(country.languages).isdisjoint({"el", "bg", "ru", "uk", "vi", "az", "mt", "ro", "sq"})
    family = rng.choice(WIDE_FONTS if wide else LATIN_FONTS)
    value_family = (
        family
        if rng.random() < 0.6
        else rng.choice(WIDE_FONTS if wide else (*LATIN_FONTS, "LiberationMono", "DejaVuSansMono"))
    )
    ink = rng.choice(INKS)
    return FieldStyle(
        label_font=name_font(family),
        value_font=name_font(value_family, bold=rng.random() < 0.5),
        title_font=name_font(family, bold=rng.random() < 0.7),
        label_size=max(5.0, rng.uniform(4.8, 6.4) * size),
        value_size=rng.uniform(7.4, 9.6) * size,
        label_ink=rng.choice(((60, 60, 60), (20, 40, 110), (110, 30, 40), (20, 90, 60), darken(ink, 0))),
        value_ink=ink,
        languages=tuple(dict.fromkeys(languages)),
        separator=rng.choice((" / ", "/", " / ", " • ", " - ", "  ")),
        upper=rng.random() < 0.15,
        numbered=rng.random() < 0.15,
        date=pick_date_style(rng, own),
        pick=rng.choice((0, 0, 1, 2, 3)),
    )


def fit(
    sheet: Sheet,
    x: float,
    y: float,
    width: float,
    text: str,
    *,
    font: str,
    size: float,
    ink: Colour = INKS[0],
    spare: int = 0,
) -> float:
    """Write one line no wider than `width` mm: smaller down to 68 %, then cut at a space; return the line's height.

    With `spare` 1 a line too long even at 75 % goes on a second line.
    """
    wide = measure_width(text, font=font, size=size)
    if wide > width and spare and wide > width * 1.3 and " " in text.strip():
        words = text.split()
        half = max(1, len(words) // 2)
        while half > 1 and measure_width(" ".join(words[:half]), font=font, size=size) > width * 1.25:
            half -= 1
        height = fit(sheet, x, y, width, " ".join(words[:half]), font=font, size=size, ink=ink)
        return height + fit(sheet, x, y + height, width, " ".join(words[half:]), font=font, size=size, ink=ink)
    small = size * max(0.68, min(1.0, width / wide if wide else 1.0))
    words = text.split(" ")
    while len(words) > 1 and measure_width(" ".join(words), font=font, size=small) > width:
        words.pop()
    kept = " ".join(words)
    while len(kept) > 1 and measure_width(kept, font=font, size=small) > width:
        kept = kept[:-1]
    sheet.text(x, y, kept, font=font, size=small, colour=ink)
    return small * MM_PER_POINT * 1.2


def write_row(
    sheet: Sheet, style: FieldStyle, x: float, y: float, width: float, cells: Sequence[tuple[str, str]]
) -> float:
    """Write fields side by side, all labels, then all values; return the y below.

    A label that is a key of the labels is written in the document's languages.
    """
    share = width / len(cells)
    lower = y
    for place, (key, _) in enumerate(cells):
        if key:
            text = style.label(key)
            height = fit(
                sheet,
                x + place * share,
                y,
                share - 1.5,
                text,
                font=style.label_font,
                size=style.label_size,
                ink=style.label_ink,
                spare=1,
            )
            lower = max(lower, y + height)
    below = lower
    for place, (_, value) in enumerate(cells):
        if value:
            height = fit(
                sheet,
                x + place * share,
                lower,
                share - 1.5,
                value,
                font=style.value_font,
                size=style.value_size,
                ink=style.value_ink,
            )
            below = max(below, lower + height)
    return below + 0.4


def write_rows(
    sheet: Sheet,
    style: FieldStyle,
    x: float,
    y: float,
    width: float,
    bottom: float,
    rows: Sequence[Sequence[tuple[str, str]]],
) -> float:
    """Write rows of fields from y down, closer or wider as the room asks; what would pass `bottom` is left out."""
    need = len(rows) * (style.label_size * 1.5 + style.value_size * 1.25) * MM_PER_POINT
    gap = min(3.0, max(0.0, (bottom - y - need) / max(1, len(rows))))
    for number, row in enumerate(rows, 1):
        if y + (style.label_size * 2.3 + style.value_size * 1.2) * MM_PER_POINT > bottom:
            break
        cells = [(f"{number}. {style.label(key)}" if style.numbered and key else key, value) for key, value in row]
        y = write_row(sheet, style, x, y, width, cells) + gap
    return y


def write_zone(sheet: Sheet, lines: Sequence[str], *, bottom: float, margin: float = 4.0) -> float:
    """Write a machine-readable zone in OCR-B at its standard pitch, 2.54 mm or what fits; return the y of its top."""
    pitch = min(2.54, (sheet.width - 2 * margin) / len(lines[0]))
    size = pitch / measure_width("0", font="OCRB", size=1.0)
    leading = pitch * 1.75
    top = bottom - leading * len(lines)
    x = (sheet.width - pitch * len(lines[0])) / 2
    for number, line in enumerate(lines):
        sheet.text(x, top + number * leading, line, font="OCRB", size=size)
    return top


def choose_titles(rng: random.Random, country: Country, style: FieldStyle, key: str) -> tuple[str, str]:
    """The two lines at the top: the country's name, and what the document is, in the languages chosen."""
    names = [rng.choice(country.official)]
    if "en" in style.languages and rng.random() < 0.6:
        names.append(country.english)
    if "fr" in style.languages and rng.random() < 0.4:
        names.append(country.french)
    words = style.separator.join(dict.fromkeys(style.word(key, language) for language in style.languages))
    name, title = style.separator.join(dict.fromkeys(names)), words
    if rng.random() < 0.6:
        name, title = name.upper(), title.upper()
    if rng.random() < 0.06 and len(title) < 24:
        title = " ".join(title)
    return name, title


def name_sex(holder: Holder, style: FieldStyle) -> str:
    """The sex as documents print it."""
    own = read_wording("identity/values").get(style.languages[0])
    return own.get_only(holder.sex) if own and holder.sex in own.wordings else holder.sex
