"""Draw the lines of an invoice as a table, and what they add up to."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from sake_ray.synthetic.invoices.bill import Bill, Item
from sake_ray.synthetic.people.flow import Flow, put, step
from sake_ray.synthetic.people.phrases import happens
from sake_ray.synthetic.people.typefaces import WHITE, Style
from sake_ray.synthetic.sheet import wrap

LOOKS = ("band", "band", "lines", "lines", "grid", "grid", "stripes", "plain")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its title, its width in mm and where its text stands."""

    title: str
    width: float
    align: str = "left"


def draw_table(flow: Flow, columns: Sequence[Column], rows: Sequence[Sequence[str]], style: Style, look: str) -> None:
    """Draw a table row by row, its heading again on every new sheet; `look` is one of LOOKS."""
    titles = [column.title for column in columns]

    def draw_titles() -> None:
        if any(titles):
            _draw_row(flow, columns, titles, style, look, heading=True)

    flow.need(step(style.size) * 5)
    draw_titles()
    for number, row in enumerate(rows):
        before = len(flow.sheets)
        flow.need(step(style.size) * (_lines(columns, row, style.face.regular, style.size) + 1))
        if len(flow.sheets) > before:
            draw_titles()
        _draw_row(flow, columns, row, style, look, heading=False, odd=number % 2 == 1)
    if look in {"band", "plain", "stripes"}:
        flow.sheet.line(flow.left, flow.y, flow.left + sum(c.width for c in columns), flow.y, colour=style.accent)
    flow.y += 2


def _lines(columns: Sequence[Column], row: Sequence[str], font: str, size: float) -> int:
    return max(
        len(list(wrap(cell, column.width - 2, font=font, size=size))) for column, cell in zip(columns, row, strict=True)
    )


def _draw_row(
    flow: Flow,
    columns: Sequence[Column],
    row: Sequence[str],
    style: Style,
    look: str,
    *,
    heading: bool,
    odd: bool = False,
) -> None:
    font = style.face.bold if heading else style.face.regular
    size = style.size
    height = step(size) * _lines(columns, row, font, size) + 1.6
    width = sum(column.width for column in columns)
    sheet, top = flow.sheet, flow.y
    colour = (20, 20, 20)
    if heading and look in {"band", "stripes"}:
        sheet.block(flow.left, top, width, height, fill=style.accent)
        colour = WHITE
    elif (heading and look == "grid") or (odd and look == "stripes"):
        sheet.block(flow.left, top, width, height, fill=style.tint)
    broken = [
        list(wrap(cell, column.width - 2, font=font, size=size)) for column, cell in zip(columns, row, strict=True)
    ]
    for number in range(max(len(lines) for lines in broken)):
        x = flow.left
        for column, lines in zip(columns, broken, strict=True):
            if number < len(lines):
                y = top + 0.8 + number * step(size)
                put(
                    sheet,
                    x + 1,
                    y,
                    column.width - 2,
                    lines[number],
                    font=font,
                    size=size,
                    colour=colour,
                    align=column.align,
                )
            x += column.width
    flow.y = top + height
    if look == "grid":
        edges = [flow.left]
        for column in columns:
            edges.append(edges[-1] + column.width)
        for edge in edges:
            sheet.line(edge, top, edge, flow.y)
        sheet.line(flow.left, top, flow.left + width, top)
    if look in {"lines", "grid"} or (heading and look == "plain"):
        sheet.line(flow.left, flow.y, flow.left + width, flow.y, colour=style.accent)


def choose_columns(rng: random.Random, bill: Bill, width: float) -> tuple[list[Column], list[str]]:
    """Choose which columns an invoice shows: the columns, and the name of the field each holds."""
    labels = bill.labels
    names = ["description"]
    if happens(rng, 0.4):
        names.insert(0, "reference")
    if happens(rng, 0.88):
        names.append("quantity")
        if happens(rng, 0.3):
            names.append("unit")
        if happens(rng, 0.9):
            names.append("price")
    if happens(rng, 0.1):
        names.append("discount")
    if happens(rng, 0.35):
        names.append("rate")
    names.append("amount")
    if "reference" not in names and "quantity" in names and happens(rng, 0.2):
        names.remove("quantity")
        names.insert(0, "quantity")
    shares = {
        "reference": 0.13,
        "quantity": 0.1,
        "unit": 0.09,
        "price": 0.14,
        "discount": 0.09,
        "rate": 0.09,
        "amount": 0.16,
    }
    left = 1 - sum(shares.get(name, 0) for name in names)
    columns = []
    for name in names:
        title = labels[name].upper() if labels["title"].isupper() and name != "description" else labels[name]
        align = "left" if name in {"description", "reference", "unit"} else "right"
        columns.append(Column(title, width * shares.get(name, left), align))
    return columns, names


