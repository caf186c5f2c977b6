"""What are the pages of a document of no class put together from?"""

import re
from dataclasses import dataclass

from sake_ray.synthetic.others.cast import Cast
from sake_ray.synthetic.others.wording import Wording
from sake_ray.synthetic.people.flow import A4, LETTER, Flow, put, step
from sake_ray.synthetic.people.phrases import choose_some, happens
from sake_ray.synthetic.people.typefaces import HANDWRITTEN, Style, choose_style

MAX_SHEETS = 3


@dataclass(frozen=True, slots=True)
class PageWriter:
    """The sheets being written, their look, and whom they speak of."""

    flow: Flow
    style: Style
    cast: Cast

    def write(
        self, text: str, *, x: float | None = None, bold: bool = False, small: bool = False, align: str = "left"
    ) -> None:
        """Write a text in the document's typeface, unless its sheets are full."""
        if self.is_full():
            return
        face = self.style.face
        size = self.style.size - 1.5 if small else self.style.size
        self.flow.write(text, font=face.bold if bold else face.regular, size=size, x=x, align=align)

    def gap(self, lines: float) -> None:
        """Leave that many lines free."""
        self.flow.y += lines * step(self.style.size)

    def is_full(self) -> bool:
        """Whether the last sheet a document may have is nearly full."""
        return len(self.flow.sheets) >= MAX_SHEETS and self.flow.y > self.flow.size[1] * 0.8

    def tell(self, wording: Wording) -> str:
        """Say a paragraph: sentences of the kind, among them some of any kind and some without sense."""
        rng, cast = self.cast.rng, self.cast
        templates = choose_some(rng, wording.lines, 1, 4) + ["{G}"] * rng.choice((0, 0, 1, 1, 2, 3))
        if happens(rng, 0.12):
            templates += ["{salad}"] * rng.randint(1, 4)
        rng.shuffle(templates)
        sentences = (cast.sentence(template) for template in templates)
        return " ".join(f"{text}." if text[-1:].isalnum() else text for text in sentences)


def new_page(
    cast: Cast,
    *,
    names: tuple[str, ...] = (),
    size: tuple[float, float] = (8.5, 11.5),
    sheet: tuple[float, float] | None = None,
    landscape: bool = False,
) -> PageWriter:
    """Begin a document on a sheet of its country, with a typeface of these families."""
    rng = cast.rng
    paper = sheet or (A4 if cast.language != "en" or happens(rng, 0.4) else LETTER)
    paper = (paper[1], paper[0]) if landscape else paper
    style = choose_style(rng, names, size=(11.0, 14.0) if names == HANDWRITTEN and not sheet else size)
    margin = min(rng.uniform(12, 28), paper[0] * 0.12)
    footer = cast.say("{footer}") if happens(rng, 0.35) and names != HANDWRITTEN else ""
    flow = Flow(paper, left=margin, right=margin, top=rng.uniform(12, 25), bottom=18)
    if footer:
        put(
            flow.sheet,
            margin,
            paper[1] - 11,
            paper[0] - 2 * margin,
            footer,
            font=style.face.regular,
            size=7,
            align=rng.choice(("left", "center", "right")),
        )
    return PageWriter(flow, style, cast)


def write_heading(page: PageWriter, text: str) -> None:
    """Write a heading, underlined now and then."""
    page.gap(0.5)
    flow, style = page.flow, page.style
    flow.need(step(style.size) * 3)
    flow.write(text, font=style.titles.bold, size=style.size + 1.5, colour=style.accent)
    if happens(page.cast.rng, 0.3):
        flow.sheet.line(flow.left, flow.y, flow.left + flow.width, flow.y, colour=style.accent)
    page.gap(0.3)


def write_text(page: PageWriter, wording: Wording, count: int, *, heads: bool) -> None:
    """Write that many paragraphs, each below a heading if asked for."""
    rng = page.cast.rng
    titles = choose_some(rng, wording.heads, count, count) if heads else []
    numbered = happens(rng, 0.4)
    for number in range(count):
        if page.is_full():
            return
        if number < len(titles):
            lead = page.cast.say(rng.choice(("{article} ", ""))) if numbered else ""
            mark = f"{lead} {number + 1}. ".lstrip() if numbered else ""
            write_heading(page, mark + page.cast.sentence(titles[number]))
        page.write(page.tell(wording))
        page.gap(0.6)


