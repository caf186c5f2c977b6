"""Draw CVs of one column: plain, compact, long, typed, timeline, functional, academic, sparse."""

import random
from dataclasses import replace

from sake_ray.synthetic.people.fakers import lend_speaker
from sake_ray.synthetic.people.flow import Flow, choose_paper, put, step
from sake_ray.synthetic.people.phrases import happens, sentence, write
from sake_ray.synthetic.people.typefaces import GREY, MONOSPACED, SERIFS, Style, choose_style
from sake_ray.synthetic.resumes import parts
from sake_ray.synthetic.resumes.content import Resume, Section, invent_resume, read_text
from sake_ray.synthetic.sheet import Drawing, Sheet
from sake_ray.synthetic.wording import read_section

LABEL = "resume"


def finish(flow: Flow, resume: Resume, kind: str) -> Drawing:
    """Hand out the drawing."""
    return Drawing(LABEL, kind, resume.language, tuple(flow.sheets))


def _head(rng: random.Random, flow: Flow, resume: Resume, style: Style) -> None:
    align = rng.choice(("left", "left", "center"))
    if align == "left" and happens(rng, 0.3):
        parts.draw_photo(rng, flow.sheet, flow.size[0] - flow.right - 28, flow.y, 28)
        flow.right += 32
        _name_and_contact(rng, flow, resume, style, align)
        flow.right -= 32
        flow.y = max(flow.y, flow.top + 37)
    else:
        _name_and_contact(rng, flow, resume, style, align)


def _name_and_contact(rng: random.Random, flow: Flow, resume: Resume, style: Style, align: str) -> None:
    parts.draw_name(rng, flow, resume, style, align=align)
    lines = parts.list_contacts(rng, resume)
    if happens(rng, 0.4):
        lines = [rng.choice((" | ", " - ", " • ", "   ")).join(lines)]
    for line in lines:
        flow.write(line, font=style.face.regular, size=style.size, align=align)
    flow.y += 2


def make_plain(rng: random.Random, language: str) -> Drawing:
    """Draw the CV a text processor makes: one column of headings and entries."""
    return _make_plain(rng, invent_resume(rng, language), choose_style(rng, size=(9.0, 11.5)), "plain")


def make_compact(rng: random.Random, language: str) -> Drawing:
    """Draw a dense CV that fits much on one sheet."""
    resume = invent_resume(rng, language, jobs=(3, 6), tasks=(3, 7))
    return _make_plain(rng, resume, choose_style(rng, size=(7.5, 8.5)), "compact", margin=12)


def make_long(rng: random.Random, language: str) -> Drawing:
    """Draw a CV of two sheets or more."""
    resume = invent_resume(rng, language, jobs=(5, 10), tasks=(3, 9))
    return _make_plain(rng, resume, choose_style(rng, size=(9.5, 11.0)), "long")


def make_typed(rng: random.Random, language: str) -> Drawing:
    """Draw a CV typed with a typewriter's letters."""
    return _make_plain(
        rng, invent_resume(rng, language, tasks=(0, 3)), choose_style(rng, MONOSPACED, size=(9.0, 10.5)), "typed"
    )


def _make_plain(rng: random.Random, resume: Resume, style: Style, kind: str, *, margin: float = 20) -> Drawing:
    manner = parts.choose_manner(rng)
    flow = Flow(choose_paper(rng, resume.language), left=margin, right=margin, bottom=16)
    _head(rng, flow, resume, style)
    for section in resume.sections:
        parts.draw_section(flow, section, style, manner)
    return finish(flow, resume, kind)


def make_timeline(rng: random.Random, language: str) -> Drawing:
    """Draw a CV whose entries hang on a line with knots, the dates at its left."""
    resume = invent_resume(rng, language, jobs=(2, 5))
    style = choose_style(rng, ("Carlito", "OpenSans", "Roboto", "LiberationSans"), size=(8.5, 10.0))
    rail = 56.0

    def dress(sheet: Sheet, _: int) -> None:
        sheet.line(rail, 14, rail, sheet.height - 14, colour=style.accent, width=0.4)

    flow = Flow(choose_paper(rng, language), left=rail + 6, right=16, bottom=18, dress=dress)
    manner = replace(parts.choose_manner(rng), entry="left", heading=rng.choice(("plain", "underline")))
    _name_and_contact(rng, flow, resume, style, "left")
    for section in resume.sections:
        if not section.entries:
            parts.draw_section(flow, section, style, manner)
            continue
        parts.draw_heading(flow, section.heading, style, manner.heading)
        for entry in section.entries:
            flow.need(step(style.size) * 4)
            flow.sheet.block(rail - 1.2, flow.y + 0.8, 2.4, 2.4, fill=style.accent)
            put(
                flow.sheet,
                14,
                flow.y,
                rail - 18,
                entry.dates,
                font=style.face.bold,
                size=style.size,
                colour=GREY,
                align="right",
            )
            flow.write(entry.title, font=style.face.bold, size=style.size + 0.5)
            flow.write(entry.place, font=style.face.italic, size=style.size)
            for line in entry.lines:
                flow.write(manner.bullet + line, font=style.face.regular, size=style.size, hang=2.5)
            flow.y += 2.5
    return finish(flow, resume, "timeline")


