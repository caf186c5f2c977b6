"""Join the words of a text layer with those that OCR has read, in reading order and none twice."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from sake_ray.domain.texts import Box, Word

MAX_OVERLAP = 0.5
SAME_ROW = 0.5
"""The share of the lower of two lines that must lie beside the other."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """The words of a line, and the box around them."""

    words: tuple[Word, ...]
    box: Box


def join_words(layer: Sequence[Word], read: Sequence[Word]) -> tuple[Word, ...]:
    """Join two readings of different parts of a page; where both have a word, the layer's counts.

    Each keeps its own order, which knows of columns; the lines of the shorter one are put between those of the longer one by
    where they lie, and lines beside each other become one.
    """
    known = np.array([(word.box.left, word.box.top, word.box.right, word.box.bottom) for word in layer]).reshape(-1, 4)
    new = [word for word in read if not _is_covered(word.box, known)]
    base, others = (_to_lines(words) for words in sorted((layer, new), key=len, reverse=True))
    for line in others:
        _insert(base, line)
    return tuple(replace(word, line=number) for number, line in enumerate(base) for word in line.words)


def _to_lines(words: Sequence[Word]) -> list[TextLine]:
    return [_to_line(tuple(line)) for _, line in groupby(words, key=lambda word: word.line)]


def _to_line(words: tuple[Word, ...]) -> TextLine:
    boxes = [word.box for word in words]
    return TextLine(
        words,
        Box(
            min(box.left for box in boxes), min(box.top for box in boxes),
            max(box.right for box in boxes), max(box.bottom for box in boxes),
        ),
    )  # fmt: skip


def _is_covered(box: Box, known: NDArray[np.float64]) -> bool:
    """Whether one of these boxes (rows of left, top, right, bottom) lies over most of a box."""
    across = np.minimum(known[:, 2], box.right) - np.maximum(known[:, 0], box.left)
    down = np.minimum(known[:, 3], box.bottom) - np.maximum(known[:, 1], box.top)
    area = (box.right - box.left) * (box.bottom - box.top)
    return bool(np.any((across > 0) & (down > 0) & (across * down > MAX_OVERLAP * area)))


def _insert(lines: list[TextLine], line: TextLine) -> None:
    for number, other in enumerate(lines):
        if _are_beside(other.box, line.box) and not _cross(other.box, line.box):
            words = sorted((*other.words, *line.words), key=lambda word: word.box.left)
            lines[number] = _to_line(tuple(words))
            return
    above = [number for number, other in enumerate(lines) if _middle(other.box) <= _middle(line.box)]
    same_column = [number for number in above if _cross(lines[number].box, line.box)]
    place = max(same_column or above, default=-1) + 1
    lines.insert(place, line)


def _are_beside(one: Box, other: Box) -> bool:
    common = min(one.bottom, other.bottom) - max(one.top, other.top)
    return common > SAME_ROW * min(one.bottom - one.top, other.bottom - other.top)


def _cross(one: Box, other: Box) -> bool:
    """Whether one lies above or below the other, at least in part."""
    return min(one.right, other.right) > max(one.left, other.left)


def _middle(box: Box) -> float:
    return (box.top + box.bottom) / 2