def write_fields(page: PageWriter, fields: list[str]) -> None:
    """Write labels with their values, or with a line or a box to fill in."""
    if not fields or page.is_full():
        return
    rng, flow, style = page.cast.rng, page.flow, page.style
    share = 0.0 if happens(rng, 0.55) else rng.uniform(0.3, 1.0)
    boxed, aligned = happens(rng, 0.3), happens(rng, 0.5)
    colon = rng.choice((" : ", ": ", " "))
    for field in fields:
        label, _, value = field.partition(" = ")
        label = page.cast.sentence(label)
        flow.need(step(style.size) * 1.5)
        start = flow.left + (flow.width * 0.42 if aligned else 0)
        if happens(rng, share) or not value:
            page.write(label + colon)
            base = flow.y - step(style.size) * 0.2
            room = flow.left + flow.width * 0.45
            if boxed:
                flow.sheet.block(room, base - 4, flow.width * 0.5, 5, outline=(120, 120, 120))
            elif happens(rng, 0.7):
                flow.sheet.line(room, base, flow.left + flow.width, base, colour=(120, 120, 120))
        elif aligned:
            cells = [(flow.left, flow.width * 0.4, label + colon.rstrip(), style.face.bold, "left")]
            cells.append((start, flow.width * 0.58, page.cast.say(value), style.face.regular, "left"))
            flow.row(cells, size=style.size)
        else:
            page.write(label + colon + page.cast.say(value))
        if boxed:
            page.gap(0.3)
    page.gap(0.6)


def write_grid(page: PageWriter, wording: Wording, count: int) -> None:
    """Write a table of that many rows, with lines, bands or nothing between them."""
    if not wording.rows or page.is_full():
        return
    cast, flow, style = page.cast, page.flow, page.style
    templates = choose_some(cast.rng, wording.rows, count, count)
    templates += [cast.rng.choice(wording.rows) for _ in range(count - len(templates))]
    rows = [[cast.say(cell) for cell in re.split(r" /(?= |$)", row)] for row in templates]
    heads = [cast.say(cell) for cell in cast.rng.choice(wording.columns).split(" / ")] if wording.columns else []
    number = max(len(row) for row in [*rows, heads])
    first = flow.width * (0.4 if number > 2 else 0.55)
    rest = (flow.width - first) / max(1, number - 1)
    ruled = happens(cast.rng, 0.5)
    for place, row in enumerate([heads, *rows] if heads else rows):
        if page.is_full():
            break
        face = style.face.bold if heads and not place else style.face.regular
        cells = [
            (
                flow.left + (first + rest * (column - 1) if column else 0),
                (rest if column else first) - 2,
                text,
                face,
                "left" if column == 0 or len(text) > 14 else "right",
            )
            for column, text in enumerate(row)
        ]
        flow.row(cells, size=style.size - 1)
        if ruled:
            flow.sheet.line(flow.left, flow.y, flow.left + flow.width, flow.y, colour=(150, 150, 150))
            flow.y += 0.8
    page.gap(0.8)


def write_items(page: PageWriter, items: list[str], *, boxes: bool = False) -> None:
    """Write a list with bullets, numbers or boxes."""
    lead = page.cast.rng.choice(("- ", "• ", "", "# ", "* "))
    for number, item in enumerate(items):
        mark = f"{number + 1}) " if lead == "# " else lead
        if boxes:
            mark = page.cast.rng.choice(
                ("[ ] ", "□ ", "[x] ", "☐ ") if page.style.face.regular.startswith("DejaVu") else ("[ ] ", "[x] ", "O ")
            )
        page.write(mark + page.cast.sentence(item))
    page.gap(0.5 if items else 0)


def write_signature(page: PageWriter, wording: Wording) -> None:
    """Write place, date and who signs, in some of the documents that anyone signs."""
    if not wording.ends or happens(page.cast.rng, 0.25):
        return
    page.gap(0.5)
    if happens(page.cast.rng, 0.6):
        page.write(page.cast.say("{placed}"))
    for end in choose_some(page.cast.rng, wording.ends, 1, 2):
        page.write(page.cast.sentence(end), x=page.flow.left + page.flow.width * page.cast.rng.choice((0.0, 0.5)))
