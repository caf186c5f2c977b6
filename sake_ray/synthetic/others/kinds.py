"""Draw each kind of document that is of no class."""

import random
from collections.abc import Callable

from sake_ray.synthetic.others.cast import choose_cast
from sake_ray.synthetic.others.layouts import (
    Layout,
    draw_columns,
    draw_form,
    draw_letter,
    draw_prose,
    draw_table,
    mix_layouts,
)
from sake_ray.synthetic.others.small import draw_card, draw_code, draw_few, draw_note
from sake_ray.synthetic.others.wording import read_abroad, read_kinds
from sake_ray.synthetic.people.phrases import happens
from sake_ray.synthetic.sheet import Drawing

LAYOUTS: dict[str, Layout] = {
    "business_letter": mix_layouts(draw_letter, draw_letter, draw_letter, draw_prose),
    "cover_letter": draw_letter,
    "administrative_letter": draw_letter,
    "resignation": draw_letter,
    "insurance_letter": mix_layouts(draw_letter, draw_letter, draw_form),
    "employment_contract": draw_prose,
    "temporary_contract": mix_layouts(draw_form, draw_prose),
    "payslip": draw_table,
    "work_certificate": mix_layouts(draw_prose, draw_letter),
    "transcript": mix_layouts(draw_table, draw_prose),
    "consent": mix_layouts(draw_form, draw_prose),
    "application_form": draw_form,
    "questionnaire": draw_form,
    "minutes": draw_prose,
    "to_do": draw_note,
    "handwritten": mix_layouts(draw_note, draw_letter),
    "business_card": draw_card,
    "membership_card": draw_card,
    "newspaper": draw_columns,
    "science": mix_layouts(draw_columns, draw_columns, draw_prose),
    "manual": mix_layouts(draw_prose, draw_columns, draw_table),
    "brochure": mix_layouts(draw_few, draw_columns, draw_prose),
    "menu": mix_layouts(draw_few, draw_table),
    "recipe": draw_prose,
    "report": mix_layouts(draw_prose, draw_table, draw_columns),
    "bank": mix_layouts(draw_table, draw_table, draw_form),
    "prescription": mix_layouts(draw_prose, draw_form),
    "lease": draw_prose,
    "tax": mix_layouts(draw_table, draw_form),
    "legal": mix_layouts(draw_prose, draw_prose, draw_columns),
    "mail": draw_prose,
    "novel": draw_prose,
    "poem": mix_layouts(draw_few, draw_note),
    "software": mix_layouts(draw_prose, draw_columns),
    "listing": draw_code,
    "poster": draw_few,
    "blank": draw_few,
    "ticket": mix_layouts(draw_few, draw_form),
    "planning": draw_table,
    "lorem": mix_layouts(draw_prose, draw_columns),
    "slides": draw_few,
    "memo": mix_layouts(draw_prose, draw_letter),
}
CARDS = ("business_card", "membership_card")
# These are prose whose sense does not matter, so any of them may be in a third language.
FOREIGN = ("business_letter", "newspaper", "novel", "brochure", "administrative_letter", "manual", "memo")


def list_makers() -> tuple[Callable[[random.Random, str], Drawing], ...]:
    """List one maker for each kind, in a fixed order."""
    return tuple(_build_maker(kind, layout) for kind, layout in LAYOUTS.items())


def _build_maker(kind: str, layout: Layout) -> Callable[[random.Random, str], Drawing]:
    def make(rng: random.Random, language: str) -> Drawing:
        spoken = rng.choice(("de", "es", "it", "nl")) if kind in FOREIGN and happens(rng, 0.3) else language
        wording = read_kinds(language)[kind] if spoken == language else read_abroad(spoken)
        sheets = layout(choose_cast(rng, spoken), wording)
        return Drawing("other", kind, language, sheets, kind in CARDS)

    make.__name__ = make.__qualname__ = kind
    return make
