"""Draw the periodic bills of suppliers: energy, water, telecom, cloud services, subscriptions."""

import random
from datetime import timedelta

from sake_ray.synthetic.invoices import parts, smallprint, table
from sake_ray.synthetic.invoices.bill import Bill, invent_bill
from sake_ray.synthetic.invoices.letters import draw_tail, draw_title, finish
from sake_ray.synthetic.invoices.table import Column
from sake_ray.synthetic.people.flow import A4, Flow, put, step
from sake_ray.synthetic.people.money import abbreviate_month
from sake_ray.synthetic.people.phrases import happens, sentence, write, write_lorem
from sake_ray.synthetic.people.typefaces import Style, choose_style
from sake_ray.synthetic.sheet import Drawing
from sake_ray.synthetic.wording import read_section


def make_utility(rng: random.Random, language: str) -> Drawing:
    """Draw the bill of an energy, water or telecom supplier: a summary first, then readings, usage and detail."""
    trades = read_section(f"{language}/invoices", "supply")["trade"]
    bill = invent_bill(rng, language, trade=rng.choice(trades), items=rng.choice(((3, 7), (6, 16), (20, 55))))
    style = choose_style(rng, size=(8.5, 10.0))
    flow = Flow(parts.choose_size(rng, language), left=16, right=16)
    parts.draw_logo(rng, flow.sheet, flow.left, flow.y, 16, style.accent)
    flow.y += 18
    top = flow.y
    parts.draw_seller(rng, flow, bill, style, x=flow.left, width=flow.width * 0.44)
    below, flow.y = flow.y, top + 6
    parts.draw_address(flow, "", bill.buyer, style, x=flow.left + flow.width * 0.5, width=flow.width * 0.5)
    flow.y = max(below, flow.y) + 5
    draw_title(rng, flow, bill, style)
    parts.draw_facts(
        rng, flow, [*parts.choose_facts(rng, bill), _period(bill)], style, x=flow.left, width=flow.width * 0.62
    )
    _draw_summary(flow, bill, style)
    remarks = _remarks(rng, bill)
    smallprint.draw_notes(flow, remarks[:3], style, smaller=0.5)
    if happens(rng, 0.7):
        _draw_bars(rng, flow, bill, style)
    if happens(rng, 0.5):
        flow.turn()
    table.draw_items(rng, flow, bill, style)
    table.draw_totals(rng, flow, bill, style)
    smallprint.draw_notes(flow, remarks[3:], style, smaller=1.0)
    draw_tail(rng, flow, bill, style, bank=0.25)
    return finish(rng, flow, bill, style, "utility bill", footers=0.8)


def _period(bill: Bill) -> parts.Fact:
    link = read_section(f"{bill.language}/invoices", "text").get_only("until")
    return bill.labels["period"], f"{bill.write_date(bill.day - timedelta(days=31))} {link} {bill.write_date(bill.day)}"


def _remarks(rng: random.Random, bill: Bill) -> list[str]:
    templates = read_section(f"{bill.language}/invoices", "supply")["remark"]
    chosen = rng.sample(templates, rng.randint(3, 9))
    return [sentence(rng, line, {"date": [bill.write_date(bill.due)]}) for line in chosen]


def _draw_summary(flow: Flow, bill: Bill, style: Style) -> None:
    flow.need(26)
    height = step(style.size) + step(18) + 5
    flow.sheet.block(flow.left, flow.y, flow.width, height, fill=style.tint)
    flow.y += 2
    room = flow.width - 8
    put(flow.sheet, flow.left + 4, flow.y, room, bill.labels["total"], font=style.face.bold, size=style.size)
    flow.y += step(style.size)
    put(
        flow.sheet,
        flow.left + 4,
        flow.y,
        room * 0.45,
        bill.money.amount(bill.total),
        font=style.titles.bold,
        size=18,
        colour=style.accent,
    )
    due = f"{bill.labels['due']} {bill.write_date(bill.due)}"
    put(
        flow.sheet,
        flow.left + 4 + room * 0.5,
        flow.y + 1.5,
        room * 0.5,
        due,
        font=style.face.regular,
        size=style.size,
        align="right",
    )
    flow.y += step(18) + 6


def _draw_bars(rng: random.Random, flow: Flow, bill: Bill, style: Style) -> None:
    flow.need(36)
    bars = rng.randint(6, 13)
    width = flow.width / bars
    for number in range(bars):
        height = rng.uniform(4, 24)
        fill = style.accent if number == bars - 1 else (170, 180, 190)
        flow.sheet.block(flow.left + number * width + 1.5, flow.y + 25 - height, width - 3, height, fill=fill)
    for number in range(bars):
        name = abbreviate_month(bill.day - timedelta(days=30 * (bars - number)), bill.language)
        put(
            flow.sheet,
            flow.left + number * width,
            flow.y + 26,
            width,
            name,
            font=style.face.regular,
            size=6.5,
            align="center",
        )
    flow.y += 33


