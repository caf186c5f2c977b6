"""What generated invoices and CVs promise to the training."""

import random
import re

from sake_ray.synthetic import invoices, resumes
from sake_ray.synthetic.people.phrases import sentence, write
from tests.synthetic.drawn import text_of


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
