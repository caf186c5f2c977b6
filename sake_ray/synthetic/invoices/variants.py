"""Draw the invoices out of the ordinary: minimal, credit note, pro forma, freelance."""

import random
from dataclasses import replace

from sake_ray.synthetic.invoices import parts, table
from sake_ray.synthetic.invoices.bill import invent_bill
from sake_ray.synthetic.invoices.letters import draw_tail, draw_title, finish, make_letterhead
from sake_ray.synthetic.people.flow import Flow, step
from sake_ray.synthetic.people.phrases import choose_some, happens, write
from sake_ray.synthetic.people.typefaces import HANDWRITTEN, choose_style
from sake_ray.synthetic.sheet import Drawing
from sake_ray.synthetic.wording import read_section


def make_minimal(rng: random.Random, language: str) -> Drawing:
    """Draw an invoice of a few words."""
    bill = invent_bill(rng, language, items=(1, 2))
    style = choose_style(rng, size=(9.5, 12.0))
    flow = Flow(parts.choose_size(rng, language), left=22, right=22)
    if happens(rng, 0.7):
        flow.write(bill.labels["title"], font=style.titles.bold, size=18, align=rng.choice(("left", "center")))
        flow.y += 6
    flow.write(bill.seller.name, font=style.face.bold, size=style.size)
    parts.draw_facts(rng, flow, parts.choose_facts(rng, bill, most=3), style, x=flow.left, width=flow.width * 0.7)
    flow.y += 4
    flow.write(f"{bill.labels['bill_to']} : {bill.buyer[0]}", font=style.face.regular, size=style.size)
    flow.y += 6
    for item in bill.items:
        cells = (item.text, bill.money.amount(item.amount))
        columns = (
            (flow.left, flow.width * 0.7, cells[0], style.face.regular, "left"),
            (flow.left + flow.width * 0.72, flow.width * 0.28, cells[1], style.face.regular, "right"),
        )
        flow.row(columns, size=style.size)
    flow.y += 5
    table.draw_totals(rng, flow, bill, style, table.list_totals(rng, bill)[-2:])
    if happens(rng, 0.3):
        flow.write(bill.labels["thanks"], font=style.face.italic, size=style.size)
    return finish(rng, flow, bill, style, "minimal", footers=0.15)


def make_credit_note(rng: random.Random, language: str) -> Drawing:
    """Draw a credit note: the invoice that takes money back."""
    bill = invent_bill(rng, language, items=(1, 6))
    labels = dict(bill.labels)
    labels |= {"title": labels["credit"], "total": labels["credit_total"], "order": labels["credited"]}
    if happens(rng, 0.5):
        labels["number"] = rng.choice(read_section(f"{language}/invoices", "text")["credit_number"])
    items = tuple(replace(item, price=-item.price) for item in bill.items) if happens(rng, 0.4) else bill.items
    return make_letterhead(rng, language, bill=replace(bill, labels=labels, items=items), kind="credit note")


def make_pro_forma(rng: random.Random, language: str) -> Drawing:
    """Draw a pro forma invoice, as goes with exports and deposits."""
    bill = invent_bill(rng, language, items=(1, 9))
    labels = dict(bill.labels)
    labels |= {"title": labels["proforma"]}
    if happens(rng, 0.5):
        labels |= {"paid": labels["deposit"]}
    remarks = read_section(f"{language}/invoices", "text")["export"]
    notes = tuple(write(rng, remark) for remark in choose_some(rng, remarks, 1, 4))
    return make_letterhead(rng, language, bill=replace(bill, labels=labels, notes=notes + bill.notes), kind="pro forma")


def make_freelance(rng: random.Random, language: str) -> Drawing:
    """Draw the invoice of one person, sometimes written by hand."""
    bill = invent_bill(rng, language, items=(1, 5))
    by_hand = happens(rng, 0.35)
    style = choose_style(rng, HANDWRITTEN if by_hand else (), size=(12.0, 14.0) if by_hand else (9.5, 11.5))
    flow = Flow(parts.choose_size(rng, language), left=20, right=20)
    parts.draw_seller(rng, flow, bill, style, x=flow.left, width=flow.width * 0.6)
    flow.y += 8
    parts.draw_address(
        flow, bill.labels["bill_to"], bill.buyer, style, x=flow.left + flow.width * 0.5, width=flow.width * 0.5
    )
    if happens(rng, 0.5):
        flow.write(
            f"{bill.seller.city}, {bill.write_date(bill.day)}", font=style.face.regular, size=style.size, align="right"
        )
        flow.y += 3
    draw_title(rng, flow, bill, style)
    facts = parts.choose_facts(rng, bill, most=5)
    parts.draw_facts(rng, flow, facts, style, x=flow.left, width=flow.width * 0.8, look="colon")
    flow.y += step(style.size)
    table.draw_items(rng, flow, bill, style, rng.choice(("plain", "lines", "grid")))
    table.draw_totals(rng, flow, bill, style)
    draw_tail(rng, flow, bill, style, bank=0.6)
    return finish(rng, flow, bill, style, "freelance", footers=0.25)
