"""Draw the invoices of hotels, carriers, shops, carers and training firms."""

import random
from collections.abc import Sequence
from datetime import timedelta

from sake_ray.synthetic.invoices import parts, smallprint, table
from sake_ray.synthetic.invoices.bill import invent_bill
from sake_ray.synthetic.invoices.letters import draw_tail, draw_title, finish
from sake_ray.synthetic.invoices.table import Column
from sake_ray.synthetic.people.fakers import lend_speaker
from sake_ray.synthetic.people.flow import Flow
from sake_ray.synthetic.people.persons import invent_person
from sake_ray.synthetic.people.phrases import choose_some, happens, write
from sake_ray.synthetic.people.typefaces import choose_style
from sake_ray.synthetic.sheet import Drawing
from sake_ray.synthetic.wording import read_section


def invent_particulars(
    rng: random.Random, language: str, listed: Sequence[str], dates: tuple[str, ...], low: int, high: int
) -> list[parts.Fact]:
    """Choose the particulars of one line of business, and their values."""
    faker = lend_speaker(rng, language)
    cities = [faker.city() for _ in range(3)]
    slots = {
        "date": dates,
        "city": cities,
        "topic": read_section("everywhere/invoices", "text")["topic"],
        "name": [invent_person(rng, language).name for _ in range(3)],
    }
    facts = []
    for entry in choose_some(rng, listed, low, high):
        label, _, value = entry.partition(": ")
        facts.append((label, write(rng, value, slots)))
    return facts


def _make(rng: random.Random, language: str, kind: str, items: tuple[int, int], *, dated: bool = False) -> Drawing:
    text = read_section(f"{language}/invoices", kind)
    bill = invent_bill(rng, language, trade=rng.choice(text["trade"]), items=items)
    style = choose_style(rng)
    flow = Flow(parts.choose_size(rng, language), left=16, right=16)
    if happens(rng, 0.5):
        parts.draw_logo(rng, flow.sheet, flow.left + flow.width / 2 - 9, flow.y, 18, style.accent)
        flow.y += 20
    align = rng.choice(("center", "left"))
    parts.draw_seller(rng, flow, bill, style, x=flow.left, width=flow.width, align=align)
    flow.y += 3
    draw_title(rng, flow, bill, style, align=align)
    parts.draw_address(
        flow,
        bill.labels["bill_to"],
        bill.buyer,
        style,
        x=flow.left + 2,
        width=flow.width * 0.55,
        look=rng.choice(("plain", "boxed", "band")),
    )
    days = tuple(bill.write_date(bill.day - timedelta(days=n)) for n in (1, 2, 3, 5))
    facts = parts.choose_facts(rng, bill, most=5) + invent_particulars(rng, language, text["fact"], days, 3, 8)
    parts.draw_facts(rng, flow, facts, style, x=flow.left, width=min(flow.width, 120))
    flow.y += 2
    if dated:
        labels = bill.labels
        columns = [Column(labels["date"], flow.width * 0.18), Column(labels["description"], flow.width * 0.46)]
        columns += [
            Column(labels["quantity"], flow.width * 0.12, "right"),
            Column(labels["amount"], flow.width * 0.24, "right"),
        ]
        rows = [
            [
                bill.write_date(bill.day - timedelta(days=len(bill.items) - n)),
                item.text,
                bill.money.number(item.quantity, 0),
                bill.money.amount(item.amount),
            ]
            for n, item in enumerate(bill.items)
        ]
        table.draw_table(flow, columns, rows, style, rng.choice(table.LOOKS))
    else:
        table.draw_items(rng, flow, bill, style)
    table.draw_totals(rng, flow, bill, style)
    draw_tail(rng, flow, bill, style, bank=0.3)
    return finish(rng, flow, bill, style, kind)


def make_hotel(rng: random.Random, language: str) -> Drawing:
    """Draw the folio of a hotel or a travel agency, one dated charge a line."""
    return _make(rng, language, "hotel", rng.choice(((1, 5), (6, 20))), dated=happens(rng, 0.8))


def make_freight(rng: random.Random, language: str) -> Drawing:
    """Draw the invoice of a carrier, with what was carried from where to where."""
    return _make(rng, language, "freight", (1, 9))


def make_care(rng: random.Random, language: str) -> Drawing:
    """Draw the invoice of a practice, a school or a workshop, with whom or what it was for."""
    return _make(rng, language, "care", (1, 8), dated=happens(rng, 0.4))


def make_shop(rng: random.Random, language: str) -> Drawing:
    """Draw the narrow invoice of a shop or a restaurant, printed on a roll or a small sheet."""
    text = read_section(f"{language}/invoices", "shop")
    bill = invent_bill(rng, language, trade=rng.choice(text["trade"]), items=rng.choice(((1, 5), (3, 12))))
    style = choose_style(
        rng, ("LiberationMono", "FreeMono", "DejaVuSansCondensed", "LiberationSans", "RobotoCondensed"), size=(8.0, 9.5)
    )
    narrow = happens(rng, 0.5)
    height = 95 + len(bill.items) * 10.0 + len(bill.notes) * 12
    flow = Flow(
        (84.0, max(150.0, height + 80)) if narrow else (148.0, 210.0),
        left=6 if narrow else 12,
        right=6 if narrow else 12,
        top=8,
    )
    parts.draw_seller(rng, flow, bill, style, x=flow.left, width=flow.width, align="center", full=happens(rng, 0.4))
    flow.y += 3
    flow.write(bill.labels["title"], font=style.titles.bold, size=13, align="center")
    parts.draw_facts(
        rng, flow, parts.choose_facts(rng, bill, most=4), style, x=flow.left, width=flow.width, look="colon"
    )
    for entry in choose_some(rng, text["fact"], 0, 3):
        flow.write(
            write(rng, entry, {"name": [invent_person(rng, language).first]}), font=style.face.regular, size=style.size
        )
    if happens(rng, 0.6):
        flow.write(f"{bill.labels['bill_to']} : {bill.buyer[0]}", font=style.face.regular, size=style.size)
    flow.y += 2
    columns = [
        Column(bill.labels["quantity"] if happens(rng, 0.5) else "", flow.width * 0.14),
        Column(bill.labels["description"], flow.width * 0.56),
        Column(bill.labels["amount"], flow.width * 0.3, "right"),
    ]
    rows = [[bill.money.number(item.quantity, 0), item.text, bill.money.number(item.amount)] for item in bill.items]
    table.draw_table(flow, columns, rows, style, "plain")
    flow_rows = table.list_totals(rng, bill)
    for number, (label, amount) in enumerate(flow_rows):
        font = style.face.bold if number == len(flow_rows) - 1 else style.face.regular
        room = flow.width
        flow.row(
            ((flow.left, room * 0.6, label, font, "left"), (flow.left + room * 0.6, room * 0.4, amount, font, "right")),
            size=style.size + 0.5,
        )
    flow.y += 2
    flow.write(write(rng, rng.choice(text["paid"])), font=style.face.regular, size=style.size)
    smallprint.draw_notes(flow, bill.notes[:2], style, smaller=1.0)
    flow.write(bill.labels["thanks"], font=style.face.regular, size=style.size, align="center")
    return finish(rng, flow, bill, style, "shop", footers=0.4)
