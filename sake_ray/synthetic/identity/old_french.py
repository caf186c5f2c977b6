"""Draw the French identity card and the pink driving licence of before the plastic cards."""

import random

from sake_ray.synthetic.identity.drawing import (
    LARGE_CARD,
    draw_blank,
    draw_face,
    draw_ground,
    draw_signature,
    draw_stamp,
)
from sake_ray.synthetic.identity.fields import FieldStyle, fit, pick_style, write_zone
from sake_ray.synthetic.identity.holders import Holder, find_country, invent_holder
from sake_ray.synthetic.identity.mrz import compose_french_card_zone
from sake_ray.synthetic.sheet import Drawing, Sheet
from sake_ray.synthetic.wording import read_section


def make_old_french_licence(rng: random.Random, language: str) -> Drawing:
    """Make the pink French paper licence, three panels or the one with the photo alone."""
    panels = rng.choice((1, 2, 3))
    sheet = Sheet(75.0 * panels, 105.0, paper=(244, 206, 214))
    holder = invent_holder(rng, find_country("FR"))
    style = pick_style(rng, find_country("FR"), alone=1.0)
    if rng.random() < 0.7:
        draw_ground(sheet, rng, tint=(244, 206, 214), strength=0.6)
    if panels > 1:
        _draw_cover(sheet, rng, style)
    _draw_holder_panel(sheet, rng, style, holder, 75.0 * (panels - 1 if panels < 3 else 1))
    if panels == 3:
        _draw_category_panel(sheet, rng, style, holder, 150.0)
    return Drawing("id_pieces", "old_french_licence", language, (sheet,), card=True)


def draw_old_french(rng: random.Random, holder: Holder) -> Sheet:
    """Draw the front of the laminated blue card of 1988-2021, with its two lines of 36."""
    sheet = draw_blank(rng, LARGE_CARD, tint=(214, 228, 240))
    style = pick_style(rng, find_country("FR"), alone=1.0)
    plain, bold = style.label_font, style.value_font
    case = str.upper if rng.random() < 0.8 else str
    number = f"{holder.issue:%y%m}{rng.randrange(1, 96):02}{rng.randrange(1, 4)}{rng.randrange(10000, 99999):05}"
    fit(sheet, 24, 3, 60, "RÉPUBLIQUE FRANÇAISE", font=style.title_font, size=9)
    fit(sheet, 6, 8.5, 60, f"CARTE NATIONALE D'IDENTITÉ N° : {number}", font=plain, size=7)
    fit(sheet, 70, 8.5, 32, f"Nationalité {rng.choice(('Française', 'FRANÇAISE'))}", font=plain, size=7)
    draw_face(sheet, rng, 5, 14, 28, 36)
    given = rng.choice((", ", " ")).join(holder.given.split())
    lines = [
        ("Nom :", case(holder.surname)),
        ("Prénom(s) :", case(given)),
        ("Sexe :", f"{holder.sex}      Né(e) le : {holder.birth:%d.%m.%Y}"),
        ("à :", f"{case(holder.birthplace)} ({rng.randrange(1, 96):02})"),
        ("Taille :", f"{holder.height / 100:.2f}m".replace(".", rng.choice((".", ",")))),
        ("Signature du titulaire :", ""),
    ]
    if rng.random() < 0.3:
        lines.insert(
            1,
            (
                rng.choice(("Épouse :", "Nom d'usage :", "Épse :")),
                case(rng.choice(("Martin", "Leroy", "Petit", "Moreau"))),
            ),
        )
    y = 15.0
    for label, value in lines:
        wide = sheet.text(36, y, label, font=plain, size=6.5)
        fit(sheet, 38 + wide, y - 0.6, 62 - wide, value, font=bold, size=8)
        y += 5.6
    draw_signature(sheet, rng, 60, y - 4, 30, 9)
    identity = holder.identify("ID", number=number)
    zone = compose_french_card_zone(
        identity, department=f"{rng.randrange(1, 96):02}{rng.choice('1234')}", issued=holder.issue
    )
    write_zone(sheet, zone, bottom=73.0)
    return sheet


