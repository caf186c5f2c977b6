"""Draw what surrounds the table of an invoice: logo, addresses, facts, bank, small print, stamp and square code."""

import random
from collections.abc import Sequence

from PIL import Image, ImageDraw

from sake_ray.synthetic.invoices.bill import Bill
from sake_ray.synthetic.people.flow import A5, Flow, choose_paper, put, step
from sake_ray.synthetic.people.persons import invent_firm
from sake_ray.synthetic.people.phrases import choose_some, happens, write
from sake_ray.synthetic.people.typefaces import TINTS, Style
from sake_ray.synthetic.sheet import Colour, Sheet

Fact = tuple[str, str]


def choose_size(rng: random.Random, language: str) -> tuple[float, float]:
    """Choose the paper."""
    if happens(rng, 0.06):
        return A5
    return choose_paper(rng, language)


def draw_logo(rng: random.Random, sheet: Sheet, x: float, y: float, side: float, colour: Colour) -> None:
    """Draw a firm's sign: a few shapes, without any letter."""
    image = Image.new("RGB", (200, 200), sheet.paper)
    draw = ImageDraw.Draw(image)
    light = rng.choice(TINTS)
    match rng.randrange(5):
        case 0:
            draw.ellipse((5, 5, 195, 195), fill=colour)
            draw.ellipse((60, 40, 190, 170), fill=light)
        case 1:
            draw.polygon([(100, 5), (195, 190), (5, 190)], fill=colour)
            draw.polygon([(100, 90), (145, 190), (55, 190)], fill=light)
        case 2:
            for step_ in range(4):
                draw.rectangle((10 + step_ * 48, 150 - step_ * 45, 50 + step_ * 48, 195), fill=colour)
        case 3:
            draw.rounded_rectangle((5, 5, 195, 195), 40, fill=colour)
            draw.arc((45, 45, 155, 155), 40, 320, fill=light, width=28)
        case _:
            draw.pieslice((5, 5, 195, 195), rng.randrange(360), rng.randrange(360, 620), fill=colour)
            draw.rectangle((90, 90, 190, 110), fill=light)
    sheet.picture(x, y, side, side, image)


def draw_seller(
    rng: random.Random,
    flow: Flow,
    bill: Bill,
    style: Style,
    *,
    x: float,
    width: float,
    align: str = "left",
    full: bool = False,
) -> None:
    """Write who sends the invoice: the name large, then address and numbers."""
    seller, labels = bill.seller, bill.labels
    size = rng.choice((12.0, 14.0, 16.0, 20.0))
    name = seller.name.upper() if happens(rng, 0.3) else seller.name
    put(flow.sheet, x, flow.y, width, name, font=style.titles.bold, size=size, colour=style.accent, align=align)
    flow.y += step(size)
    colon = rng.choice((": ", " : ", " ", ". "))
    lines = list(seller.address)
    lines += [f"{labels['phone']}{colon}{seller.phone}"] if happens(rng, 0.7) else []
    lines += (
        [f"{labels['email']}{colon}{seller.email}" if happens(rng, 0.6) else seller.email] if happens(rng, 0.6) else []
    )
    lines += [seller.site] if happens(rng, 0.4) else []
    lines += [f"{labels['register']}{colon}{seller.register}"] if full or happens(rng, 0.3) else []
    lines += [f"{labels['vat_number']}{colon}{seller.vat}"] if full or happens(rng, 0.3) else []
    for line in lines:
        put(flow.sheet, x, flow.y, width, line, font=style.face.regular, size=style.size, align=align)
        flow.y += step(style.size)


