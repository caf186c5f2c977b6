"""Make national identity cards and residence permits, new plastic ones and older larger ones."""

import random
from collections.abc import Sequence

from sake_ray.synthetic.identity.drawing import (
    CARD,
    LARGE_CARD,
    draw_blank,
    draw_chip,
    draw_face,
    draw_signature,
    draw_stars,
)
from sake_ray.synthetic.identity.fields import choose_titles, fit, name_sex, pick_style, write_rows, write_zone
from sake_ray.synthetic.identity.holders import (
    EUROPE,
    Country,
    Holder,
    find_country,
    invent_address,
    invent_holder,
    pick_country,
    read_countries,
)
from sake_ray.synthetic.identity.mrz import compose_card_zone, compose_large_card_zone
from sake_ray.synthetic.identity.old_french import draw_old_french, draw_old_french_back
from sake_ray.synthetic.identity.passports import write_height
from sake_ray.synthetic.sheet import Drawing, Sheet
from sake_ray.synthetic.wording import read_section, read_wording


def make_identity_card(rng: random.Random, language: str) -> Drawing:
    """Make a national identity card of any country: front alone, or front and back."""
    country = pick_country(rng, language, home=0.25)
    holder = invent_holder(rng, country)
    front = _draw_front(rng, holder, "id_card", ())
    return Drawing("id_pieces", "identity_card", language, _with_back(rng, front, holder, "I"), card=True)


def make_french_card(rng: random.Random, language: str) -> Drawing:
    """Make a French identity card: blue paper of 1988-2021, or the plastic one since."""
    holder = invent_holder(rng, find_country("FR"))
    if rng.random() < 0.3:
        front = _draw_front(rng, holder, "id_card", ())
        return Drawing("id_pieces", "french_card", language, _with_back(rng, front, holder, "I"), card=True)
    front = draw_old_french(rng, holder)
    sheets = (front, draw_old_french_back(rng, holder)) if rng.random() < 0.6 else (front,)
    return Drawing("id_pieces", "french_card", language, sheets, card=True)


def make_large_card(rng: random.Random, language: str) -> Drawing:
    """Make a card of 105 by 74 mm with two lines of 36, as Romania, Germany or Italy issued."""
    code = rng.choice(("RO", "RO", "RO", "DE", "IT", "CZ", "HU", "PL", "BE", "GR", "SE", "PT", "SK", "CH", "MA", "DZ"))
    country = find_country(code)
    holder = invent_holder(rng, country)
    sheet = draw_blank(rng, LARGE_CARD)
    style = pick_style(rng, country, alone=0.05)
    name, title = choose_titles(rng, country, style, "id_card")
    if code == "RO":
        name, title = "ROUMANIE   ROMANIA   ROMANIA", "CARTE D'IDENTITE   CARTE DE IDENTITATE   IDENTITY CARD"
    y = 3.0 + fit(sheet, 5, 3, 95, name, font=style.title_font, size=8)
    y += fit(sheet, 5, y, 95, title, font=style.title_font, size=8.5)
    series = f"SERIA {rng.choice(('RX', 'XB', 'KT', 'DP', 'MX', 'IF', 'VS'))} NR {rng.randrange(100000, 999999)}"
    y += fit(sheet, 38, y, 60, series if code == "RO" else holder.number, font=style.value_font, size=8)
    draw_face(sheet, rng, 5, y, 28, 36)
    personal = f"{rng.randrange(1, 3)}{holder.birth:%y%m%d}{rng.randrange(100000, 999999)}"
    case = str.upper if rng.random() < 0.6 else str
    rows = [
        [("CNP" if code == "RO" else "personal", personal)],
        [("surname", case(holder.surname))],
        [("given", case(holder.given))],
        [("nationality", holder.nationality), ("sex", holder.sex)],
        [("birthplace", holder.birthplace)],
        [("address", ", ".join(holder.address))],
        [("authority", holder.authority), ("expiry", f"{style.date(holder.issue)}-{style.date(holder.expiry)}")],
    ]
    write_rows(sheet, style, 36, y, 66, 62.5, rows)
    identity = holder.identify("ID")
    write_zone(sheet, compose_large_card_zone(identity), bottom=73.0)
    return Drawing("id_pieces", "large_card", language, (sheet,), card=True)


