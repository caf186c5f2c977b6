"""Show a page with words marked on it."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from sake_ray.schemas import PageOut, WeightOut

MOST_MARKS = 25
LEAST_SHARE = 0.08
"""Of the strongest weight; what is below decided nothing."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A word to mark: its box (0–1: left, top, right, bottom), why ("why" or "found"), and how strongly, 0–1."""

    box: tuple[float, float, float, float]
    kind: str
    text: str
    strength: float = 1.0


def page_html(picture: bytes, marks: Sequence[Mark], alt: str) -> str:
    """The picture with its marks laid over it in percent of its size, so that they fit at any width."""
    data = b64encode(picture).decode()
    spots = "".join(_mark_html(mark) for mark in marks)
    return f'<div class="sheet"><img alt="{escape(alt)}" src="data:image/jpeg;base64,{data}">{spots}</div>'


def deciding(weights: Sequence[WeightOut], *, against: bool = False) -> list[WeightOut]:
    """The words that spoke for the class, strongest first; or those against it."""
    chosen = [weight for weight in weights if (weight.weight < 0) == against and weight.weight != 0]
    chosen.sort(key=lambda weight: -abs(weight.weight))
    strongest = max((abs(weight.weight) for weight in weights), default=0.0)
    return [weight for weight in chosen[:MOST_MARKS] if abs(weight.weight) >= LEAST_SHARE * strongest]


def marks_of(pages: Sequence[PageOut], weights: Sequence[WeightOut]) -> Mapping[int, list[Mark]]:
    """The marks of each page; a weight counts its word over the words of all pages."""
    strongest = max((weight.weight for weight in weights), default=1.0)
    by_word = {weight.word: weight.weight / strongest for weight in weights}
    marks: dict[int, list[Mark]] = {page.number: [] for page in pages}
    number = 0
    for page in pages:
        for word in page.words:
            if number in by_word:
                marks[page.number].append(Mark(word.box, "why", word.text, by_word[number]))
            number += 1
    return marks


def _mark_html(mark: Mark) -> str:
    left, top, right, bottom = mark.box
    place = f"left:{left:.2%};top:{top:.2%};width:{right - left:.2%};height:{bottom - top:.2%}"
    strength = f"opacity:{0.45 + 0.55 * mark.strength:.2f}"
    return f'<mark class="{mark.kind}" style="{place};{strength}" title="{escape(mark.text)}"></mark>'
