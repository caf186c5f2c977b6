"""What generated invoices and CVs promise to the training."""

import os
import random
import re
import subprocess
import sys

import pytest

from sake_ray.synthetic import invoices, resumes
from sake_ray.synthetic.people.phrases import sentence, write
from tests.synthetic.drawn import outside, text_of

MAKERS = [*invoices.MAKERS, *resumes.MAKERS]
LANGUAGES = ("fr", "en")


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_maker_draws_sound_documents(make: invoices.Maker, language: str) -> None:
    label = "facture" if make in invoices.MAKERS else "resume"
    for seed in range(4):
        drawing = make(random.Random(seed), language)
        words = text_of(drawing).split()
        assert (drawing.label, drawing.language) == (label, language)
        assert 12 <= len(words) <= 2500
        assert 1 <= len(drawing.sheets) <= 6
        assert all(sheet.true_text.strip() for sheet in drawing.sheets)
        assert not [mark for sheet in drawing.sheets for mark in outside(sheet)], seed
        assert not set("{}") & set("".join(words)), "a template's mark is left"


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_same_seed_gives_the_same_marks(make: invoices.Maker) -> None:
    first, second = (make(random.Random(7), "fr") for _ in range(2))
    make(random.Random(8), "en")
    assert text_of(first) == text_of(second)
    assert first == second


def test_another_process_draws_the_same() -> None:
    script = (
        "import random\n"
        "from sake_ray.synthetic.people.fakers import LOCALES\n"
        "from sake_ray.synthetic.people.persons import invent_firm, invent_person\n"
        "for name in LOCALES:\n"
        "    rng = random.Random(3)\n"
        "    print([(invent_firm(rng, name), invent_person(rng, name)) for _ in range(5)])\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", script], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(told) == 1
    assert b"Firm(" in told.pop()


@pytest.mark.parametrize("makers", [invoices.MAKERS, resumes.MAKERS], ids=["facture", "resume"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_two_hundred_documents_use_many_different_words(makers: tuple[invoices.Maker, ...], language: str) -> None:
    words: set[str] = set()
    for seed in range(200):
        drawing = makers[seed % len(makers)](random.Random(seed), language)
        words |= set(re.findall(r"[^\W\d_]{3,}", text_of(drawing).lower()))
    assert len(words) > 2000


def test_not_every_document_names_itself() -> None:
    bills = [text_of(make(random.Random(seed), "fr")).lower() for make in invoices.MAKERS for seed in range(12)]
    assert 0.5 < sum("factur" in text for text in bills) / len(bills) < 0.995
    lives = [text_of(make(random.Random(seed), "fr")).lower() for make in resumes.MAKERS for seed in range(12)]
    assert sum(bool(re.search(r"\bcv\b|curriculum", text)) for text in lives) / len(lives) < 0.3


def test_template_choices_nest_and_slots_are_filled() -> None:
    written = {sentence(random.Random(seed), "{a|{b|c}} {tool} {2-3}", {"tool": ["saw"]}) for seed in range(60)}
    assert written == {f"{letter} saw {number}" for letter in "ABC" for number in (2, 3)}


def test_unknown_slot_stands_as_its_own_name() -> None:
    assert write(random.Random(1), "{name} here") == "name here"
