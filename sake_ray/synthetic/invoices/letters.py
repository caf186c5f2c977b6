"""Draw invoices laid out as business letters and forms."""

import random

from sake_ray.synthetic.invoices import parts, smallprint, table
from sake_ray.synthetic.invoices.bill import Bill, invent_bill
from sake_ray.synthetic.people.flow import A4, Flow, put
from sake_ray.synthetic.people.phrases import happens
from sake_ray.synthetic.people.typefaces import WHITE, Style, choose_style
from sake_ray.synthetic.sheet import Drawing

LABEL = "facture"


def finish(rng: random.Random, flow: Flow, bill: Bill, style: Style, kind: str, *, footers: float = 0.7) -> Drawing:
    """Write the feet of all sheets and hand out the drawing."""
    smallprint.draw_footers(rng, flow, bill, style, share=footers)
    return Drawing(LABEL, kind, bill.language, tuple(flow.sheets))


def draw_tail(rng: random.Random, flow: Flow, bill: Bill, style: Style, *, bank: float = 0.5) -> None:
    """Write what follows the totals: terms, bank, remarks, thanks, stamp."""
    labels = bill.labels
    if happens(rng, 0.45):
        flow.write(f"{labels['terms']} : {bill.terms}", font=style.face.regular, size=style.size)
    if happens(rng, 0.2):
        flow.write(f"{labels['due']} : {bill.write_date(bill.due)}", font=style.face.regular, size=style.size)
    if happens(rng, bank):
        smallprint.draw_bank(rng, flow, bill, style)
    smallprint.draw_notes(flow, bill.notes, style, smaller=rng.choice((0.5, 1.0, 1.5)))
    if happens(rng, 0.4):
        flow.write(labels["thanks"], font=style.face.italic, size=style.size + 1, align=rng.choice(("left", "center")))
    if happens(rng, 0.1):
        smallprint.draw_stamp(rng, flow, labels["paid_stamp"])
    elif happens(rng, 0.06) and flow.y < flow.size[1] - 60:
        flow.sheet.picture(flow.left, flow.y + 2, 24, 24, smallprint.square_code(rng))
        flow.y += 28


def draw_title(
    rng: random.Random, flow: Flow, bill: Bill, style: Style, *, align: str = "left", title: str = ""
) -> None:
    """Write the title, sometimes with the number in it."""
    title = title or bill.labels["title"]
    if happens(rng, 0.3):
        title += rng.choice((" n° ", " N° ", " ") if bill.language == "fr" else (" #", " no. ", " ")) + bill.number
    flow.write(
        title, font=style.titles.bold, size=rng.choice((13.0, 15.0, 18.0, 22.0)), colour=style.accent, align=align
    )
    flow.y += 2


def make_letterhead(
    rng: random.Random, language: str, *, title: str = "", bill: Bill | None = None, kind: str = "letterhead"
) -> Drawing:
    """Draw a letter with the sender at the left, the payer at the right and a table below."""
    bill = bill or invent_bill(rng, language, items=rng.choice(((1, 4), (2, 10), (5, 25), (30, 60))))
    style = choose_style(rng)
    flow = Flow(parts.choose_size(rng, language))
    if happens(rng, 0.5):
        parts.draw_logo(rng, flow.sheet, flow.left, flow.y, 18, style.accent)
        flow.y += 21
    parts.draw_seller(rng, flow, bill, style, x=flow.left, width=flow.width * 0.55)
    flow.y += 4
    half = flow.left + flow.width * 0.52
    label = bill.labels["bill_to"] if happens(rng, 0.6) else ""
    parts.draw_address(
        flow, label, bill.buyer, style, x=half, width=flow.width * 0.47, look=rng.choice(("plain", "boxed"))
    )
    if happens(rng, 0.7):
        draw_title(rng, flow, bill, style, align=rng.choice(("left", "left", "center")), title=title)
        parts.draw_facts(rng, flow, parts.choose_facts(rng, bill), style, x=flow.left, width=min(95, flow.width))
    else:
        parts.draw_facts(rng, flow, parts.choose_facts(rng, bill), style, x=flow.left, width=min(95, flow.width))
        draw_title(rng, flow, bill, style, align="center", title=title)
    if happens(rng, 0.25):
        flow.write(f"{bill.labels['object']} : {bill.items[0].text}", font=style.face.regular, size=style.size)
        flow.y += 2
    table.draw_items(rng, flow, bill, style)
    table.draw_totals(rng, flow, bill, style)
    draw_tail(rng, flow, bill, style)
    return finish(rng, flow, bill, style, kind)


