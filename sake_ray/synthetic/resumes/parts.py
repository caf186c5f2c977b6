"""Draw the pieces of a CV: name, contact, headings, entries, lists, photograph, bars."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image, ImageDraw

from sake_ray.synthetic.people.flow import Flow, put, step
from sake_ray.synthetic.people.phrases import happens
from sake_ray.synthetic.people.typefaces import GREY, WHITE, Style
from sake_ray.synthetic.resumes.content import Entry, Resume, Section, read_text
from sake_ray.synthetic.sheet import BLACK, Colour, Sheet, measure_width


@dataclass(frozen=True, slots=True)
class Manner:
    """How one CV sets its headings, entries and lists."""

    heading: str
    entry: str
    bullet: str
    listing: str


def choose_manner(rng: random.Random) -> Manner:
    """Choose how one CV sets its headings, entries and lists."""
    return Manner(
        heading=rng.choice(("underline", "underline", "band", "plain", "plain", "centre", "bar", "boxed")),
        entry=rng.choice(("right", "right", "left", "left", "line", "stack")),
        bullet=rng.choice(("• ", "• ", "- ", "- ", "– ", "", "* ", "> ", "o ")),
        listing=rng.choice(("comma", "bullets", "bullets", "columns", "pipes")),
    )


def list_contacts(rng: random.Random, resume: Resume, *, labelled: float = 0.4) -> list[str]:
    """Write how the person is reached, then the small facts."""
    person = resume.person
    usual, other = read_text(resume.language).lines["contact"]
    phone, email, address = other if happens(rng, 0.4) else usual
    named = happens(rng, labelled)
    colon = " : " if resume.language == "fr" else ": "
    lines = []
    if happens(rng, 0.8):
        home = ", ".join(person.address) if happens(rng, 0.8) else person.city
        lines += [address + colon + home] if named else ([home] if happens(rng, 0.5) else list(person.address))
    lines.append(phone + colon + person.phone if named else person.phone)
    if happens(rng, 0.92):
        lines.append(email + colon + person.email if named else person.email)
    return lines + list(resume.facts)


def draw_heading(flow: Flow, text: str, style: Style, look: str, *, colour: Colour | None = None) -> None:
    """Write the heading of a section; it never stands alone at the foot of a sheet."""
    size = style.size + 2.5
    flow.need(step(size) + step(style.size) * 3 + 5)
    flow.y += 2.5
    colour = colour or style.accent
    sheet, x, width = flow.sheet, flow.left, flow.width
    height = step(size)
    if look == "band":
        sheet.block(x, flow.y - 0.6, width, height + 0.8, fill=style.accent)
        put(sheet, x + 2, flow.y, width - 4, text, font=style.titles.bold, size=size, colour=WHITE)
    elif look == "boxed":
        sheet.block(x, flow.y - 0.6, width, height + 0.8, fill=style.tint, outline=GREY)
        put(sheet, x + 2, flow.y, width - 4, text, font=style.titles.bold, size=size, align="center")
    else:
        indent = 4.0 if look == "bar" else 0.0
        if look == "bar":
            sheet.block(x, flow.y, 1.6, height - 1, fill=style.accent)
        align = "center" if look == "centre" else "left"
        put(
            sheet,
            x + indent,
            flow.y,
            width - indent,
            text,
            font=style.titles.bold,
            size=size,
            colour=colour,
            align=align,
        )
        if look in {"underline", "centre"}:
            sheet.line(x, flow.y + height + 0.2, x + width, flow.y + height + 0.2, colour=colour, width=0.3)
    flow.y += height + 1.8


def draw_entry(flow: Flow, entry: Entry, style: Style, manner: Manner) -> None:
    """Write one job or diploma."""
    face, size, look = style.face, style.size, manner.entry
    narrow = flow.width < 90
    flow.need(step(size) * 3)
    x = flow.left
    if look == "left" and not narrow:
        column = max(34.0, min(58.0, measure_width(entry.dates, font=face.regular, size=size) + 5))
        room = flow.width - column
        title = f"{entry.title} – {entry.place}" if entry.place else entry.title
        flow.row(
            ((x, column - 3, entry.dates, face.regular, "left"), (x + column, room, title, face.bold, "left")),
            size=size,
        )
        x += column
    elif look == "right" and not narrow:
        dates = measure_width(entry.dates, font=face.italic, size=size) + 2
        room = max(40.0, flow.width - dates)
        cells = (
            (x, room, entry.title, face.bold, "left"),
            (x + room, flow.width - room, entry.dates, face.italic, "right"),
        )
        flow.row(cells, size=size)
        flow.write(entry.place, font=face.italic, size=size, colour=GREY)
    elif look == "line":
        flow.write(f"{entry.dates} : {entry.title}, {entry.place}", font=face.bold, size=size, hang=3)
    else:
        flow.write(entry.title, font=face.bold, size=size + 0.5)
        flow.write(entry.place, font=face.regular, size=size)
        flow.write(entry.dates, font=face.italic, size=size - 0.5, colour=GREY)
    for line in entry.lines:
        flow.write(
            manner.bullet + line,
            font=face.regular,
            size=size,
            x=x + (3 if manner.bullet else 0),
            hang=2.5 if manner.bullet else 0,
        )
    flow.y += 1.6


def draw_items(flow: Flow, items: Sequence[str], style: Style, manner: Manner, *, colour: Colour = BLACK) -> None:
    """Write short items: in a row, as bullets or in columns."""
    font, size = style.face.regular, style.size
    narrow = flow.width < 90
    if manner.listing in {"comma", "pipes"} and not narrow:
        flow.write((", " if manner.listing == "comma" else " | ").join(items), font=font, size=size, colour=colour)
    elif manner.listing == "columns" and not narrow and len(items) > 3:
        half = flow.width / 2
        for start in range(0, len(items), 2):
            pair = items[start : start + 2]
            cells = [
                (flow.left + k * half, half - 3, manner.bullet + text, font, "left") for k, text in enumerate(pair)
            ]
            flow.row(cells, size=size, colour=colour)
    else:
        for item in items:
            flow.write(manner.bullet + item, font=font, size=size, hang=2.5, colour=colour)
    flow.y += 1


def draw_section(flow: Flow, section: Section, style: Style, manner: Manner) -> None:
    """Write a section with its heading."""
    if not (section.text or section.entries or section.items):
        return
    draw_heading(flow, section.heading, style, manner.heading)
    if section.text:
        flow.write(section.text, font=style.face.regular, size=style.size)
        flow.y += 1
    for entry in section.entries:
        draw_entry(flow, entry, style, manner)
    if section.items:
        draw_items(flow, section.items, style, manner)


def draw_bars(rng: random.Random, flow: Flow, items: Sequence[str], style: Style, *, colour: Colour = BLACK) -> None:
    """Write items with a bar or dots that rate each."""
    dots = happens(rng, 0.4)
    for item in items:
        flow.need(step(style.size) + 4)
        share = rng.uniform(0.35, 1.0)
        put(flow.sheet, flow.left, flow.y, flow.width, item, font=style.face.regular, size=style.size, colour=colour)
        flow.y += step(style.size) + 0.6
        if dots:
            for dot in range(5):
                fill = style.accent if dot < share * 5 else (205, 205, 205)
                flow.sheet.block(flow.left + dot * 4, flow.y, 2.6, 1.8, fill=fill)
        else:
            flow.sheet.block(flow.left, flow.y, flow.width * 0.9, 1.6, fill=(210, 210, 210))
            flow.sheet.block(
                flow.left,
                flow.y,
                flow.width * 0.9 * share,
                1.6,
                fill=style.accent if colour == BLACK else (170, 190, 210),
            )
        flow.y += 3
    flow.y += 1


def draw_photo(rng: random.Random, sheet: Sheet, x: float, y: float, width: float, *, around: Colour = WHITE) -> None:
    """Draw a head and shoulders where a photograph would be."""
    image = Image.new(
        "RGB", (240, 300), rng.choice(((200, 205, 210), (225, 220, 210), (180, 195, 210), (240, 240, 240)))
    )
    draw = ImageDraw.Draw(image)
    skin = rng.choice(((235, 200, 175), (200, 155, 120), (140, 95, 70), (95, 65, 50), (160, 160, 160)))
    hair = rng.choice(((40, 30, 25), (110, 70, 40), (200, 170, 110), (90, 90, 90)))
    draw.ellipse((70, 45, 170, 180), fill=hair)
    draw.ellipse((78, 65, 162, 195), fill=skin)
    draw.ellipse((25, 205, 215, 420), fill=rng.choice(((40, 50, 80), (70, 70, 70), (120, 30, 40), (230, 230, 230))))
    if happens(rng, 0.35):
        mask = Image.new("L", image.size, 0)
        ImageDraw.Draw(mask).ellipse((0, 30, 240, 270), fill=255)
        image = Image.composite(image, Image.new("RGB", image.size, around), mask)
    sheet.picture(x, y, width, width * 1.25, image)


def draw_name(
    rng: random.Random, flow: Flow, resume: Resume, style: Style, *, align: str = "left", colour: Colour | None = None
) -> None:
    """Write the name large, sometimes the words "curriculum vitae" above and the job below."""
    if resume.title and happens(rng, 0.8):
        flow.write(resume.title, font=style.titles.bold, size=style.size + 5, colour=colour or BLACK, align=align)
    name = resume.person.name.upper() if happens(rng, 0.35) else resume.person.name
    flow.write(
        name,
        font=style.titles.bold,
        size=rng.choice((16.0, 18.0, 22.0, 26.0)),
        colour=colour or style.accent,
        align=align,
    )
    if happens(rng, 0.65):
        flow.write(
            resume.headline,
            font=style.titles.regular,
            size=style.size + rng.choice((1.0, 3.0)),
            colour=colour or GREY,
            align=align,
        )
    flow.y += 1
