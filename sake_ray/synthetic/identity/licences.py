"""Make driving licences: the numbered European card, the old French paper, and those of other countries."""

import random

from sake_ray.synthetic.identity.drawing import CARD, draw_blank, draw_face, draw_signature, draw_stars
from sake_ray.synthetic.identity.fields import FieldStyle, choose_titles, fit, pick_style
from sake_ray.synthetic.identity.holders import (
    EUROPE,
    Holder,
    find_country,
    invent_holder,
    pick_country,
    read_countries,
)
from sake_ray.synthetic.sheet import Drawing, Sheet
from sake_ray.synthetic.wording import read_section

# Who gives licences the numbered fields of the Vienna convention: the Union and its neighbours, and some far away.
NUMBERED = (*EUROPE, *"GB GB FR CH NO IS MC TR RS BA AL XK UA MD GE MA AM SN NZ".split())
CATEGORIES = "AM A1 A2 A B1 B C1 C D1 D BE C1E CE D1E DE".split()


def make_european_licence(rng: random.Random, language: str) -> Drawing:
    """Make a licence with numbered fields: front, often the back with its categories."""
    country = pick_country(rng, language, home=0.3)
    if country.code not in NUMBERED:
        country = find_country(rng.choice(NUMBERED))
    holder = invent_holder(rng, country, years=rng.choice((10, 15)))
    style = pick_style(rng, country, size=0.9)
    front = _draw_front(rng, holder, style)
    sheets = (front, _draw_back(rng, holder, style)) if rng.random() < 0.55 else (front,)
    return Drawing("id_pieces", "driving_licence", language, sheets, card=True)


def make_foreign_licence(rng: random.Random, language: str) -> Drawing:
    """Make a licence whose fields have names instead of numbers, as outside of Europe."""
    codes = "CA AU NZ ZA IN KE NG MA DZ TN SN CI CM TR JP BR MX CO PH TW KR".split()
    country = find_country(rng.choice(codes)) if rng.random() < 0.8 else rng.choice(read_countries())
    holder = invent_holder(rng, country, years=5)
    style = pick_style(rng, country, size=0.88)
    sheet = draw_blank(rng, CARD)
    text = read_section("identity/cards", "foreign licence")
    name, title = choose_titles(rng, country, style, "licence")
    if "en" in style.languages and rng.random() < 0.5:
        title = rng.choice(text["title"])
    y = 2.5 + fit(sheet, 4, 2.5, 78, name, font=style.title_font, size=7.5)
    y += fit(sheet, 4, y, 78, title, font=style.title_font, size=8) + 1
    draw_face(sheet, rng, 4, y, 22, 28)
    english = "en" in style.languages and style.languages[0] != "fr"
    rows = [
        (rng.choice(text["number"]) if english else "N° du permis", holder.number),
        (style.label("surname"), holder.surname.upper()),
        (style.label("given"), holder.given.upper()),
        (style.label("birth"), style.date(holder.birth)),
        (style.label("address"), ", ".join(holder.address)),
        (
            "Class / Catégories" if "fr" in style.languages else "Class of vehicle",
            rng.choice(("B", "A B", "C", "5", "G", "LMV MCWG", "EB", "1", "A C")),
        ),
        (style.label("issue"), style.date(holder.issue)),
        (style.label("expiry"), style.date(holder.expiry)),
    ]
    if english and rng.random() < 0.5:
        rows += [(rng.choice(text["more"]), rng.choice(("S", "NIL", "X", "O+", "B+", "None")))]
    for label, value in rows:
        height = fit(sheet, 29, y, 22, label, font=style.label_font, size=style.label_size, ink=style.label_ink)
        fit(sheet, 52, y - 0.3, 31, value, font=style.value_font, size=style.value_size * 0.85, ink=style.value_ink)
        y += max(height, 3.9)
    draw_signature(sheet, rng, 5, 44, 20, 7)
    return Drawing("id_pieces", "foreign_licence", language, (sheet,), card=True)


