"""What a generated document says, and what of it leaves its sheets."""

from sake_ray.synthetic.sheet import Block, Drawing, Line, Picture, Sheet, Text, measure_width

SLACK = 0.5
"""Half a millimetre beyond the edge is forgiven."""


def text_of(drawing: Drawing) -> str:
    """The words of all its sheets."""
    return "\n".join(sheet.true_text for sheet in drawing.sheets)


def outside(sheet: Sheet) -> list[object]:
    """The marks that leave the sheet."""
    found: list[object] = []
    for mark in sheet.marks:
        match mark:
            case Text(x, y, text, font, size, _):
                box = (x, y, x + measure_width(text, font=font, size=size), y + size * 0.36)
            case Line(x1, y1, x2, y2, _, _):
                box = (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))
            case Block(x, y, width, height, _, _) | Picture(x, y, width, height, _):
                box = (x, y, x + width, y + height)
        if box[0] < -SLACK or box[1] < -SLACK or box[2] > sheet.width + SLACK or box[3] > sheet.height + SLACK:
            found.append(mark)
    return found