def draw_old_french_back(rng: random.Random, holder: Holder) -> Sheet:
    """Draw its back: address, dates, office."""
    sheet = draw_blank(rng, LARGE_CARD, tint=(224, 232, 240))
    style = pick_style(rng, find_country("FR"), alone=1.0)
    street, town = holder.address
    texts = (
        ("Adresse :", f"{street.upper()}"),
        ("", town.upper()),
        ("Carte valable jusqu'au :", f"{holder.expiry:%d.%m.%Y}"),
        ("délivrée le :", f"{holder.issue:%d.%m.%Y}"),
        ("par :", holder.authority.upper()),
        ("Signature de l'autorité :", ""),
    )
    y = 10.0
    for label, value in texts:
        wide = sheet.text(8, y, label, font=style.label_font, size=7) if label else 20.0
        fit(sheet, 10 + wide, y - 0.4, 88 - wide, value, font=style.value_font, size=8)
        y += 7.0
    draw_signature(sheet, rng, 60, y - 4, 30, 10)
    return sheet


def _draw_cover(sheet: Sheet, rng: random.Random, style: FieldStyle) -> None:
    y = 10.0
    text = read_section("identity/cards", "french licence")
    for line, size in zip(text["cover"], (10, 12, 6, 6, 6, 8, 7), strict=True):
        y += fit(sheet, 6, y, 64, line, font="DejaVuSans-Bold" if size > 9 else "DejaVuSans", size=size) + 3
    if rng.random() < 0.6:
        y += 3
        sheet.paragraph(6, y, 62, text.get_only("note"), font=style.label_font, size=7)


def _draw_holder_panel(sheet: Sheet, rng: random.Random, style: FieldStyle, holder: Holder, x: float) -> None:
    hand = rng.choice(("LiberationMono-Bold", "FreeMonoBold", "FreeSerifItalic"))
    number = f"{holder.issue:%y}{rng.randrange(1, 96):02}{rng.randrange(1, 13):02}{rng.randrange(100000, 999999)}"
    y = 6.0
    for label, value in (
        ("1. Nom", holder.surname.upper()),
        ("2. Prénoms", holder.given),
        ("3. Date et lieu de naissance", f"{holder.birth:%d/%m/%Y}  {holder.birthplace}"),
        ("4. Domicile", f"{holder.address[0]}  {holder.address[1]}"),
        ("5. Délivré par Préfecture", holder.authority),
        ("À", f"{holder.birthplace}  le {holder.issue:%d/%m/%Y}"),
        ("N°", number),
    ):
        y += fit(sheet, x + 6, y, 64, label, font=style.label_font, size=6.5)
        y += fit(sheet, x + 8, y, 62, value, font=hand, size=9) + 0.8
    draw_face(sheet, rng, x + 6, y + 1, 26, 32)
    draw_stamp(sheet, rng, x + 24, y + 12, 22)
    fit(sheet, x + 36, y + 2, 34, "Signature du titulaire", font=style.label_font, size=6.5)
    draw_signature(sheet, rng, x + 38, y + 6, 28, 9)
    fit(
        sheet,
        x + 36,
        y + 30,
        34,
        f"Pour le {rng.choice(('Préfet', 'Sous-Préfet', 'Préfet et par délégation'))}",
        font=style.label_font,
        size=6.5,
    )


def _draw_category_panel(sheet: Sheet, rng: random.Random, style: FieldStyle, holder: Holder, x: float) -> None:
    text = read_section("identity/cards", "french licence")
    y = 6.0
    y = sheet.paragraph(x + 5, y, 64, text.get_only("categories"), font=style.title_font, size=6.5) + 1
    for entry in text["category"]:
        category, _, vehicles = entry.partition(" = ")
        fit(sheet, x + 5, y, 8, category, font=style.title_font, size=9)
        y = sheet.paragraph(x + 13, y, 56, vehicles, font=style.label_font, size=6)
        if rng.random() < 0.5:
            y += fit(
                sheet,
                x + 13,
                y,
                56,
                f"Valable du {holder.issue:%d/%m/%Y}   Préfecture",
                font="LiberationMono-Regular",
                size=7,
            )
        y += 2.5
