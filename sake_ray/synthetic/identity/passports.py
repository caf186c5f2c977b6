"""Make passports: the data page alone, or the passport laid open."""

import random

from sake_ray.synthetic.identity.drawing import draw_blank, draw_face, draw_ground, draw_signature, draw_stamp
from sake_ray.synthetic.identity.fields import (
    FieldStyle,
    choose_titles,
    fit,
    name_sex,
    pick_style,
    write_rows,
    write_zone,
)
from sake_ray.synthetic.identity.holders import Country, Holder, invent_holder, pick_country
from sake_ray.synthetic.identity.mrz import compose_passport_zone
from sake_ray.synthetic.sheet import Drawing, Sheet
from sake_ray.synthetic.wording import read_section


def make_passport(rng: random.Random, language: str) -> Drawing:
    """Make the data page of a passport of any country, 125 by 88 mm."""
    country = pick_country(rng, language)
    sheet = Sheet(125.0, 88.0)
    _draw_data_page(sheet, rng, country, top=0.0)
    return Drawing("id_pieces", "passport", language, (sheet,), card=True)


def make_open_passport(rng: random.Random, language: str) -> Drawing:
    """Make a passport laid open: a page of notes above, the data page below, 125 by 176 mm."""
    country = pick_country(rng, language)
    sheet = draw_blank(rng, (125.0, 176.0))
    style = pick_style(rng, country)
    name, title = choose_titles(rng, country, style, "passport")
    y = 8.0
    if rng.random() < 0.5:
        y += fit(sheet, 10, y, 105, name, font=style.title_font, size=11) + 1
        y += fit(sheet, 10, y, 105, title, font=style.title_font, size=9) + 3
    for text in rng.sample(read_section("identity/cards", "passport")["request"], rng.randrange(0, 4)):
        y = sheet.paragraph(10, y, 105, text, font=style.label_font, size=rng.uniform(6.0, 8.0)) + 3
    if rng.random() < 0.6:
        draw_signature(sheet, rng, 60, 62, 45, 12)
        fit(sheet, 60, 76, 55, style.label("signature"), font=style.label_font, size=6)
    if rng.random() < 0.3:
        fit(sheet, 85, 80, 35, invent_number(rng), font=style.value_font, size=11)
    sheet.line(0, 88, 125, 88, width=0.4, colour=(150, 150, 150))
    _draw_data_page(sheet, rng, country, top=88.0)
    return Drawing("id_pieces", "passport", language, (sheet,), card=True)


def invent_number(rng: random.Random) -> str:
    """Invent the number perforated in the pages."""
    return f"{rng.choice('ABCDEFGHKLMNPR')}{rng.randrange(10**6, 10**8)}"


def _draw_data_page(sheet: Sheet, rng: random.Random, country: Country, *, top: float) -> None:
    if top == 0.0:
        draw_ground(sheet, rng)
    holder = invent_holder(rng, country, years=rng.choice((5, 10, 10, 10)))
    style = pick_style(rng, country)
    name, title = choose_titles(rng, country, style, "passport")
    optional = "".join(rng.choice("0123456789") for _ in range(rng.choice((0, 0, 9, 11)))) if rng.random() < 0.5 else ""
    zone = compose_passport_zone(holder.identify("P" if rng.random() < 0.9 else "PP", optional=optional))
    left, photo_left = (44.0, 5.0) if rng.random() < 0.85 else (5.0, 88.0)
    width = 76.0 if left > 10 else 80.0
    y = top + 4.0
    y += fit(sheet, 5, y, 115, name, font=style.title_font, size=rng.uniform(8, 11)) + 0.5
    y += (
        fit(sheet, 5 if rng.random() < 0.6 else left, y, 76, title, font=style.title_font, size=rng.uniform(8, 11))
        + 0.5
    )
    height = rng.uniform(38, 44)
    draw_face(sheet, rng, photo_left, y + 1, 34, min(height, top + 70 - y))
    if rng.random() < 0.35:
        draw_face(sheet, rng, left + width - 16, top + 50, 12, 15, ghost=True)
    write_rows(sheet, style, left, y, width, top + 72.5, _rows(rng, holder, country, style, optional))
    if rng.random() < 0.6:
        draw_signature(sheet, rng, photo_left + 3, top + 63, 26, 8)
    if rng.random() < 0.12:
        draw_stamp(sheet, rng, left + 34, top + 46, 22)
    if rng.random() < 0.06:
        fit(sheet, left + 10, top + 44, 50, "SPECIMEN", font=style.title_font, size=20, ink=(190, 90, 90))
    write_zone(sheet, zone, bottom=top + 86.0)


def _rows(
    rng: random.Random, holder: Holder, country: Country, style: FieldStyle, optional: str
) -> list[list[tuple[str, str]]]:
    issue, expiry, birth = style.date(holder.issue), style.date(holder.expiry), style.date(holder.birth)
    case = str.upper if rng.random() < 0.75 else str
    code = country.mrz.replace("<", "")
    rows = [
        [("type", "P" if rng.random() < 0.8 else "PP"), ("code", code), ("number", holder.number)],
        [("surname", case(holder.surname))],
        [("given", case(holder.given))],
        [("nationality", case(holder.nationality))],
    ]
    personal = optional or f"{rng.randrange(10**9, 10**11)}"
    if rng.random() < 0.5:
        rows.append(
            [("birth", birth), ("personal", personal)]
            if rng.random() < 0.6
            else [("birth", birth), ("height", write_height(rng, holder))]
        )
        rows.append([("sex", name_sex(holder, style)), ("birthplace", case(holder.birthplace))])
    else:
        rows.append([("birth", birth), ("sex", name_sex(holder, style)), ("birthplace", case(holder.birthplace))])
    if rng.random() < 0.5:
        rows.append([("issue", issue), ("expiry", expiry)])
        rows.append(
            [("authority", holder.authority)]
            if rng.random() < 0.5
            else [("authority", holder.authority), ("signature", "")]
        )
    else:
        rows.append([("issue", issue), ("authority", holder.authority)])
        rows.append([("expiry", expiry), ("signature", "")])
    return rows


def write_height(rng: random.Random, holder: Holder) -> str:
    """The height as documents print it."""
    metres = f"{holder.height / 100:.2f}"
    return rng.choice(
        (f"{holder.height} cm", f"{metres} m", metres.replace(".", ",") + " m", f"{metres[0]}m{metres[2:]}")
    )
