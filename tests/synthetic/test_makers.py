"""What every generated document promises to the training, whatever its label."""

import os
import random
import re
import subprocess
import sys
from dataclasses import dataclass

import pytest

from sake_ray.synthetic.generate import LANGUAGES, MAKERS, Maker
from tests.synthetic.drawn import outside, text_of


@dataclass(frozen=True)
class Bounds:
    """How many seeds are tried, and how few and how many words and sheets a document has."""

    seeds: int
    words: tuple[int, int]
    sheets: int


BOUNDS = {
    "facture": Bounds(4, (12, 2500), 6),
    "resume": Bounds(4, (12, 2500), 6),
    "id_pieces": Bounds(5, (8, 400), 2),
    "other": Bounds(3, (1, 1200), 3),
}
EVERY_MAKER = [(label, make) for label, makers in MAKERS.items() for make in dict.fromkeys(makers)]
NAMES = [f"{label}-{make.__name__}" for label, make in EVERY_MAKER]


@pytest.mark.parametrize(("label", "make"), EVERY_MAKER, ids=NAMES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_maker_draws_sound_documents(label: str, make: Maker, language: str) -> None:
    bounds = BOUNDS[label]
    for seed in range(bounds.seeds):
        drawing = make(random.Random(seed), language)
        assert (drawing.label, drawing.language) == (label, language)
        assert bounds.words[0] <= len(text_of(drawing).split()) <= bounds.words[1]
        assert 1 <= len(drawing.sheets) <= bounds.sheets
        assert all(sheet.true_text.strip() for sheet in drawing.sheets)
        assert not [mark for sheet in drawing.sheets for mark in outside(sheet)], seed
        assert not set("{}") & set(text_of(drawing)), "a template's mark is left"


@pytest.mark.parametrize(("label", "make"), EVERY_MAKER, ids=NAMES)
def test_same_seed_gives_the_same_marks(label: str, make: Maker) -> None:
    first = make(random.Random(7), "fr")
    make(random.Random(8), "en")

    assert first == make(random.Random(7), "fr")


@pytest.mark.parametrize("label", ["facture", "resume", "other"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_two_hundred_documents_use_many_different_words(label: str, language: str) -> None:
    makers = MAKERS[label]
    words: set[str] = set()
    for seed in range(200):
        drawing = makers[seed % len(makers)](random.Random(seed), language)
        words |= set(re.findall(r"[^\W\d_]{3,}", text_of(drawing).lower()))
    assert len(words) > 2000


def test_another_process_invents_the_same_people() -> None:
    script = (
        "import random\n"
        "from sake_ray.synthetic.identity.holders import invent_holder, read_countries\n"
        "from sake_ray.synthetic.people.fakers import LOCALES\n"
        "from sake_ray.synthetic.people.persons import invent_firm, invent_person\n"
        "for name in LOCALES:\n"
        "    rng = random.Random(3)\n"
        "    print([(invent_firm(rng, name), invent_person(rng, name)) for _ in range(5)])\n"
        "print([invent_holder(random.Random(seed), country) for country in read_countries() for seed in range(4)])\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }

    assert len(told) == 1
    assert {b"Firm(", b"Holder("} <= set(re.findall(rb"Firm\(|Holder\(", told.pop()))