def make_residence_permit(rng: random.Random, language: str) -> Drawing:
    """Make a residence permit: issued by one country to the citizen of another."""
    country = pick_country(rng, language, home=0.5)
    if rng.random() < 0.6 and country.code not in EUROPE:
        country = find_country(rng.choice(EUROPE))
    citizen = invent_holder(rng, rng.choice(read_countries()), years=rng.choice((1, 2, 4, 5, 10)))
    own = {"ga": "en"}.get(country.languages[0], country.languages[0])
    permit = read_section("identity/permits", own if own in read_wording("identity/permits") else "en")
    remarks = rng.sample(permit["kind"], rng.randrange(1, 4))
    label = permit.get_only("label")
    front = _draw_front(
        rng, citizen, "residence", [(label if n == 0 else "", text) for n, text in enumerate(remarks)], issuer=country
    )
    return Drawing(
        "id_pieces", "residence_permit", language, _with_back(rng, front, citizen, "IR", issuer=country), card=True
    )


def _draw_front(
    rng: random.Random, holder: Holder, key: str, remarks: Sequence[tuple[str, str]], *, issuer: Country | None = None
) -> Sheet:
    country = issuer or holder.country
    sheet = draw_blank(rng, CARD)
    style = pick_style(rng, country, size=0.86)
    name, title = choose_titles(rng, country, style, key)
    left = 3.0
    if country.code in EUROPE and rng.random() < 0.6:
        draw_stars(sheet, 2.5, 2.5, 9, country.code)
        left = 13.0
    if rng.random() < 0.5:
        name, title = title, name
    y = 2.5 + fit(sheet, left, 2.5, 69, name, font=style.title_font, size=rng.uniform(6.5, 8.5))
    y += fit(sheet, left, y, 69, title, font=style.title_font, size=rng.uniform(5.5, 7.5)) + 0.6
    photo = 3.0 if rng.random() < 0.8 else 60.0
    x, width = (28.5, 55.0) if photo < 10 else (3.0, 55.0)
    draw_face(sheet, rng, photo, max(y, 13.0), 22.5, 29)
    case = str.upper if rng.random() < 0.8 else str
    rows: list[list[tuple[str, str]]] = [[("surname", case(holder.surname))], [("given", case(holder.given))]]
    last = (style.label("signature"), "")
    detail = (
        ("sex", name_sex(holder, style)),
        ("nationality", case(holder.nationality)),
        ("birth", style.date(holder.birth)),
    )
    if rng.random() < 0.7:
        rows += [list(detail), [("birthplace", case(holder.birthplace))]]
    else:
        rows += [[detail[2], detail[0]], [("birthplace", case(holder.birthplace)), detail[1]]]
    rows.append(
        [
            (style.word("number", "fr") if style.languages[0] == "fr" and style.pick > 2 else "N°", holder.number),
            ("expiry", style.date(holder.expiry)),
        ]
    )
    if remarks:
        rows[2:2] = [[remark] for remark in remarks[:2]]
    else:
        rows.append([("personal", str(rng.randrange(10**9, 10**11))), last])
    if rng.random() < 0.3:
        draw_face(sheet, rng, x + width - 11, 36, 8, 10, ghost=True)
    bottom = write_rows(sheet, style, x, y, width, 52.5, rows)
    if rng.random() < 0.4:
        draw_signature(sheet, rng, photo, 44, 22, 7)
    if rng.random() < 0.3 and bottom < 44:
        draw_chip(sheet, x, 44)
    if rng.random() < 0.05:
        fit(sheet, 8, 24, 70, "SPECIMEN", font=style.title_font, size=20, ink=(190, 90, 90))
    return sheet


def _with_back(
    rng: random.Random, front: Sheet, holder: Holder, document: str, *, issuer: Country | None = None
) -> tuple[Sheet, ...]:
    """Front alone, or with its back, on a sheet of its own."""
    if rng.random() < 0.35:
        return (front,)
    country = issuer or holder.country
    back = draw_blank(rng, CARD)
    style = pick_style(rng, country, size=0.86)
    street, town = holder.address if issuer is None else invent_address(rng, country)
    height = ("height", write_height(rng, holder))
    rows = [
        [("address", f"{street}, {town}")],
        [height, ("eyes", holder.eyes)] if rng.random() < 0.5 else [height],
        [
            ("issue", style.date(holder.issue)),
            ("authority", holder.authority if issuer is None else rng.choice(country.authority)),
        ],
    ]
    write_rows(back, style, 4, 3, 74, 36, rows)
    if rng.random() < 0.25:
        draw_chip(back, 66, 14)
    identity = holder.identify(document, issuer=country.mrz)
    write_zone(back, compose_card_zone(identity), bottom=52.5, margin=3.0)
    return front, back