def make_boxes(rng: random.Random, language: str) -> Drawing:
    """Draw a form of boxes: facts across, both addresses side by side, a full grid."""
    bill = invent_bill(rng, language, items=rng.choice(((2, 8), (6, 18), (20, 45))))
    style = choose_style(rng, size=(8.0, 9.5))
    flow = Flow(parts.choose_size(rng, language), left=12, right=12)
    parts.draw_seller(rng, flow, bill, style, x=flow.left, width=flow.width * 0.6, full=happens(rng, 0.5))
    flow.y += 2
    draw_title(rng, flow, bill, style, align=rng.choice(("right", "center")))
    parts.draw_facts_across(flow, parts.choose_facts(rng, bill), style)
    flow.y += 2
    top, half = flow.y, flow.width / 2
    parts.draw_address(flow, bill.labels["bill_to"], bill.buyer, style, x=flow.left + 2, width=half - 8, look="boxed")
    below, flow.y = flow.y, top
    parts.draw_address(
        flow, bill.labels["ship_to"], bill.place, style, x=flow.left + half + 2, width=half - 8, look="boxed"
    )
    flow.y = max(below, flow.y) + 2
    table.draw_items(rng, flow, bill, style, "grid")
    if happens(rng, 0.5):
        flow.need(30)
        table.draw_tax_table(flow, bill, style)
    table.draw_totals(rng, flow, bill, style)
    draw_tail(rng, flow, bill, style, bank=0.6)
    return finish(rng, flow, bill, style, "boxes")


def make_band(rng: random.Random, language: str) -> Drawing:
    """Draw a template of the office suites: a coloured band with a large title, facts at the right."""
    bill = invent_bill(rng, language, items=rng.choice(((1, 3), (2, 7), (4, 14))))
    style = choose_style(rng, size=(9.0, 11.0))
    flow = Flow(parts.choose_size(rng, language))
    if happens(rng, 0.6):
        flow.sheet.block(0, 0, flow.size[0], 26, fill=style.accent)
        put(
            flow.sheet,
            flow.left,
            8,
            flow.width * 0.5,
            bill.seller.name,
            font=style.titles.regular,
            size=14,
            colour=WHITE,
        )
        x = flow.left + flow.width * 0.55
        put(
            flow.sheet,
            x,
            7,
            flow.width * 0.45,
            bill.labels["title"],
            font=style.titles.bold,
            size=24,
            colour=WHITE,
            align="right",
        )
        flow.y = 34
    else:
        put(
            flow.sheet,
            flow.left,
            flow.y,
            flow.width,
            bill.labels["title"],
            font=style.titles.bold,
            size=28,
            colour=style.accent,
            align="right",
        )
        flow.y += 12
        parts.draw_seller(rng, flow, bill, style, x=flow.left, width=flow.width * 0.6)
        flow.y += 6
    top = flow.y
    parts.draw_address(flow, bill.labels["bill_to"], bill.buyer, style, x=flow.left, width=flow.width * 0.32)
    below = flow.y
    if happens(rng, 0.45) and flow.size[0] > 200:
        flow.y = top
        parts.draw_address(
            flow, bill.labels["ship_to"], bill.place, style, x=flow.left + flow.width * 0.34, width=flow.width * 0.25
        )
        below = max(below, flow.y)
    flow.y = top
    x = flow.left + flow.width * 0.61
    look = rng.choice(("columns", "right", "boxed"))
    parts.draw_facts(rng, flow, parts.choose_facts(rng, bill, most=6), style, x=x, width=flow.width * 0.39, look=look)
    flow.y = max(below, flow.y) + 4
    table.draw_items(rng, flow, bill, style, rng.choice(("band", "stripes", "lines")))
    table.draw_totals(rng, flow, bill, style)
    draw_tail(rng, flow, bill, style)
    return finish(rng, flow, bill, style, "band", footers=0.4)


def make_legal(rng: random.Random, language: str) -> Drawing:
    """Draw an invoice with every legal mention, as electronic invoices carry them."""
    bill = invent_bill(rng, language, items=(2, 12))
    style = choose_style(rng, size=(8.0, 9.0))
    flow = Flow(A4, left=15, right=15)
    top = flow.y
    parts.draw_seller(rng, flow, bill, style, x=flow.left, width=flow.width * 0.5, full=True)
    flow.write(
        smallprint.write_legal_line(rng, bill), font=style.face.regular, size=style.size - 1, width=flow.width * 0.5
    )
    below, flow.y = flow.y, top
    x = flow.left + flow.width * 0.56
    draw_facts = parts.choose_facts(rng, bill)
    put(flow.sheet, x, flow.y, flow.width * 0.44, bill.labels["title"], font=style.titles.bold, size=16)
    flow.y += 8
    parts.draw_facts(rng, flow, draw_facts, style, x=x, width=flow.width * 0.44)
    flow.y = max(below, flow.y) + 5
    parts.draw_address(
        flow, bill.labels["bill_to"], bill.buyer, style, x=flow.left + 2, width=flow.width * 0.5, look="band"
    )
    table.draw_items(rng, flow, bill, style)
    table.draw_tax_table(flow, bill, style)
    table.draw_totals(rng, flow, bill, style)
    smallprint.draw_bank(rng, flow, bill, style)
    more = invent_bill(rng, language, items=(1, 1)).notes + invent_bill(rng, language, items=(1, 1)).notes
    smallprint.draw_notes(flow, tuple(dict.fromkeys(bill.notes + more)), style, smaller=1.5)
    return finish(rng, flow, bill, style, "legal", footers=1.0)
