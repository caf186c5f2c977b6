"""Draw CVs filled into a form: Europass, and boxes."""

import random

from sake_ray.synthetic.people.flow import Flow, choose_paper, step
from sake_ray.synthetic.people.phrases import happens
from sake_ray.synthetic.people.typefaces import GREY, choose_style
from sake_ray.synthetic.resumes import parts
from sake_ray.synthetic.resumes.content import invent_resume
from sake_ray.synthetic.resumes.single import finish
from sake_ray.synthetic.sheet import Drawing
from sake_ray.synthetic.wording import read_section


def make_europass(rng: random.Random, language: str) -> Drawing:
    """Draw the European form: labels at the left, what they ask for at the right."""
    resume = invent_resume(rng, language, jobs=(1, 4), tasks=(1, 4))
    style = choose_style(
        rng, ("LiberationSansNarrow", "LiberationSans", "RobotoCondensed", "DejaVuSansCondensed"), size=(9.0, 10.5)
    )
    label_for = read_section(f"{language}/resumes", "europass").get_only
    flow = Flow(left=16, right=16, bottom=18)
    column = 58.0

    def ask(label: str, text: str, *, bold: bool = False) -> None:
        font = style.face.bold if bold else style.face.regular
        cells = (
            (flow.left, column - 4, label, font, "right"),
            (flow.left + column, flow.width - column, text, font, "left"),
        )
        flow.row(cells, size=style.size)

    if happens(rng, 0.85):
        ask(label_for("title"), "", bold=True)
    flow.y += 3
    flow.sheet.line(flow.left + column - 2, flow.top, flow.left + column - 2, flow.size[1] - 20, width=0.2, colour=GREY)
    ask(label_for("person"), "", bold=True)
    person = resume.person
    for label, text in (
        (label_for("name"), f"{person.last.upper()} {person.first}"),
        (label_for("address"), ", ".join(person.address)),
        (label_for("phone"), person.phone),
        (label_for("email"), person.email),
    ):
        ask(label, text)
    for fact in resume.facts:
        label, _, value = fact.partition(": ")
        ask(label.strip() if value else "", value or fact)
    for section in resume.sections:
        flow.y += 3
        ask(section.heading, "", bold=True)
        asked = (
            (label_for("job"), label_for("employer"), label_for("tasks"))
            if section.name == "work"
            else (label_for("diploma"), label_for("school"), label_for("skills"))
        )
        for entry in section.entries:
            ask(label_for("dates"), entry.dates)
            ask(asked[0], entry.title, bold=happens(rng, 0.2))
            if entry.lines and section.name == "work":
                ask(asked[2], "; ".join(entry.lines))
            ask(asked[1], entry.place)
            flow.y += 1.5
        if section.text or section.items:
            ask("", section.text or rng.choice((", ", " - ", " / ")).join(section.items))
    return finish(flow, resume, "europass")


def make_tabular(rng: random.Random, language: str) -> Drawing:
    """Draw a CV of boxes: personal data, studies and jobs each in a table."""
    resume = invent_resume(rng, language, jobs=(1, 4), tasks=(0, 3))
    style = choose_style(rng, size=(9.0, 10.5))
    label_for = read_section(f"{language}/resumes", "biodata").get_only
    flow = Flow(choose_paper(rng, language), bottom=18)
    flow.write(resume.title or resume.person.name, font=style.titles.bold, size=16, align="center")
    flow.y += 3
    person = resume.person
    personal = [
        (label_for("last"), person.last),
        (label_for("first"), person.first),
        (label_for("address"), ", ".join(person.address)),
        (label_for("phone"), person.phone),
        (label_for("email"), person.email),
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
        titles = tuple(map(label_for, asked))
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
