"""Draw each kind of document that is of no class."""

import random
from collections.abc import Callable

from sake_ray.synthetic.others.cast import choose_cast
from sake_ray.synthetic.others.layouts import Layout, choose, columns, form, letter, prose, table
from sake_ray.synthetic.others.small import card, code, few, note
from sake_ray.synthetic.others.wording import read_abroad, read_kinds
from sake_ray.synthetic.people.phrases import chance
from sake_ray.synthetic.sheet import Drawing

LAYOUTS: dict[str, Layout] = {
    "business_letter": choose(letter, letter, letter, prose),
    "cover_letter": letter,
    "administrative_letter": letter,
    "resignation": letter,
    "insurance_letter": choose(letter, letter, form),
    "employment_contract": prose,
    "temporary_contract": choose(form, prose),
    "payslip": table,
    "work_certificate": choose(prose, letter),
    "transcript": choose(table, prose),
    "consent": choose(form, prose),
    "application_form": form,
    "questionnaire": form,
    "minutes": prose,
    "to_do": note,
    "handwritten": choose(note, letter),
    "business_card": card,
    "membership_card": card,
    "newspaper": columns,
    "science": choose(columns, columns, prose),
    "manual": choose(prose, columns, table),
    "brochure": choose(few, columns, prose),
    "menu": choose(few, table),
    "recipe": prose,
    "report": choose(prose, table, columns),
    "bank": choose(table, table, form),
    "prescription": choose(prose, form),
    "lease": prose,
    "tax": choose(table, form),
    "legal": choose(prose, prose, columns),
    "mail": prose,
    "novel": prose,
    "poem": choose(few, note),
    "software": choose(prose, columns),
    "listing": code,
    "poster": few,
    "blank": few,
    "ticket": choose(few, form),
    "planning": table,
    "lorem": choose(prose, columns),
    "slides": few,
    "memo": choose(prose, letter),
}
CARDS = ("business_card", "membership_card")
# These are prose whose sense does not matter, so any of them may be in a third language.
FOREIGN = ("business_letter", "newspaper", "novel", "brochure", "administrative_letter", "manual", "memo")


def makers() -> tuple[Callable[[random.Random, str], Drawing], ...]:
    """List one maker for each kind, in a fixed order."""
    return tuple(_maker(kind, layout) for kind, layout in LAYOUTS.items())


def _maker(kind: str, layout: Layout) -> Callable[[random.Random, str], Drawing]:
    def make(rng: random.Random, language: str) -> Drawing:
        spoken = rng.choice(("de", "es", "it", "nl")) if kind in FOREIGN and chance(rng, 0.3) else language
        wording = read_kinds(language)[kind] if spoken == language else read_abroad(spoken)
        sheets = layout(choose_cast(rng, spoken), wording)
        return Drawing("other", kind, language, sheets, kind in CARDS)

    make.__name__ = make.__qualname__ = kind
    return make