def make_functional(rng: random.Random, language: str) -> Drawing:
    """Draw a CV ordered by skills: what was done first, the jobs in one line each at the end."""
    resume = invent_resume(rng, language, jobs=(2, 6), tasks=(2, 5))
    style = choose_style(rng, size=(9.0, 11.0))
    manner = parts.choose_manner(rng)
    flow = Flow(choose_paper(rng, language), bottom=16)
    _head(rng, flow, resume, style)
    work = resume.section("work")
    skills = resume.section("skills")
    groups = skills.items if skills else resume.facts or (resume.headline,)
    if work:
        title = read_text(language).get_only("expertise")
        parts.draw_heading(flow, title if not skills else skills.heading, style, manner.heading)
        lines = [line for entry in work.entries for line in entry.lines]
        for number, group in enumerate(groups[:4]):
            flow.write(group, font=style.face.bold, size=style.size)
            for line in lines[number :: max(1, len(groups[:4]))]:
                flow.write(manner.bullet + line, font=style.face.regular, size=style.size, x=flow.left + 3, hang=2.5)
            flow.y += 1.5
        brief = tuple(replace(entry, lines=()) for entry in work.entries)
        parts.draw_section(
            flow, replace(work, entries=brief), style, replace(manner, entry=rng.choice(("line", "left")))
        )
    for section in resume.sections:
        if section.name not in {"work", "skills"}:
            parts.draw_section(flow, section, style, manner)
    return finish(flow, resume, "functional")


def make_academic(rng: random.Random, language: str) -> Drawing:
    """Draw a researcher's CV set like a paper, with publications."""
    resume = invent_resume(rng, language, jobs=(1, 4), tasks=(0, 3))
    style = choose_style(rng, SERIFS, size=(9.5, 11.0))
    manner = parts.Manner(rng.choice(("underline", "plain")), rng.choice(("left", "right")), "• ", "comma")
    flow = Flow(choose_paper(rng, language), left=24, right=24, bottom=20)
    _name_and_contact(rng, flow, resume, style, "center")
    for section in resume.sections:
        parts.draw_section(flow, section, style, manner)
    text, venues = read_text(language), read_section("everywhere/resumes", "text")["venue"]
    faker = lend_speaker(rng, language)
    items = []
    for number in range(rng.randint(2, 9)):
        authors = [f"{faker.first_name()[0]}. {faker.last_name()}" for _ in range(rng.randint(0, 3))]
        authors.insert(rng.randint(0, len(authors)), f"{resume.person.first[0]}. {resume.person.last}")
        title = sentence(rng, text.get_only("paper"))
        venue = write(rng, rng.choice(venues))
        items.append(f"[{number + 1}] {', '.join(authors)}. {title}. {venue}, {rng.randint(1998, 2025)}.")
    heading = rng.choice(text["publications"])
    listing = replace(manner, listing="bullets", bullet="")
    parts.draw_section(flow, Section("publications", heading, items=tuple(items)), style, listing)
    return finish(flow, resume, "academic")


def make_sparse(rng: random.Random, language: str) -> Drawing:
    """Draw the CV of somebody who wrote little."""
    resume = invent_resume(rng, language, jobs=(1, 3), tasks=(0, 1))
    style = choose_style(rng, size=(10.5, 13.0))
    kept = [s for s in resume.sections if s.name in {"work", "education"} or happens(rng, 0.2)]
    sections = tuple(replace(s, entries=s.entries[:2], items=s.items[:3], text=s.text[:120]) for s in kept)
    manner = parts.choose_manner(rng)
    flow = Flow(choose_paper(rng, language), left=24, right=24)
    _name_and_contact(rng, flow, replace(resume, facts=resume.facts[:1]), style, rng.choice(("left", "center")))
    flow.y += 4
    for section in sections:
        flow.y += 3
        parts.draw_section(flow, section, style, manner)
    return finish(flow, resume, "sparse")
