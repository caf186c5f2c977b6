"""Judge how well a page was read, by its sure words."""

import math
from collections.abc import Sequence

from sake_ray.data.ocr.engines import RecognizedWord

SURE_CONFIDENCE = 60.0
GOOD_WORDS = 15


def score(words: Sequence[RecognizedWord]) -> float:
    """Score a reading by the letters of its sure words, weighted by their confidence."""
    return math.fsum(len(word.text) * word.confidence / 100 for word in words if is_sure(word))


def is_sure(word: RecognizedWord) -> bool:
    """Return whether a word is long and confident enough to tell something."""
    return word.confidence >= SURE_CONFIDENCE and sum(map(str.isalnum, word.text)) >= 3


def mean_confidence(words: Sequence[RecognizedWord]) -> float:
    """Compute the mean confidence of the words, weighted by their letters."""
    letters = sum(len(word.text) for word in words)
    return math.fsum(word.confidence * len(word.text) for word in words) / letters if letters else 0.0


def is_good(words: Sequence[RecognizedWord], *, confidence: float) -> bool:
    """Return whether a page was read well enough to stop: many sure words, and in the mean that confidence."""
    return sum(map(is_sure, words)) >= GOOD_WORDS and mean_confidence(words) >= confidence