def _draw_front(rng: random.Random, holder: Holder, style: FieldStyle) -> Sheet:
    country = holder.country
    sheet = draw_blank(rng, CARD, tint=rng.choice(((246, 214, 224), (246, 222, 226), (240, 226, 238))))
    name, title = choose_titles(rng, country, style, "licence")
    if country.code in EUROPE or rng.random() < 0.5:
        draw_stars(sheet, 2.5, 2.5, 9, country.code)
    y = 2.5 + fit(sheet, 13, 2.5, 70, title.upper(), font=style.title_font, size=8)
    y += fit(sheet, 13, y, 70, name, font=style.title_font, size=6.5) + 1.2
    draw_face(sheet, rng, 3, 13, 21, 27)
    digits = "".join(rng.choice("0123456789") for _ in range(8))
    number = rng.choice(
        (
            f"{holder.issue:%y}AA{digits[:5]}",
            digits,
            f"{holder.surname.upper()[:5]}{digits[:6]}XX9",
            f"{holder.number}{digits[:3]}",
        )
    )
    lower = rng.choice((7, 8.2)) * 0.95
    lines = [
        f"1.  {holder.surname.upper()}",
        f"2.  {holder.given.upper() if rng.random() < 0.7 else holder.given}",
        f"3.  {style.date(holder.birth)}  {holder.birthplace}",
        f"4a. {style.date(holder.issue)}     4c. {holder.authority}",
        f"4b. {style.date(holder.expiry)}" + (f"     4d. {rng.randrange(10**9, 10**10)}" if rng.random() < 0.6 else ""),
        f"5.  {number}",
    ]
    if rng.random() < 0.4:
        lines.append(f"8.  {', '.join(holder.address)}")
    gap = (47.5 - y) / (len(lines) + 1)
    for line in lines:
        fit(sheet, 26.5, y, 57, line, font=style.value_font, size=lower)
        y += gap
    fit(sheet, 26.5, y, 8, "7.", font=style.value_font, size=7)
    draw_signature(sheet, rng, 32, y - 1.5, 24, 6)
    last = sorted(rng.sample(CATEGORIES, rng.randrange(1, 6)), key=CATEGORIES.index)
    fit(sheet, 3, 48.5, 79, "9.  " + rng.choice(("/", " ", "  ")).join(last), font=style.title_font, size=8)
    if rng.random() < 0.35:
        fit(
            sheet,
            26.5,
            51.2,
            57,
            rng.choice(read_section("identity/cards", "european licence")["title"]),
            font="DejaVuSansCondensed",
            size=4.0,
        )
    return sheet


def _draw_back(rng: random.Random, holder: Holder, style: FieldStyle) -> Sheet:
    sheet = draw_blank(rng, CARD, tint=(246, 220, 228))
    sheet.text(30, 2, "9.      10.               11.               12.", font=style.label_font, size=5.5)
    held = set(rng.sample(CATEGORIES, rng.randrange(2, 8)))
    y = 4.6
    for category in CATEGORIES:
        sheet.text(28, y, category, font=style.title_font, size=4.6)
        if category in held:
            sheet.text(36, y, f"{holder.issue:%d.%m.%y}", font=style.value_font, size=4.6)
            sheet.text(50, y, f"{holder.expiry:%d.%m.%y}", font=style.value_font, size=4.6)
            if rng.random() < 0.2:
                sheet.text(
                    64, y, rng.choice(("01", "78", "01.06", "70", "79.03", "-----")), font=style.value_font, size=4.6
                )
        sheet.line(28, y + 2.25, 80, y + 2.25, width=0.1)
        y += 2.4
    sheet.text(28, y + 0.4, f"12. {rng.choice(('01', '70.FR', '71', '01.02', '-'))}", font=style.label_font, size=5)
    legend = rng.choice(read_section("identity/cards", "european licence")["legend"])
    sheet.paragraph(3, y + 3.4, 79, legend, font="DejaVuSansCondensed", size=4.4, leading=1.2)
    return sheet
