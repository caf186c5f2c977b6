"""Highlight words on the picture of a page."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from sake_ray.schemas.words import PageOut, WeightOut

MAX_MARKS = 25
MIN_SHARE = 0.08
"""Of the strongest weight; weaker words decided nothing."""


@dataclass(frozen=True, slots=True)
class HighlightMark:
    """A word to mark: its box (0–1: left, top, right, bottom), why ("why" or "found"), and how strongly, 0–1."""

    box: tuple[float, float, float, float]
    kind: str
    text: str
    strength: float = 1.0


def page_html(picture: bytes, marks: Sequence[HighlightMark], alt: str) -> str:
    """The picture with its marks, positioned in percent so that they fit at any width."""
    data = b64encode(picture).decode()
    spots = "".join(_mark_html(mark) for mark in marks)
    return f'<div class="sheet"><img alt="{escape(alt)}" src="data:image/jpeg;base64,{data}">{spots}</div>'


def select_deciding(weights: Sequence[WeightOut], *, against: bool = False) -> list[WeightOut]:
    """Select the words for the class, or those against it, strongest first."""
    chosen = [weight for weight in weights if (weight.weight < 0) == against and weight.weight != 0]
    chosen.sort(key=lambda weight: -abs(weight.weight))
    strongest = max((abs(weight.weight) for weight in weights), default=0.0)
    return [weight for weight in chosen[:MAX_MARKS] if abs(weight.weight) >= MIN_SHARE * strongest]


def place_marks(pages: Sequence[PageOut], strengths: Mapping[int, float], kind: str) -> dict[int, list[HighlightMark]]:
    """Make the marks of each page; a word is known by its number, counted from 0 over all pages."""
    marks: dict[int, list[HighlightMark]] = {page.number: [] for page in pages}
    number = 0
    for page in pages:
        for word in page.words:
            if number in strengths:
                marks[page.number].append(HighlightMark(word.box, kind, word.text, strengths[number]))
            number += 1
    return marks


def scale_weights(weights: Sequence[WeightOut]) -> dict[int, float]:
    """Scale weights to the strongest, for the opacity of the marks."""
    strongest = max((weight.weight for weight in weights), default=1.0)
    return {weight.word: weight.weight / strongest for weight in weights}


def clean_words(weights: Sequence[WeightOut], max_words: int) -> list[str]:
    """Clean words for display: without stray characters from OCR, each once, strongest first."""
    texts: dict[str, str] = {}
    for weight in weights:
        text = weight.text.strip(" .,;:|[](){}<>*_=~'\"-–—")
        if text:
            texts.setdefault(text.casefold(), text)
    return list(texts.values())[:max_words]


def _mark_html(mark: HighlightMark) -> str:
    left, top, right, bottom = mark.box
    place = f"left:{left:.2%};top:{top:.2%};width:{right - left:.2%};height:{bottom - top:.2%}"
    strength = f"opacity:{0.45 + 0.55 * mark.strength:.2f}"
    return f'<mark class="{mark.kind}" style="{place};{strength}" title="{escape(mark.text)}"></mark>'
