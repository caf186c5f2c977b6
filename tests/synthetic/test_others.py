"""What generated documents of no class promise to the training."""

import random
import re

import pytest

from sake_ray.synthetic import others
from sake_ray.synthetic.others.wording import read_abroad, read_kinds
from tests.synthetic.drawn import outside, text_of

LANGUAGES = ("fr", "en")


@pytest.mark.parametrize("make", others.MAKERS, ids=lambda make: make.__name__)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_maker_draws_sound_documents(make: others.Maker, language: str) -> None:
    for seed in range(3):
        drawing = make(random.Random(seed), language)
        assert (drawing.label, drawing.language) == ("other", language)
        assert 1 <= len(text_of(drawing).split()) <= 1200
        assert 1 <= len(drawing.sheets) <= 3
        assert all(sheet.true_text.strip() for sheet in drawing.sheets)
        assert not [mark for sheet in drawing.sheets for mark in outside(sheet)], seed
        assert not set("{}") & set(text_of(drawing)), "a template's mark is left"


@pytest.mark.parametrize("make", others.MAKERS, ids=lambda make: make.__name__)
def test_same_seed_gives_the_same_marks(make: others.Maker) -> None:
    first, second = (make(random.Random(7), "fr") for _ in range(2))
    make(random.Random(8), "en")
    assert first == second


@pytest.mark.parametrize("language", LANGUAGES)
def test_two_hundred_documents_use_many_different_words(language: str) -> None:
    words: set[str] = set()
    for seed in range(200):
        drawing = others.MAKERS[seed % len(others.MAKERS)](random.Random(seed), language)
        words |= set(re.findall(r"[^\W\d_]{3,}", text_of(drawing).lower()))
    assert len(words) > 2000


def test_there_are_many_kinds_and_only_cards_are_cards() -> None:
    assert len(others.MAKERS) >= 24
    drawings = [make(random.Random(1), "en") for make in others.MAKERS]
    assert len({drawing.kind for drawing in drawings}) == len(drawings)
    assert {drawing.kind for drawing in drawings if drawing.card} == {"business_card", "membership_card"}
    assert all((sheet.width, sheet.height) == (85, 55) for d in drawings if d.card for sheet in d.sheets)


def test_every_kind_has_words_in_every_language() -> None:
    assert read_kinds("fr").keys() == read_kinds("en").keys() == {make.__name__ for make in others.MAKERS}
    assert all(read_abroad(language).lines for language in ("de", "es", "it", "nl"))