def write_cells(bill: Bill, item: Item, names: Sequence[str], *, currency: bool) -> list[str]:
    """Write one line of an invoice, cell by cell."""
    money = bill.money
    write = money.amount if currency else money.number
    cells = {
        "reference": item.reference,
        "description": item.text,
        "quantity": money.number(item.quantity, 0 if item.quantity == int(item.quantity) else 2),
        "unit": item.unit,
        "price": write(item.price),
        "discount": "0",
        "rate": f"{money.number(item.rate, 1 if item.rate % 1 else 0)}%" if item.rate else "0",
        "amount": write(item.amount),
    }
    return [cells[name] for name in names]


def draw_items(rng: random.Random, flow: Flow, bill: Bill, style: Style, look: str = "") -> None:
    """Draw all lines of an invoice."""
    columns, names = choose_columns(rng, bill, flow.width)
    currency = happens(rng, 0.5)
    rows = [write_cells(bill, item, names, currency=currency) for item in bill.items]
    draw_table(flow, columns, rows, style, look or rng.choice(LOOKS))


def list_totals(rng: random.Random, bill: Bill) -> list[tuple[str, str]]:
    """Write what the lines add up to, from the subtotal to what is left to pay."""
    labels, money = bill.labels, bill.money
    rows = [(labels["subtotal"], money.amount(bill.subtotal))]
    extra = 0.0
    if happens(rng, 0.15):
        extra = round(rng.choice((5.9, 12.0, 15.0, 25.5, 49.0, 7.5)), 2)
        rows.append((labels["shipping"], money.amount(extra)))
    elif happens(rng, 0.1):
        extra = -round(bill.subtotal * rng.choice((0.05, 0.1)), 2)
        rows.append((labels["reduction"], money.amount(extra)))
    if bill.tax:
        rate = money.number(bill.rate, 1 if bill.rate % 1 else 0)
        wording = rng.choice(("{} {} %", "{} {}%", "{} ({}%)", "{}", "{} {}%"))
        rows.append((wording.format(labels["tax"].rstrip("à ").rstrip(), rate), money.amount(bill.tax)))
    elif happens(rng, 0.4):
        rows.append((labels["tax"], money.amount(0.0)))
    total = bill.total + extra
    rows.append((labels["total"], money.amount(total)))
    if happens(rng, 0.15):
        paid = round(total * rng.choice((0.3, 0.5, 1.0)), 2)
        rows += [
            (labels["paid"], money.amount(-paid if happens(rng, 0.5) else paid)),
            (labels["balance"], money.amount(total - paid)),
        ]
    if len(bill.items) == 1 and not bill.tax and happens(rng, 0.4):
        return rows[-1:]
    return rows


def draw_totals(rng: random.Random, flow: Flow, bill: Bill, style: Style, rows: Sequence[tuple[str, str]] = ()) -> None:
    """Draw the totals at the right, the last one larger or in colour."""
    rows = rows or list_totals(rng, bill)
    width = rng.uniform(70, 88)
    x = flow.left + flow.width - width
    look = rng.choice(("plain", "band", "lines", "boxed"))
    flow.need(step(style.size) * (len(rows) + 2))
    for number, (label, amount) in enumerate(rows):
        last = number == len(rows) - 1
        font = style.face.bold if last else style.face.regular
        size = style.size + (1.5 if last else 0)
        height = step(size) + 1.4
        flow.need(height)
        colour = (20, 20, 20)
        if last and look == "band":
            flow.sheet.block(x, flow.y, width, height, fill=style.accent)
            colour = WHITE
        elif look == "boxed":
            flow.sheet.block(x, flow.y, width, height, outline=(90, 90, 90))
        elif look == "lines":
            flow.sheet.line(x, flow.y, x + width, flow.y)
        put(flow.sheet, x + 1.5, flow.y + 0.7, width * 0.58, label, font=font, size=size, colour=colour)
        put(
            flow.sheet,
            x + width * 0.62,
            flow.y + 0.7,
            width * 0.38 - 1.5,
            amount,
            font=font,
            size=size,
            colour=colour,
            align="right",
        )
        flow.y += height
    flow.y += 4


def draw_tax_table(flow: Flow, bill: Bill, style: Style) -> None:
    """Draw the small table that sums the lines up by tax rate."""
    labels, money = bill.labels, bill.money
    rates = sorted({item.rate for item in bill.items})
    rows = []
    for rate in rates:
        base = sum(item.amount for item in bill.items if item.rate == rate)
        rows.append([money.number(base), f"{money.number(rate)} %", money.number(base * rate / 100)])
    columns = [
        Column(labels["vat_base"], 30, "right"),
        Column(labels["rate"], 24, "right"),
        Column(labels["tax"], 30, "right"),
    ]
    draw_table(flow, columns, rows, style, "grid")
