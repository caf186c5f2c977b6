"""What generated documents of no class promise to the training."""

import random

from sake_ray.synthetic import others
from sake_ray.synthetic.others.wording import read_abroad, read_kinds


def test_there_are_many_kinds_and_only_cards_are_cards() -> None:
    assert len(others.MAKERS) >= 24
    drawings = [make(random.Random(1), "en") for make in others.MAKERS]
    assert len({drawing.kind for drawing in drawings}) == len(drawings)
    assert {drawing.kind for drawing in drawings if drawing.card} == {"business_card", "membership_card"}
    assert all((sheet.width, sheet.height) == (85, 55) for d in drawings if d.card for sheet in d.sheets)


def test_every_kind_has_words_in_every_language() -> None:
    assert read_kinds("fr").keys() == read_kinds("en").keys() == {make.__name__ for make in others.MAKERS}
    assert all(read_abroad(language).lines for language in ("de", "es", "it", "nl"))
