"""Draw what stands at the end of an invoice: bank, remarks, small print, stamp and square code."""

import random
from collections.abc import Sequence

from PIL import Image, ImageDraw

from sake_ray.synthetic.invoices.bill import Bill
from sake_ray.synthetic.people.flow import Flow, put, step
from sake_ray.synthetic.people.phrases import happens, write
from sake_ray.synthetic.people.typefaces import GREY, Style
from sake_ray.synthetic.sheet import measure_width
from sake_ray.synthetic.wording import read_section


def draw_bank(rng: random.Random, flow: Flow, bill: Bill, style: Style) -> None:
    """Write where the money goes."""
    labels, seller = bill.labels, bill.seller
    banks = read_section("everywhere/invoices", "text")["bank"]
    iban = seller.iban if happens(rng, 0.4) else " ".join(seller.iban[i : i + 4] for i in range(0, len(seller.iban), 4))
    lines = [labels["bank"] + rng.choice((" :", ":", "")), rng.choice(banks) if happens(rng, 0.5) else ""]
    lines += [f"{labels['iban']} : {iban}", f"{labels['bic']} : {seller.bic}"]
    if bill.language == "en" and happens(rng, 0.6):
        lines[2:] = [
            write(rng, read_section("en/invoices", "text").get_only("account")),
            write(rng, read_section("en/invoices", "text").get_only("sort_code")),
        ]
    flow.need(step(style.size) * len(lines))
    for number, line in enumerate(filter(None, lines)):
        flow.write(line, font=style.face.regular if number else style.face.bold, size=style.size - 0.5)
    flow.y += 2


def draw_notes(flow: Flow, notes: Sequence[str], style: Style, *, smaller: float = 1.0) -> None:
    """Write the remarks below the totals."""
    for note in notes:
        flow.write(
            note + ("" if note.endswith((".", "!", "?")) else "."),
            font=style.face.regular,
            size=style.size - smaller,
            colour=GREY,
        )
    flow.y += 2


def write_legal_line(rng: random.Random, bill: Bill) -> str:
    """Write the small print of a firm: its form, capital and registers."""
    seller, digits = bill.seller, bill.seller.register
    siren = f"{digits[:3]} {digits[3:6]} {digits[6:9]}"
    slots = {
        "name": [seller.name],
        "form": [seller.form],
        "address": [", ".join(seller.address)],
        "register": [f"{bill.labels['register']} {digits[:8]}"],
        "city": [seller.city],
        "vat": [seller.vat],
        "phone": [seller.phone],
        "site": [seller.site],
        "capital": [f"{seller.capital:,}".replace(",", " ")],
        "siret": [f"{siren} {digits[9:]}"],
        "siren": [siren],
    }
    return write(rng, read_section(f"{bill.language}/invoices", "text").get_only("small_print"), slots)


def draw_footers(rng: random.Random, flow: Flow, bill: Bill, style: Style, *, share: float = 0.7) -> None:
    """Write the small print and the page number at the foot of every sheet; call it last."""
    text = write_legal_line(rng, bill) if happens(rng, share) else ""
    numbered = len(flow.sheets) > 1 or happens(rng, 0.2)
    form = rng.choice(("{page} {n}/{all}", "{page} {n} / {all}", "{page} {n}", "{n}/{all}", "{page} : {n}"))
    size = rng.choice((6.5, 7.0, 7.5))
    for number, sheet in enumerate(flow.sheets, 1):
        y = sheet.height - 17
        if text:
            sheet.line(flow.left, y - 1.5, sheet.width - flow.right, y - 1.5, colour=GREY)
            rows = _halves(text) if measure_width(text, font=style.face.regular, size=size) > flow.width else [text]
            for row in rows:
                put(
                    sheet,
                    flow.left,
                    y,
                    flow.width,
                    row,
                    font=style.face.regular,
                    size=size,
                    colour=GREY,
                    align="center",
                )
                y += step(size)
        if numbered:
            row = form.format(page=bill.labels["page"], n=number, all=len(flow.sheets))
            put(
                sheet,
                flow.left,
                y + 0.5,
                flow.width,
                row,
                font=style.face.regular,
                size=size + 0.5,
                colour=GREY,
                align="right",
            )


def _halves(text: str) -> list[str]:
    words = text.split()
    return [" ".join(words[: len(words) // 2]), " ".join(words[len(words) // 2 :])]


def draw_stamp(rng: random.Random, flow: Flow, text: str) -> None:
    """Stamp a word below what is written, where there is room."""
    width = measure_width(text, font="LiberationSans-Bold", size=16) + 6
    flow.need(14)
    x = flow.left + rng.uniform(0, max(1, flow.width - width))
    colour = rng.choice(((180, 40, 40), (40, 60, 150), (30, 120, 60)))
    flow.sheet.block(x, flow.y + 1, width, 10, outline=colour)
    flow.sheet.block(x + 0.7, flow.y + 1.7, width - 1.4, 8.6, outline=colour)
    flow.sheet.text(x + 3, flow.y + 2.4, text, font="LiberationSans-Bold", size=16, colour=colour)
    flow.y += 14


def square_code(rng: random.Random) -> Image.Image:
    """Draw squares that look like a two-dimensional code."""
    side = 25
    image = Image.new("L", (side, side), 255)
    for y in range(side):
        for x in range(side):
            corner = ((x < 7 or x > 17) and y < 7) or (x < 7 and y > 17)
            image.putpixel((x, y), 0 if (corner or rng.random() < 0.48) else 255)
    draw = ImageDraw.Draw(image)
    for x, y in ((0, 0), (18, 0), (0, 18)):
        draw.rectangle((x + 1, y + 1, x + 5, y + 5), outline=255)
        draw.rectangle((x + 2, y + 2, x + 4, y + 4), fill=0)
    return image.resize((200, 200), Image.Resampling.NEAREST).convert("RGB")
