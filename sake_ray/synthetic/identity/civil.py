"""Make the cards and papers that name people elsewhere and otherwise: voters, visas, soldiers, employees, refugees."""

import random

from sake_ray.synthetic.identity.drawing import (
    CARD,
    LARGE_CARD,
    draw_blank,
    draw_chip,
    draw_face,
    draw_ground,
    draw_signature,
)
from sake_ray.synthetic.identity.fields import FieldStyle, fit, pick_style, write_rows, write_zone
from sake_ray.synthetic.identity.holders import (
    Holder,
    find_country,
    invent_holder,
    invent_name,
    read_countries,
)
from sake_ray.synthetic.identity.mrz import compose_card_zone, compose_passport_zone, compose_visa_zone
from sake_ray.synthetic.people.fakers import lend_faker
from sake_ray.synthetic.sheet import Drawing, Sheet
from sake_ray.synthetic.wording import WordingSection, read_wording

SIZES = {
    "card": CARD,
    "upright": (54.0, 85.6),
    "large": LARGE_CARD,
    "passport": (125.0, 88.0),
    "paper": (210.0, 148.0),
}
BLOOD = ("A+", "O+", "B+", "AB+", "O-", "A-")
Rows = list[list[tuple[str, str]]]


def make_civil_card(rng: random.Random, language: str) -> Drawing:
    """Make a card or paper in the words of one country: voter's card, cédula, Aadhaar, récépissé, visa, travel document."""
    return _make(rng, language, "identity/civil", "civil_card")


def make_service_card(rng: random.Random, language: str) -> Drawing:
    """Make an identification card of the forces, veterans, the police, a public office or an employer."""
    return _make(rng, language, "identity/services", "service_card")


def _make(rng: random.Random, language: str, file: str, kind: str) -> Drawing:
    text = rng.choice(list(read_wording(file).values()))
    size = text.get_only("size")
    country = find_country(text.get_only("country")) if "country" in text.wordings else rng.choice(read_countries())
    holder = invent_holder(rng, country, years=rng.choice((1, 3, 5, 10, 10)))
    scale = {"paper": 1.3, "passport": 1.05, "large": 1.0}.get(size, 0.82)
    style = pick_style(rng, country, alone=1.0, size=scale)
    sheet = Sheet(*SIZES[size])
    if size != "paper" or rng.random() < 0.3:
        draw_ground(sheet, rng)
    zone = _zone(rng, text.wordings.get("zone", ("",))[0], holder)
    has_back = len(zone) == 3 and rng.random() < 0.6
    rows = [[(label, value)] for label, value in _fields(rng, text, holder, style)]
    bottom = sheet.height - 1.5 - (len(zone) * 5.5 if zone and not has_back else 0.0)
    top = _write_head(sheet, rng, style, _lines(rng, text))
    left, top = _place_face(sheet, rng, top, bottom)
    notes = text.wordings.get("note", ("",))[0]
    if notes and not has_back and rng.random() < 0.6:
        used = sheet.paragraph(4, bottom - 8, sheet.width - 8, notes[:160], font=style.label_font, size=4.6 * scale)
        bottom -= 8.5 if used <= bottom + 0.5 else 0.0
        if used > bottom + 9:
            sheet.marks = [mark for mark in sheet.marks if getattr(mark, "y", 0) <= sheet.height - 3]
    _write_fields(sheet, style, left, top, bottom, rows)
    if rng.random() < 0.06:
        fit(sheet, 6, sheet.height / 2, sheet.width - 12, "SPECIMEN", font=style.title_font, size=20, ink=(190, 90, 90))
    sheets = [sheet]
    if has_back:
        sheets.append(_draw_back(rng, style, holder, notes, zone))
    elif zone:
        write_zone(sheet, zone, bottom=sheet.height - 1.5, margin=3.0)
    return Drawing("id_pieces", kind, language, tuple(sheets), card=size != "paper")


def _lines(rng: random.Random, text: WordingSection) -> list[str]:
    made = lend_faker(rng, "en_US")
    company, city = made.company().upper(), made.city().upper()
    lines = [rng.choice(line) for line in text.lines["line"]]
    return [line.replace("{company}", company).replace("{city}", city).replace("{blank}", " ") for line in lines]


