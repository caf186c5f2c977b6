"""How do the pages of a document of no class look?"""

import random
from collections.abc import Callable

from sake_ray.synthetic.others.cast import Cast
from sake_ray.synthetic.others.pieces import (
    PageWriter,
    new_page,
    write_fields,
    write_grid,
    write_heading,
    write_items,
    write_signature,
    write_text,
)
from sake_ray.synthetic.others.wording import Wording
from sake_ray.synthetic.people.flow import put, step
from sake_ray.synthetic.people.phrases import choose_some, happens
from sake_ray.synthetic.people.typefaces import HANDWRITTEN, SERIFS
from sake_ray.synthetic.sheet import Sheet, wrap

Layout = Callable[[Cast, Wording], tuple[Sheet, ...]]


def draw_letter(cast: Cast, wording: Wording) -> tuple[Sheet, ...]:
    """Draw a letter: sender, recipient, place and date, subject, paragraphs, closing."""
    rng = cast.rng
    page = new_page(cast, names=HANDWRITTEN if happens(rng, 0.06) else SERIFS if happens(rng, 0.2) else ())
    sender, recipient = _parties(cast)
    right = page.flow.left + page.flow.width * 0.55
    for line in sender:
        page.write(line)
    page.gap(1)
    for line in recipient:
        page.write(line, x=right if cast.language == "fr" or happens(rng, 0.2) else None)
    page.gap(1)
    page.write(cast.say("{placed}"), x=right if happens(rng, 0.6) else None)
    page.gap(1)
    for field in choose_some(rng, wording.fields, 0, 2):
        page.write(cast.sentence(field).replace(" = ", " : "))
    if wording.titles and happens(rng, 0.8):
        page.write(cast.say("{subject}") + " " + cast.sentence(rng.choice(wording.titles)), bold=happens(rng, 0.6))
    page.gap(1)
    page.write(cast.say("{dear}"))
    page.gap(0.7)
    write_text(page, wording, rng.randint(1, 5), heads=False)
    page.write(cast.say("{closing}"))
    page.gap(1.5)
    page.write(cast.persons[0].name, x=right if happens(rng, 0.5) else None)
    if wording.ends:
        page.write(cast.sentence(rng.choice(wording.ends)), small=True)
    return tuple(page.flow.sheets)


def _parties(cast: Cast) -> tuple[list[str], list[str]]:
    """Who writes and to whom: a person with phone and mail, or a firm with its department."""
    person, other, firm = cast.persons[0], cast.persons[1], cast.firms[0]
    private = [person.name, *person.address, *choose_some(cast.rng, (person.phone, person.email), 0, 2)]
    office = [firm.name, *choose_some(cast.rng, (cast.say("{department}"), other.name), 0, 1), *firm.address]
    official = [*office, *choose_some(cast.rng, (firm.phone, firm.email, firm.site), 0, 2)]
    if happens(cast.rng, 0.5):
        return private, office
    return official, [other.name, *other.address]


def draw_prose(cast: Cast, wording: Wording) -> tuple[Sheet, ...]:
    """Draw a title and paragraphs below headings, numbered or not, with what table, list or fields the kind has."""
    rng = cast.rng
    page = new_page(cast, names=SERIFS if happens(rng, 0.4) else ())
    _write_top(page, wording)
    write_fields(page, choose_some(rng, wording.fields, 0, 8))
    write_text(page, wording, rng.randint(2, 9), heads=happens(rng, 0.8))
    if wording.rows and happens(rng, 0.7):
        write_grid(page, wording, rng.randint(2, 7))
    write_items(page, choose_some(rng, wording.items, 2, 7))
    write_signature(page, wording)
    return tuple(page.flow.sheets)