def make_cloud(rng: random.Random, language: str) -> Drawing:
    """Draw the usage invoice of an online service, grouped by service and region."""
    text, everywhere = read_section(f"{language}/invoices", "cloud"), read_section("everywhere/invoices", "cloud")
    # Two in five French ones bill any trade in this layout.
    trade = "" if language == "fr" and happens(rng, 0.4) else text.get_only("trade")
    bill = invent_bill(rng, language, trade=trade, items=rng.choice(((1, 3), (5, 15), (25, 60))))
    style = choose_style(
        rng, ("OpenSans", "Roboto", "LiberationSans", "Carlito", "DejaVuSansCondensed"), size=(8.0, 9.5)
    )
    flow = Flow(parts.choose_size(rng, language), left=16, right=16)
    parts.draw_seller(rng, flow, bill, style, x=flow.left, width=flow.width * 0.6)
    flow.y += 3
    draw_title(rng, flow, bill, style, align=rng.choice(("left", "right")))
    parts.draw_address(flow, bill.labels["bill_to"], bill.buyer, style, x=flow.left, width=flow.width * 0.6)
    parts.draw_facts(
        rng,
        flow,
        [*parts.choose_facts(rng, bill), _period(bill)],
        style,
        x=flow.left,
        width=flow.width * 0.7,
        look=rng.choice(("columns", "colon")),
    )
    _draw_summary(flow, bill, style)
    shares = (0.17, 0.2, 0.25, 0.14, 0.11, 0.13)
    columns = [
        Column(title, flow.width * share, "left" if k < 3 else "right")
        for k, (title, share) in enumerate(zip(text["column"], shares, strict=True))
    ]
    rows = [
        [
            rng.choice(everywhere["region"]),
            rng.choice(everywhere["kind"]),
            item.text,
            f"{bill.money.number(item.quantity, 3)} {item.unit}",
            bill.money.number(item.price, 4),
            bill.money.amount(item.amount),
        ]
        for item in bill.items
    ]
    if happens(rng, 0.6):
        table.draw_table(flow, columns, rows, style, rng.choice(("lines", "stripes", "plain", "band")))
    else:
        table.draw_items(rng, flow, bill, style)
    table.draw_totals(rng, flow, bill, style)
    draw_tail(rng, flow, bill, style, bank=0.2)
    return finish(rng, flow, bill, style, "cloud", footers=0.6)


def make_subscription(rng: random.Random, language: str) -> Drawing:
    """Draw a short letter of a publisher or a club that bills a subscription, with a slip to return."""
    trade = read_section(f"{language}/invoices", "subscription").get_only("trade")
    bill = invent_bill(rng, language, trade=trade, items=(1, 3))
    style = choose_style(rng, size=(9.5, 11.5))
    flow = Flow(A4, left=22, right=22)
    parts.draw_seller(rng, flow, bill, style, x=flow.left, width=flow.width * 0.6)
    flow.y += 6
    parts.draw_address(flow, "", bill.buyer, style, x=flow.left + flow.width * 0.5, width=flow.width * 0.5)
    flow.y += 4
    draw_title(rng, flow, bill, style)
    parts.draw_facts(rng, flow, parts.choose_facts(rng, bill, most=6), style, x=flow.left, width=flow.width * 0.8)
    text = read_section(f"{language}/invoices", "text")
    letter = write_lorem(rng, 3) if happens(rng, 0.05) else write(rng, text.get_only("letter"))
    flow.write(letter, font=style.face.regular, size=style.size)
    flow.y += 3
    table.draw_items(rng, flow, bill, style, rng.choice(("plain", "lines", "grid")))
    table.draw_totals(rng, flow, bill, style)
    draw_tail(rng, flow, bill, style)
    if happens(rng, 0.5) and flow.y < flow.size[1] - 75:
        flow.y += 4
        for dash in range(0, int(flow.width), 4):
            flow.sheet.line(flow.left + dash, flow.y, flow.left + dash + 2, flow.y)
        flow.y += 4
        flow.write(rng.choice(text["slip"]), font=style.face.bold, size=style.size)
        facts = [(bill.labels["number"], bill.number), (bill.labels["total"], bill.money.amount(bill.total))]
        parts.draw_facts(rng, flow, facts, style, x=flow.left, width=flow.width * 0.6)
    return finish(rng, flow, bill, style, "subscription", footers=0.6)