def _fields(rng: random.Random, text: WordingSection, holder: Holder, style: FieldStyle) -> list[tuple[str, str]]:
    case = str.upper if rng.random() < 0.75 else str
    known = {
        "name": f"{holder.surname} {holder.given}" if rng.random() < 0.5 else f"{holder.given} {holder.surname}",
        "surname": holder.surname, "given": holder.given, "sex": holder.sex, "birthplace": holder.birthplace,
        "birth": style.date(holder.birth), "issue": style.date(holder.issue), "expiry": style.date(holder.expiry),
        "number": holder.number, "digits": str(rng.randrange(10**7, 10**12)), "height": f"{holder.height / 100:.2f} m",
        "nationality": holder.nationality, "authority": holder.authority, "address": ", ".join(holder.address),
        "street": holder.address[0], "blood": rng.choice(BLOOD), "eyes": holder.eyes, "mrz": holder.country.mrz.strip("<"),
        "parent": " ".join(reversed(invent_name(rng, holder.country.names, rng.choice("MF")))),
        "code": f"{holder.surname.upper()[:4]}{holder.birth:%y%m%d}{holder.sex}{rng.randrange(10**4, 10**6)}",
        "job": lend_faker(rng, "en_US").job(),
    }  # fmt: skip
    fields = []
    for first, *more in text.lines["field"]:
        labels, _, known_as = first.partition(" =")
        key = rng.choice((known_as.strip(), *more))
        value = known.get(key, key)
        label = rng.choice(labels.split(" | "))
        fields.append((label, value if key in {"birth", "issue", "expiry"} else case(value)))
    return fields


def _zone(rng: random.Random, kind: str, holder: Holder) -> tuple[str, ...]:
    document = {
        "td3": rng.choice(("P", "PT", "PR", "PD", "PS")),
        "visa": rng.choice(("V", "VC", "VD")),
        "td1": rng.choice(("I", "ID", "C", "IP", "IR", "AC")),
    }
    if kind not in document:
        return ()
    identity = holder.identify(document[kind])
    return {"td3": compose_passport_zone, "visa": compose_visa_zone, "td1": compose_card_zone}[kind](identity)


def _write_head(sheet: Sheet, rng: random.Random, style: FieldStyle, lines: list[str]) -> float:
    y = 2.5
    for line in lines:
        size = rng.uniform(6.5, 9.0) * (1.5 if sheet.width > 200 else 1.0)
        y += fit(sheet, 4, y, sheet.width - 8, line, font=style.title_font, size=size, spare=1) + 0.2
    return y + 0.6


def _place_face(sheet: Sheet, rng: random.Random, top: float, bottom: float) -> tuple[float, float]:
    """Draw the portrait; return where the fields may begin."""
    if sheet.width < 60:
        draw_face(sheet, rng, 16, top, 20, 25)
        return 4.0, top + 26
    width = min(34.0, (bottom - top) * 0.7, sheet.width * 0.27)
    draw_face(sheet, rng, 4, top + 1, width, width * 1.25)
    if rng.random() < 0.5 and top + 3 + width * 1.25 < bottom - 16:
        draw_signature(sheet, rng, 5, top + 2 + width * 1.25, width - 2, 6)
    return width + 7, top


def _write_fields(sheet: Sheet, style: FieldStyle, left: float, top: float, bottom: float, rows: Rows) -> None:
    """Write the fields one below the other where there is room, two a row where there is not."""
    room = (bottom - top) / max(1, len(rows))
    if room < (style.label_size + style.value_size) * 0.46:
        flat = [cell for row in rows for cell in row]
        rows = [flat[n : n + 2] for n in range(0, len(flat), 2)]
    write_rows(sheet, style, left, top, sheet.width - left - 2.5, bottom, rows)


def _draw_back(rng: random.Random, style: FieldStyle, holder: Holder, notes: str, zone: tuple[str, ...]) -> Sheet:
    back = draw_blank(rng, CARD)
    y = back.paragraph(5, 4, 74, notes, font=style.label_font, size=5.4) + 1
    for text in (", ".join(holder.address), holder.authority, holder.number)[: rng.randrange(4)]:
        if y < 30:
            y += fit(back, 5, y, 60, text, font=style.value_font, size=6.5) + 0.4
    if rng.random() < 0.3:
        draw_chip(back, 68, 20)
    write_zone(back, zone, bottom=52.5, margin=3.0)
    return back
