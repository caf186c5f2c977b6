"""Make health-insurance cards: the French carte Vitale and the European card in many languages."""

import random
from datetime import timedelta

from sake_ray.synthetic.identity.drawing import CARD, draw_blank, draw_chip, draw_face, draw_stars
from sake_ray.synthetic.identity.fields import fit, pick_style, write_rows
from sake_ray.synthetic.identity.holders import EUROPE, find_country, invent_holder, pick_country
from sake_ray.synthetic.sheet import Drawing
from sake_ray.synthetic.wording import read_section, read_wording

LABELS = ("title", "surname", "given", "birth", "personal", "institution", "card", "expiry")


def make_vitale_card(rng: random.Random, language: str) -> Drawing:
    """Make a French carte Vitale, with or without a photo."""
    holder = invent_holder(rng, find_country("FR"))
    style = pick_style(rng, find_country("FR"), alone=1.0)
    sheet = draw_blank(rng, CARD, tint=(196, 226, 176), strength=0.7)
    text = read_section("identity/cards", "vitale card")
    y = 4.0 + fit(sheet, 6, 4, 50, rng.choice(text["title"]), font=style.label_font, size=8)
    y += fit(sheet, 6, y, 50, rng.choice(text["name"]), font=style.title_font, size=20)
    draw_chip(sheet, 9, 20)
    if rng.random() < 0.6:
        draw_face(sheet, rng, 62, 8, 18, 23)
    key = "1" if holder.sex == "M" else "2"
    number = (
        f"{key} {holder.birth:%y %m} {rng.randrange(1, 96):02} {rng.randrange(1, 400):03} {rng.randrange(1, 600):03}"
    )
    name = (
        f"{holder.given.split()[0].upper()}  {holder.surname.upper()}"
        if rng.random() < 0.5
        else f"{holder.given.split()[0]} {holder.surname}"
    )
    y = 33.0
    for line in (
        name,
        f"{number}   {rng.randrange(1, 97):02}",
        f"{rng.choice(text['issued'])} {holder.issue:%d/%m/%Y}",
    ):
        y += fit(sheet, 8, y, 72, line, font=style.value_font, size=10) + 1.6
    if rng.random() < 0.5:
        fit(sheet, 30, 22, 30, rng.choice(text["motto"]), font=style.label_font, size=7)
    return Drawing("id_pieces", "vitale_card", language, (sheet,), card=True)


def make_european_health_card(rng: random.Random, language: str) -> Drawing:
    """Make a European health insurance card in the language of its country."""
    country = pick_country(rng, language, home=0.4)
    if country.code not in EUROPE:
        country = find_country(rng.choice(EUROPE))
    known = read_wording("identity/health")
    own = next((code for code in country.languages if code in known), language)
    title, *labels = (known[own].get_only(key) for key in LABELS)
    holder = invent_holder(rng, country)
    style = pick_style(rng, country, alone=1.0)
    sheet = draw_blank(rng, CARD, tint=(176, 200, 236), strength=0.8)
    fit(sheet, 5, 4, 62, title if rng.random() < 0.7 else title.capitalize(), font=style.title_font, size=9)
    draw_stars(sheet, 70, 3, 11, country.code)
    expiry = holder.issue + timedelta(days=730)
    institution = rng.choice(
        ("CPAM", "AOK", "INPS", "CNAS", "NFZ", "HZZO", "CZ", "ÖGK", "CNS", "HSE", "NHS", "INSS", "CCSS")
    )
    rows = [
        [(labels[0], holder.surname.upper())],
        [(labels[1], holder.given.upper()), (labels[2], f"{holder.birth:%d/%m/%Y}")],
        [
            (labels[3], str(rng.randrange(10**9, 10**13))),
            (labels[4], f"{rng.randrange(10**3, 10**10)} - {institution}"),
        ],
        [(labels[5], f"80{rng.randrange(10**17, 10**18)}"), (labels[6], f"{expiry:%d/%m/%Y}")],
    ]
    numbered = (
        [[(f"{3 + labels.index(label)}. {label}", value) for label, value in row] for row in rows]
        if rng.random() < 0.5
        else rows
    )
    write_rows(sheet, style, 5, 17, 76, 52, numbered)
    return Drawing("id_pieces", "european_health_card", language, (sheet,), card=True)
