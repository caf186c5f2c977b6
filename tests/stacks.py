"""Several generated documents in one PDF, as they come from the feeder of a scanner."""

from random import Random

from sake_ray.synthetic.generate import MAKERS
from sake_ray.synthetic.sheet import Sheet, sheets_to_pdf


def draw(label: str, *, seed: int = 3) -> Sheet:
    """The first page of a generated document of one page."""
    chance = Random(f"{label} {seed}")
    while True:
        drawing = chance.choice(MAKERS[label])(chance, "fr")
        if len(drawing.sheets) == 1 and len(drawing.sheets[0].true_text) > 200:
            return drawing.sheets[0]


def make_stack(*labels: str) -> bytes:
    """One PDF with a text layer: a page of each label."""
    return sheets_to_pdf([draw(label, seed=number) for number, label in enumerate(labels)])


STACK = ("stack.pdf", make_stack("id_pieces", "resume", "facture"))
