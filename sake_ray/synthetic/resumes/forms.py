"""Draw CVs filled into a form: Europass, and boxes."""

import random

from sake_ray.synthetic.people.flow import Flow, step
from sake_ray.synthetic.people.phrases import chance
from sake_ray.synthetic.people.typefaces import GREY, choose_style
from sake_ray.synthetic.resumes import parts
from sake_ray.synthetic.resumes.content import invent_resume
from sake_ray.synthetic.resumes.single import finish
from sake_ray.synthetic.sheet import Drawing
from sake_ray.synthetic.wording import read_section


def europass(rng: random.Random, language: str) -> Drawing:
    """Draw the European form: labels at the left, what they ask for at the right."""
    resume = invent_resume(rng, language, jobs=(1, 4), tasks=(1, 4))
    style = choose_style(
        rng, ("LiberationSansNarrow", "LiberationSans", "RobotoCondensed", "DejaVuSansCondensed"), size=(9.0, 10.5)
    )
    said = read_section(f"{language}/resumes", "europass").get_only
    flow = Flow(left=16, right=16, bottom=18)
    column = 58.0

    def ask(label: str, text: str, *, bold: bool = False) -> None:
        font = style.face.bold if bold else style.face.regular
        cells = (
            (flow.left, column - 4, label, font, "right"),
            (flow.left + column, flow.width - column, text, font, "left"),
        )
        flow.row(cells, size=style.size)

    if chance(rng, 0.85):
        ask(said("title"), "", bold=True)
    flow.y += 3
    flow.sheet.line(flow.left + column - 2, flow.top, flow.left + column - 2, flow.size[1] - 20, width=0.2, colour=GREY)
    ask(said("person"), "", bold=True)
    person = resume.person
    for label, text in (
        (said("name"), f"{person.last.upper()} {person.first}"),
        (said("address"), ", ".join(person.address)),
        (said("phone"), person.phone),
        (said("email"), person.email),
    ):
        ask(label, text)
    for fact in resume.facts:
        label, _, value = fact.partition(": ")
        ask(label.strip() if value else "", value or fact)
    for section in resume.sections:
        flow.y += 3
        ask(section.heading, "", bold=True)
        asked = (
            (said("job"), said("employer"), said("tasks"))
            if section.name == "work"
            else (said("diploma"), said("school"), said("skills"))
        )
        for entry in section.entries:
            ask(said("dates"), entry.dates)
            ask(asked[0], entry.title, bold=chance(rng, 0.2))
            if entry.lines and section.name == "work":
                ask(asked[2], "; ".join(entry.lines))
            ask(asked[1], entry.place)
            flow.y += 1.5
        if section.text or section.items:
            ask("", section.text or rng.choice((", ", " - ", " / ")).join(section.items))
    return finish(flow, resume, "europass")


def tabular(rng: random.Random, language: str) -> Drawing:
    """Draw a CV of boxes: personal data, studies and jobs each in a table."""
    resume = invent_resume(rng, language, jobs=(1, 4), tasks=(0, 3))
    style = choose_style(rng, size=(9.0, 10.5))
    said = read_section(f"{language}/resumes", "biodata").get_only
    flow = Flow(parts.choose_size(rng, language), bottom=18)
    flow.write(resume.title or resume.person.name, font=style.titles.bold, size=16, align="center")
    flow.y += 3
    person = resume.person
    personal = [
        (said("last"), person.last),
        (said("first"), person.first),
        (said("address"), ", ".join(person.address)),
        (said("phone"), person.phone),
        (said("email"), person.email),
    ]
    for label, text in personal:
        top = flow.y
        flow.y += 0.8
        flow.row(
            (
                (flow.left + 1, 38, label, style.face.bold, "left"),
                (flow.left + 42, flow.width - 44, text, style.face.regular, "left"),
            ),
            size=style.size,
        )
        flow.y += 0.8
        flow.sheet.block(flow.left, top, flow.width, flow.y - top, outline=GREY)
    for section in resume.sections:
        if not section.entries:
            parts.draw_section(flow, section, style, parts.Manner("plain", "stack", "- ", "comma"))
            continue
        parts.draw_heading(flow, section.heading, style, "plain")
        asked = ("job", "employer", "period") if section.name == "work" else ("degree", "school", "year")
        titles = tuple(map(said, asked))
        rows = [titles, *((entry.title, entry.place, entry.dates) for entry in section.entries)]
        shares = (0.4, 0.35, 0.25)
        for number, row in enumerate(rows):
            flow.need(step(style.size) * 3)
            top, x, cells = flow.y, flow.left, []
            for share, text in zip(shares, row, strict=True):
                cells.append(
                    (x + 1, flow.width * share - 2, text, style.face.regular if number else style.face.bold, "left")
                )
                x += flow.width * share
            flow.y += 0.8
            flow.row(cells, size=style.size)
            flow.y += 0.8
            flow.sheet.block(flow.left, top, flow.width, flow.y - top, outline=GREY)
        for line in [line for entry in section.entries for line in entry.lines]:
            flow.write("- " + line, font=style.face.regular, size=style.size, hang=2.5)
    return finish(flow, resume, "tabular")
