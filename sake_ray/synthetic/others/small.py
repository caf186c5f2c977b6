"""How do pages of few words look: posters, notes, listings and cards?"""

from sake_ray.synthetic.others.cast import Cast
from sake_ray.synthetic.others.pieces import PageWriter, new_page
from sake_ray.synthetic.others.wording import Wording
from sake_ray.synthetic.people.flow import A4, A5, LETTER, Flow, put
from sake_ray.synthetic.people.phrases import choose_some, happens
from sake_ray.synthetic.people.typefaces import HANDWRITTEN, MONOSPACED, WHITE, choose_style
from sake_ray.synthetic.sheet import MM_PER_POINT, Sheet, wrap


def draw_few(cast: Cast, wording: Wording) -> tuple[Sheet, ...]:
    """Draw large words with much room around, as posters, title pages, slides and nearly empty pages have."""
    rng = cast.rng
    size = rng.choice((A4, A4, LETTER, A5, (297.0, 210.0), (254.0, 190.5), (254.0, 142.9)))
    style = choose_style(rng, size=(11, 15))
    sheets = []
    for _ in range(rng.choice((1, 1, 1, 2, 3))):
        flow = Flow(size, left=20, right=20, top=rng.uniform(14, size[1] * 0.4), bottom=15)
        page = PageWriter(flow, style, cast)
        align = rng.choice(("left", "center"))
        if wording.titles and happens(rng, 0.9):
            page.flow.write(
                cast.sentence(rng.choice(wording.titles)),
                font=style.titles.bold,
                size=style.size * rng.uniform(1.2, 2.6),
                colour=style.accent,
                align=align,
            )
            page.gap(1)
        for template in choose_some(rng, wording.items + wording.lines, 0, rng.choice((1, 3, 6))):
            page.write(("• " if align == "left" and happens(rng, 0.5) else "") + cast.sentence(template), align=align)
            page.gap(rng.uniform(0, 1.5))
        if flow.sheets[0].true_text:
            sheets.append(flow.sheets[0])
    return tuple(sheets) or (_one_word(cast),)


def _one_word(cast: Cast) -> Sheet:
    sheet = Sheet(*A4)
    put(sheet, 30, 40, 150, cast.say("{word} {word} {number}"), font="LiberationSans-Regular", size=14)
    return sheet


def draw_note(cast: Cast, wording: Wording) -> tuple[Sheet, ...]:
    """Draw a note by hand or by typewriter: short lines on a small or lined sheet."""
    rng = cast.rng
    page = new_page(
        cast,
        names=HANDWRITTEN if happens(rng, 0.7) else MONOSPACED,
        size=(12, 16),
        sheet=rng.choice((A4, A5, (105.0, 148.0))),
    )
    if happens(rng, 0.6) and wording.titles:
        page.write(cast.sentence(rng.choice(wording.titles)), align=rng.choice(("left", "center")))
        page.gap(1)
    lead = rng.choice(("", "- ", "• ", "[ ] "))
    for template in choose_some(rng, wording.items, 1, 12) or choose_some(rng, wording.lines, 1, 4):
        page.write(lead + (cast.say(template) if happens(rng, 0.4) else cast.sentence(template)))
        page.gap(rng.choice((0.0, 0.3)))
    for template in choose_some(rng, wording.lines, 0, 2):
        page.write(cast.sentence(template))
    return tuple(page.flow.sheets[:2])


def draw_code(cast: Cast, wording: Wording) -> tuple[Sheet, ...]:
    """Draw lines of a source, a log or a configuration in a monospaced typeface."""
    rng = cast.rng
    page = new_page(cast, names=MONOSPACED[:2], size=(7.5, 9.5))
    for _ in range(rng.randint(8, 45)):
        template = rng.choice(wording.items)
        page.write(rng.choice(("", "", "  ", "    ")) + cast.say(template))
    return tuple(page.flow.sheets)


def draw_card(cast: Cast, wording: Wording) -> tuple[Sheet, ...]:
    """Draw a small card, 85 × 55 mm, with a name and few lines."""
    rng = cast.rng
    style = choose_style(rng, size=(6.5, 8.5))
    dark = happens(rng, 0.25)
    sheet = Sheet(85.0, 55.0, style.accent if dark else rng.choice((WHITE, WHITE, style.tint)))
    ink = WHITE if dark else (20, 20, 20)
    y, align = rng.uniform(4, 9), rng.choice(("left", "left", "center", "right"))
    put(
        sheet,
        5,
        y,
        75,
        cast.say(rng.choice(wording.titles)),
        font=style.titles.bold,
        size=style.size * 1.5,
        colour=WHITE if dark else style.accent,
        align=align,
    )
    y += style.size * 1.5 * MM_PER_POINT * 1.8
    for template in choose_some(rng, wording.fields, 2, 6) + choose_some(rng, wording.items, 0, 2):
        for line in wrap(
            cast.say(template).replace(" = ", rng.choice((" ", ": ", " : "))),
            74,
            font=style.face.regular,
            size=style.size,
        ):
            if y < 50:
                put(sheet, 5, y, 75, line, font=style.face.regular, size=style.size, colour=ink, align=align)
                y += style.size * MM_PER_POINT * rng.uniform(1.25, 1.7)
    return (sheet,)
