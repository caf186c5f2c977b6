"""Make the cards Americans identify themselves with: state, resident, insurance number."""

import random

from sake_ray.synthetic.identity.drawing import CARD, draw_blank, draw_face, draw_signature
from sake_ray.synthetic.identity.fields import FieldStyle, fit, pick_style, write_rows, write_zone
from sake_ray.synthetic.identity.holders import Holder, find_country, invent_holder, read_countries
from sake_ray.synthetic.identity.mrz import compose_card_zone
from sake_ray.synthetic.people.fakers import lend_faker
from sake_ray.synthetic.sheet import Drawing, Sheet
from sake_ray.synthetic.wording import read_section, read_wording

Pairs = list[tuple[str, str]]


def make_state_card(rng: random.Random, language: str) -> Drawing:
    """Make a driver licence or an identification card of one of the United States."""
    state, wording = rng.choice(list(read_wording("identity/states").items()))
    text = read_section("identity/cards", "state card")
    holder = invent_holder(rng, find_country("US"), years=rng.choice((4, 5, 6, 8)))
    style = pick_style(rng, find_country("US"), alone=1.0, size=0.9)
    driver = rng.random() < 0.65
    title = wording.get_only("title") if driver else rng.choice(text["title"])
    sheet = draw_blank(rng, CARD)
    name = state.upper() if rng.random() < 0.7 else state
    y = 2.0 + fit(sheet, 4, 2.0, 45, name, font=style.title_font, size=11)
    top = fit(sheet, 50, 3, 33, title, font=style.title_font, size=8)
    if rng.random() < 0.4:
        fit(sheet, 50, 3 + top, 33, rng.choice(text["remark"]), font=style.label_font, size=5.5)
    draw_face(sheet, rng, 3, y + 1, 25, 32)
    _write_state_fields(sheet, rng, holder, style, wording.get_only("short"), y + 1, driver=driver)
    draw_signature(sheet, rng, 5, 46, 22, 6)
    return Drawing("id_pieces", "state_card", language, (sheet,), card=True)


def make_permanent_resident_card(rng: random.Random, language: str) -> Drawing:
    """Make a permanent resident card or an employment authorization card, often with its back."""
    holder = invent_holder(rng, rng.choice(read_countries()))
    style = pick_style(rng, find_country("US"), alone=1.0, size=0.9)
    work = rng.random() < 0.35
    sheet = draw_blank(rng, CARD, tint=(220, 240, 222))
    text = read_section("identity/cards", "permanent resident card")
    title = "EMPLOYMENT AUTHORIZATION CARD" if work else rng.choice(text["title"])
    y = 2.5 + fit(sheet, 30, 2.5, 53, rng.choice(text["country"]), font=style.title_font, size=8)
    y += fit(sheet, 30, y, 53, title, font=style.title_font, size=8)
    draw_face(sheet, rng, 3, 8, 24, 30)
    alien = "-".join(f"{rng.randrange(1000):03}" for _ in range(3))
    rows: list[Pairs] = [
        [("Surname", holder.surname.upper())],
        [("Given Name", holder.given.upper())],
        [("USCIS#", alien), ("Category", rng.choice(("RE8", "IR1", "DV1", "C09", "F43", "A05", "C08")))],
        [("Country of Birth", holder.country.english)],
        [("Date of Birth", f"{holder.birth:%d %b %Y}".upper()), ("Sex", holder.sex)],
        [
            ("Card Expires:", f"{holder.expiry:%m/%d/%y}"),
            ("Valid From:" if work else "Resident Since:", f"{holder.issue:%m/%d/%y}"),
        ],
    ]
    if work:
        rows.append([("", "NOT VALID FOR REENTRY TO U.S."), ("Terms and Conditions", "None")])
    write_rows(sheet, style, 30, y + 0.5, 53, 52.5, rows)
    sheets = [sheet]
    if rng.random() < 0.5:
        back = draw_blank(rng, CARD)
        back.paragraph(5, 5, 74, text.get_only("back"), font=style.label_font, size=6)
        identity = holder.identify("CA" if work else "C1", issuer="USA", number=alien.replace("-", ""))
        write_zone(back, compose_card_zone(identity), bottom=52.0, margin=3.0)
        sheets.append(back)
    return Drawing("id_pieces", "permanent_resident_card", language, tuple(sheets), card=True)


