"""Draw CVs of two columns: a sidebar in colour, a modern one with bars, a light split, a banner with a photograph."""

import random
from dataclasses import replace

from sake_ray.synthetic.people.flow import Flow, choose_paper, put, step
from sake_ray.synthetic.people.phrases import happens
from sake_ray.synthetic.people.typefaces import WHITE, Style, choose_style
from sake_ray.synthetic.resumes import parts
from sake_ray.synthetic.resumes.content import Resume, choose_headings, invent_resume
from sake_ray.synthetic.resumes.single import LABEL
from sake_ray.synthetic.sheet import BLACK, Colour, Drawing, Sheet

MODERN = ("OpenSans", "Roboto", "Carlito", "LiberationSans", "RobotoCondensed", "FreeSans")
ASIDE = ("skills", "tools", "languages", "interests", "qualities", "certificates", "references")


def _weave(first: Flow, second: Flow) -> tuple[Sheet, ...]:
    """Lay two flows over each other, sheet by sheet; the first is read first."""
    sheets = []
    for number in range(max(len(first.sheets), len(second.sheets))):
        marks = [mark for flow in (first, second) if number < len(flow.sheets) for mark in flow.sheets[number].marks]
        sheets.append(Sheet(*first.size, first.paper, marks))
    return tuple(sheets)


def _fill_aside(
    rng: random.Random, flow: Flow, resume: Resume, style: Style, colour: Colour, *, bars: bool, named: bool
) -> None:
    if happens(rng, 0.55):
        width = min(32.0, flow.width * 0.7)
        parts.draw_photo(rng, flow.sheet, flow.left + (flow.width - width) / 2, flow.y, width)
        flow.y += width * 1.25 + 4
    if named:
        parts.draw_name(rng, flow, resume, style, colour=colour)
    look = rng.choice(("plain", "underline"))
    parts.draw_heading(flow, choose_headings(rng, resume.language)["contact"], style, look, colour=colour)
    icons = happens(rng, 0.4)
    for line in parts.list_contacts(rng, resume, labelled=0.25):
        if icons:
            flow.sheet.block(flow.left, flow.y + 0.9, 2.2, 2.2, fill=colour if colour != BLACK else style.accent)
        flow.write(line, font=style.face.regular, size=style.size, colour=colour, x=flow.left + (4 if icons else 0))
        flow.y += 0.6
    manner = parts.Manner(look, "stack", rng.choice(("• ", "- ", "")), "bullets")
    for section in resume.sections:
        if section.name not in ASIDE or flow.y > flow.size[1] - 50:
            continue
        parts.draw_heading(flow, section.heading, style, look, colour=colour)
        if bars and section.name in {"skills", "languages", "tools"}:
            parts.draw_bars(rng, flow, section.items, style, colour=colour)
        else:
            parts.draw_items(flow, section.items, style, manner, colour=colour)


def _make_two_columns(rng: random.Random, language: str, kind: str, *, dark: bool, bars: bool) -> Drawing:
    resume = invent_resume(rng, language)
    style = choose_style(rng, MODERN, size=(8.5, 10.0))
    size = choose_paper(rng, language)
    width = rng.uniform(58, 72)
    at_left = happens(rng, 0.7)
    fill = style.accent if dark else style.tint
    colour = WHITE if dark else BLACK

    def dress(sheet: Sheet, _: int) -> None:
        sheet.block(0 if at_left else size[0] - width, 0, width, size[1], fill=fill)

    edge = size[0] - width
    named = happens(rng, 0.4)
    aside = Flow(size, left=7 if at_left else edge + 6, right=edge + 6 if at_left else 7, bottom=12, dress=dress)
    _fill_aside(rng, aside, resume, style, colour, bars=bars, named=named)
    main = Flow(size, left=width + 8 if at_left else 14, right=14 if at_left else width + 8, bottom=14)
    if not named:
        parts.draw_name(rng, main, resume, style)
    # The sidebar wears its colour on every sheet, however little it has to say there.
    manner = parts.choose_manner(rng)
    for section in resume.sections:
        if section.name not in ASIDE:
            parts.draw_section(main, section, style, manner)
    while len(aside.sheets) < len(main.sheets):
        aside.turn()
    return Drawing(LABEL, kind, language, _weave(aside, main))


def make_sidebar(rng: random.Random, language: str) -> Drawing:
    """Draw a CV with a sidebar of full colour and white letters."""
    return _make_two_columns(rng, language, "sidebar", dark=True, bars=False)


def make_light_sidebar(rng: random.Random, language: str) -> Drawing:
    """Draw a CV with a pale sidebar."""
    return _make_two_columns(rng, language, "light sidebar", dark=False, bars=happens(rng, 0.3))


def make_modern(rng: random.Random, language: str) -> Drawing:
    """Draw a CV with icons and bars that rate each skill."""
    return _make_two_columns(rng, language, "modern", dark=happens(rng, 0.5), bars=True)


def make_banner(rng: random.Random, language: str) -> Drawing:
    """Draw a CV under a coloured banner that holds name, job and photograph; two columns of sections below."""
    resume = invent_resume(rng, language)
    style = choose_style(rng, MODERN, size=(8.5, 10.5))
    size = choose_paper(rng, language)
    height = 44.0

    def dress(sheet: Sheet, number: int) -> None:
        if number == 1:
            sheet.block(0, 0, size[0], height, fill=style.accent)

    head = Flow(size, left=16, right=60, dress=dress, top=8)
    name = resume.person.name
    put(head.sheet, 16, 9, size[0] - 66, name, font=style.titles.bold, size=24, colour=WHITE)
    put(head.sheet, 16, 21, size[0] - 66, resume.headline, font=style.titles.regular, size=style.size + 3, colour=WHITE)
    contact = parts.list_contacts(rng, replace(resume, facts=resume.facts[:1]), labelled=0.2)
    for number, start in enumerate(range(0, len(contact), 3)):
        row = "  |  ".join(contact[start : start + 3])
        put(
            head.sheet,
            16,
            29 + number * step(style.size),
            size[0] - 66,
            row,
            font=style.face.regular,
            size=style.size - 0.5,
            colour=WHITE,
        )
    if happens(rng, 0.7):
        parts.draw_photo(rng, head.sheet, size[0] - 44, 4, 28, around=style.accent)
    manner = parts.choose_manner(rng)
    half = happens(rng, 0.5)
    main = Flow(size, left=16, right=82 if half else 16, top=16, bottom=14)
    main.y = height + 6
    aside = Flow(size, left=size[0] - 70, right=12, top=16, bottom=14)
    aside.y = height + 6
    for section in resume.sections:
        beside = half and section.name in ASIDE
        parts.draw_section(aside if beside else main, section, style, manner)
    woven = Flow(size)
    woven.sheets = list(_weave(head, main))
    return Drawing(LABEL, "banner", language, _weave(woven, aside))
