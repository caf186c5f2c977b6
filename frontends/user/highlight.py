"""Show a page with words marked on it."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from sake_ray.schemas.words import PageOut, WeightOut

MAX_MARKS = 25
MIN_SHARE = 0.08
"""Of the strongest weight; what is below decided nothing."""


@dataclass(frozen=True, slots=True)
class HighlightMark:
    """A word to mark: its box (0–1: left, top, right, bottom), why ("why" or "found"), and how strongly, 0–1."""

    box: tuple[float, float, float, float]
    kind: str
    text: str
    strength: float = 1.0


def page_html(picture: bytes, marks: Sequence[HighlightMark], alt: str) -> str:
    """The picture with its marks laid over it in percent of its size, so that they fit at any width."""
    data = b64encode(picture).decode()
    spots = "".join(_mark_html(mark) for mark in marks)
    return f'<div class="sheet"><img alt="{escape(alt)}" src="data:image/jpeg;base64,{data}">{spots}</div>'


def deciding(weights: Sequence[WeightOut], *, against: bool = False) -> list[WeightOut]:
    """The words that spoke for the class, strongest first; or those against it."""
    chosen = [weight for weight in weights if (weight.weight < 0) == against and weight.weight != 0]
    chosen.sort(key=lambda weight: -abs(weight.weight))
    strongest = max((abs(weight.weight) for weight in weights), default=0.0)
    return [weight for weight in chosen[:MAX_MARKS] if abs(weight.weight) >= MIN_SHARE * strongest]


def marks_of(pages: Sequence[PageOut], strengths: Mapping[int, float], kind: str) -> dict[int, list[HighlightMark]]:
    """The marks of each page; a word is told by its number, counted over the words of all pages from 0."""
    marks: dict[int, list[HighlightMark]] = {page.number: [] for page in pages}
    number = 0
    for page in pages:
        for word in page.words:
            if number in strengths:
                marks[page.number].append(HighlightMark(word.box, kind, word.text, strengths[number]))
            number += 1
    return marks


def strengths_of(weights: Sequence[WeightOut]) -> dict[int, float]:
    """How strongly each word is marked: as it weighs beside the strongest."""
    strongest = max((weight.weight for weight in weights), default=1.0)
    return {weight.word: weight.weight / strongest for weight in weights}


def plain(weights: Sequence[WeightOut], most: int) -> list[str]:
    """The words as a person reads them: without what OCR saw around them, each once, the strongest first."""
    texts: dict[str, str] = {}
    for weight in weights:
        text = weight.text.strip(" .,;:|[](){}<>*_=~'\"-–—")
        if text:
            texts.setdefault(text.casefold(), text)
    return list(texts.values())[:most]


def _mark_html(mark: HighlightMark) -> str:
    left, top, right, bottom = mark.box
    place = f"left:{left:.2%};top:{top:.2%};width:{right - left:.2%};height:{bottom - top:.2%}"
    strength = f"opacity:{0.45 + 0.55 * mark.strength:.2f}"
    return f'<mark class="{mark.kind}" style="{place};{strength}" title="{escape(mark.text)}"></mark>'