def make_social_security_card(rng: random.Random, language: str) -> Drawing:
    """Make a card that states a person's insurance number, American or British."""
    holder = invent_holder(rng, find_country("US"))
    style = pick_style(rng, find_country("US"), alone=1.0)
    sheet = draw_blank(rng, CARD, tint=(214, 226, 236))
    number = f"{rng.randrange(1, 900):03}-{rng.randrange(1, 100):02}-{rng.randrange(1, 10000):04}"
    text, sizes = read_section("identity/cards", "social security card"), (13, 6, 9, 14, 6, 6)
    lines = [*text["line"], rng.choice(text["last_line"])]
    if rng.random() < 0.35:
        pairs = " ".join(str(rng.randrange(10, 99)) for _ in range(3))
        number = f"{rng.choice('ABCEGHJK')}{rng.choice('ABCEGHJK')} {pairs} {rng.choice('ABCD')}"
        lines, sizes = [*read_section("identity/cards", "national insurance card")["line"]], (12, 10, 9, 13, 6, 6)
    y = 6.0
    for line, size in zip(lines, sizes, strict=True):
        words = line.replace("{name}", f"{holder.given} {holder.surname}".upper()).replace("{number}", number)
        y += fit(sheet, 8, y, 70, words, font=style.title_font if size > 8 else style.label_font, size=size) + 2
    draw_signature(sheet, rng, 45, 36, 30, 8)
    return Drawing("id_pieces", "social_security_card", language, (sheet,), card=True)


def _write_state_fields(
    sheet: Sheet, rng: random.Random, holder: Holder, style: FieldStyle, short: str, y: float, *, driver: bool
) -> None:
    made = lend_faker(rng, "en_US")
    number = f"{rng.choice('ABDFNSY')}{rng.randrange(10**6, 10**8)}"
    weight, feet = f"{rng.randrange(100, 260)} lb", f"{rng.randrange(4, 7)}'-{rng.randrange(12):02}\""
    eyes = rng.choice(("BRO", "BLU", "GRN", "HAZ", "BRN", "GRY"))
    hair = rng.choice(("BRO", "BLK", "BLN", "BLND", "RED", "GRY", "BRN"))
    digits = rng.random() < 0.4
    street, town = made.street_address().upper(), f"{made.city()}, {short} {made.zipcode()}".upper()
    lines: list[Pairs] = [
        [("4d DL" if digits and driver else "DL" if driver else rng.choice(("ID", "ID NO", "4d IDN")), number)],
        [
            ("4b EXP" if digits else "EXP", f"{holder.expiry:%m/%d/%Y}"),
            ("4a ISS" if digits else "ISS", f"{holder.issue:%m/%d/%Y}"),
        ],
        [("1" if digits else "LN", holder.surname.upper())],
        [("2" if digits else "FN", holder.given.upper())],
        [("8" if digits else "", street)],
        [("", town)],
        [("3 DOB" if digits else "DOB", f"{holder.birth:%m/%d/%Y}"), ("15 SEX" if digits else "SEX", holder.sex)],
        [("16 HGT" if digits else "HGT", feet), ("17 WGT" if digits else "WGT", weight)],
        [("18 EYES" if digits else "EYES", eyes), ("19 HAIR" if digits else "HAIR", hair)],
    ]
    if driver:
        lines.append(
            [
                ("9 CLASS" if digits else "CLASS", rng.choice("CDMBE")),
                ("12 REST" if digits else "REST", rng.choice(("NONE", "A", "CORR LENS", "B"))),
            ]
        )
        lines.append([("9a END" if digits else "END", rng.choice(("NONE", "M")))])
    remarks = [
        ("5 DD" if digits else "DD", f"{holder.issue:%m/%d/%Y}{rng.randrange(10**5, 10**8)}/DDFD/{holder.expiry:%y}")
    ]
    if rng.random() < 0.5:
        remarks = [
            (rng.choice(read_section("identity/cards", "state card")["endorsement"]), ""),
            *remarks,
        ]
    lines.append(remarks)
    gap = (52.5 - y) / len(lines)
    for line in lines:
        share = 54 / len(line)
        for place, (label, value) in enumerate(line):
            x = 30 + place * share
            wide = (
                sheet.text(x, y + 0.4, label, font=style.label_font, size=5.0, colour=style.label_ink) if label else 0.0
            )
            if value:
                fit(
                    sheet,
                    x + wide + 1,
                    y,
                    share - wide - 1.5,
                    value,
                    font=style.value_font,
                    size=6.6,
                    ink=style.value_ink,
                )
        y += gap