def draw_address(
    flow: Flow, label: str, lines: Sequence[str], style: Style, *, x: float, width: float, look: str = "plain"
) -> None:
    """Write an address under its label; `look` is plain, boxed or band."""
    height = step(style.size) * (len(lines) + bool(label)) + 3
    if look == "boxed":
        flow.sheet.block(x - 2, flow.y - 1.5, width + 3, height, outline=(80, 80, 80))
    elif look == "band":
        flow.sheet.block(x - 2, flow.y - 1.5, width + 3, height, fill=style.tint)
    if label:
        put(flow.sheet, x, flow.y, width, label, font=style.face.bold, size=style.size, colour=style.accent)
        flow.y += step(style.size)
    for number, line in enumerate(lines):
        font = style.face.bold if number == 0 and look == "plain" else style.face.regular
        put(flow.sheet, x, flow.y, width, line, font=font, size=style.size)
        flow.y += step(style.size)
    flow.y += 3


def choose_facts(rng: random.Random, bill: Bill, *, most: int = 8) -> list[Fact]:
    """Choose what the head of an invoice states: always its number and date, sometimes more."""
    labels = bill.labels
    more = [
        (labels["due"], bill.write_date(bill.due)),
        (
            labels["customer"],
            write(rng, rng.choice(("{1000-999999}", "C{1000-9999}", "CL{100-99999}", "{100-999}-{1000-9999}"))),
        ),
        (
            labels["order"],
            write(
                rng,
                rng.choice(("{1000-99999}", "PO-{1000-9999}", "BC{100-9999}", "{450000-459999}", "{A|B|K}{100-999}")),
            ),
        ),
        (labels["terms"], bill.terms),
        (labels["contact"], rng.choice((bill.buyer[0], invent_firm(rng, bill.language).name))),
        (labels["vat_number"], bill.seller.vat),
        (labels["due"], bill.write_date(bill.due)),
    ]
    chosen = [(labels["number"], bill.number), (labels["date"], bill.write_date(bill.day))]
    for fact in choose_some(rng, more, 0, most - 2):
        if fact[0] not in {label for label, _ in chosen}:
            chosen.append(fact)
    if happens(rng, 0.2):
        chosen[0], chosen[1] = chosen[1], chosen[0]
    return chosen


def draw_facts(
    rng: random.Random, flow: Flow, facts: Sequence[Fact], style: Style, *, x: float, width: float, look: str = ""
) -> None:
    """Write facts as "label: value", in two columns, or as a small boxed table."""
    look = look or rng.choice(("colon", "colon", "columns", "right", "boxed"))
    colon = rng.choice((" : ", ": ", ":  ", " "))
    face, size = style.face, style.size
    for label, value in facts:
        if look == "colon":
            label = label if label.endswith((":", "#", "°")) else label + colon.rstrip()
            put(flow.sheet, x, flow.y, width, f"{label} {value}", font=face.regular, size=size)
        else:
            if look == "boxed":
                flow.sheet.block(x, flow.y, width, step(size) + 1, outline=(120, 120, 120))
            inset = 1.0 if look == "boxed" else 0.0
            align = "right" if look == "right" else "left"
            half = width * 0.48
            put(flow.sheet, x + inset, flow.y + inset / 2, half - 2, label, font=face.bold, size=size, align=align)
            value_align = "left" if look == "columns" else "right"
            put(
                flow.sheet,
                x + half + 1,
                flow.y + inset / 2,
                width - half - 2,
                value,
                font=face.regular,
                size=size,
                align=value_align,
            )
        flow.y += step(size) + (1 if look == "boxed" else 0.2)
    flow.y += 2


def draw_facts_across(flow: Flow, facts: Sequence[Fact], style: Style) -> None:
    """Write facts beside each other in boxes, the labels above their values."""
    facts = list(facts)[:6]
    width = flow.width / len(facts)
    height = step(style.size) * 2 + 2.5
    for number in range(len(facts)):
        flow.sheet.block(flow.left + number * width, flow.y, width, height, outline=(110, 110, 110))
    for row, font in ((0, style.face.bold), (1, style.face.regular)):
        for number, fact in enumerate(facts):
            y = flow.y + 0.8 + row * (step(style.size) + 0.5)
            put(
                flow.sheet,
                flow.left + number * width + 1,
                y,
                width - 2,
                fact[row],
                font=font,
                size=style.size,
                align="center",
            )
    flow.y += height + 4