def draw_form(cast: Cast, wording: Wording) -> tuple[Sheet, ...]:
    """Draw labelled fields, filled or empty, boxes to tick, few words and a place to sign."""
    rng = cast.rng
    page = new_page(cast)
    _write_top(page, wording)
    if wording.lines and happens(rng, 0.6):
        write_text(page, wording, 1, heads=False)
    fields = choose_some(rng, wording.fields, 4, 22)
    middle = rng.randint(0, len(fields))
    write_fields(page, fields[:middle])
    if wording.heads and happens(rng, 0.7):
        write_heading(page, cast.sentence(rng.choice(wording.heads)))
    write_fields(page, fields[middle:])
    write_items(page, choose_some(rng, wording.items, 2, 9), boxes=True)
    if wording.rows:
        write_grid(page, wording, rng.randint(3, 10))
    if wording.lines and happens(rng, 0.6):
        write_text(page, wording, 1, heads=False)
    write_signature(page, wording)
    return tuple(page.flow.sheets)


def draw_table(cast: Cast, wording: Wording) -> tuple[Sheet, ...]:
    """Draw a heading, some fields and a long table."""
    rng = cast.rng
    page = new_page(cast, landscape=happens(rng, 0.15))
    _write_top(page, wording)
    write_fields(page, choose_some(rng, wording.fields, 1, 10))
    write_grid(page, wording, rng.randint(5, 26))
    write_fields(page, choose_some(rng, wording.fields, 0, 3))
    if wording.lines:
        write_text(page, wording, rng.randint(0, 3), heads=False)
    write_signature(page, wording)
    return tuple(page.flow.sheets)


def draw_columns(cast: Cast, wording: Wording) -> tuple[Sheet, ...]:
    """Draw a title over the page and its text in two or three columns."""
    rng = cast.rng
    page = new_page(cast, names=SERIFS if happens(rng, 0.6) else ())
    _write_top(page, wording)
    for field in choose_some(rng, wording.fields, 0, 2):
        page.write(cast.sentence(field).replace(" = ", " : "), align=rng.choice(("left", "center")))
    page.gap(1)
    size, face = page.style.size - 0.5, page.style.face
    count, gutter = rng.choice((2, 2, 3)), 6.0
    width = (page.flow.width - gutter * (count - 1)) / count
    lines: list[tuple[str, str]] = []
    for number in range(rng.randint(3, 9)):
        if wording.heads and happens(rng, 0.7):
            lead = f"{number + 1}. " if happens(rng, 0.4) else ""
            lines += [
                (line, face.bold)
                for line in wrap(
                    lead + cast.sentence(rng.choice(wording.heads)), width * 0.9, font=face.bold, size=size
                )
            ]
        text = page.tell(wording)
        lines += [(line, face.regular) for line in (*wrap(text, width, font=face.regular, size=size), "")]
    room = max(4, int((page.flow.size[1] - page.flow.bottom - page.flow.y) / step(size)))
    per = min(room, -(-len(lines) // count)) if happens(rng, 0.5) else room
    for number, (line, font) in enumerate(lines[: per * count]):
        column, row = divmod(number, per)
        x, y = page.flow.left + column * (width + gutter), page.flow.y + row * step(size)
        put(page.flow.sheet, x, y, width, line, font=font, size=size)
    return tuple(page.flow.sheets)


def _write_top(page: PageWriter, wording: Wording) -> None:
    """Write what stands above the text: an office's name, a date, the title."""
    cast, style = page.cast, page.style
    if happens(cast.rng, 0.5):
        for line in choose_some(
            cast.rng, (cast.firms[0].name, *cast.firms[0].address, cast.firms[0].phone, cast.date), 1, 4
        ):
            page.write(line, small=happens(cast.rng, 0.5))
        page.gap(1)
    if wording.titles and happens(cast.rng, 0.9):
        title = cast.sentence(cast.rng.choice(wording.titles))
        title = title.upper() if happens(cast.rng, 0.3) else title
        page.flow.write(
            title,
            font=style.titles.bold,
            size=style.size * cast.rng.uniform(1.2, 2.2),
            colour=style.accent,
            align=cast.rng.choice(("left", "center")),
        )
        page.gap(0.7)


def mix_layouts(*layouts: Layout) -> Layout:
    """Draw with one of several layouts, chosen anew each time."""

    def draw(cast: Cast, wording: Wording) -> tuple[Sheet, ...]:
        rng: random.Random = cast.rng
        return rng.choice(layouts)(cast, wording)

    return draw
