"""Measure how much of a text is words at all: a script that the reader does not know gives words that nobody knows."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

EDGE = "_"
LETTERS = EDGE + "abcdefghijklmnopqrstuvwxyz"
SCALE = "ponmlkjihgfedcba0123456789"
"""How usual three letters in a row are, in steps of STEP bits: "0" as by chance, "1" to "9" more usual, "a" to "p" less."""
STEP = 0.5
TABLE = Path(__file__).parent / "letter_trigrams.txt"
"""Made by scripts/letter_trigrams.py: a row for each two letters, in it a place for each third."""

MIN_LETTERS = 3
LEGIBLE, RAMP = 0.6, 0.5
"""A text counts in full from this legibility on, and for nothing at RAMP below it.

Measured, with Tesseract: scans of Hebrew, Cyrillic, Greek, Armenian and Georgian -1.8 to 0.35, of Arabic 0.35 to 0.55; of the
first corpus 2 % have 0.6 or less (cards of which hardly anything was read), the median is 1.2.
"""
ORDINARY_SHARE = 0.95
WHATEVER = -1000.0
"""A legibility below any: every text counts in full."""
# The machine-readable zone is no word in any language, and the best evidence there is.
MACHINE_READABLE = re.compile(r"[<«‹]{2,}")
FILLERS = re.compile(r"[<«‹]{5,}")
ZONE_LIFT = 2.0
MAX_DIGITS = 2
"""A word with more digits among its letters is a code, which says nothing; one or two are misread letters."""
ACCENTS = re.compile("[\u0300-\u036f]")
PART = re.compile(r"[^\W_]{3,}")
_SPELLED_OUT = str.maketrans(
    {"ß": "ss", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i"}
)


@dataclass(frozen=True, slots=True)
class WordLegibility:
    """The letters of a word, the sum of the lifts of their trigrams and how many there are, and whether it is odd."""

    letters: int
    lift: float
    trigrams: int
    odd: bool


def measure_legibility(words: Sequence[str]) -> float:
    """Measure how much a text looks like words in Latin letters: bits that a letter is likelier than by chance, about -3 to 2.

    Taken off is the share of letters in odd words: capitals after small letters, digits among letters. Words of fewer than three
    letters and codes say nothing; a text without others, or with a machine-readable zone, counts as legible. Letters of other
    scripts are no words: the classifier knows none of them.
    """
    if any(map(FILLERS.search, words)):
        return ZONE_LIFT
    measured = [measure_word(word[:60]) for word in words if says_something(word)]
    letters, trigrams = sum(word.letters for word in measured), sum(word.trigrams for word in measured)
    if not letters:
        return LEGIBLE
    return (
        math.fsum(word.lift for word in measured) / trigrams
        - sum(word.letters for word in measured if word.odd) / letters
    )


def says_something(word: str) -> bool:
    """Whether a word has letters enough to be judged by, and is no code."""
    return sum(map(str.isalpha, word)) >= MIN_LETTERS and (
        sum(map(str.isdigit, word)) <= MAX_DIGITS or MACHINE_READABLE.search(word) is not None
    )


def weigh_evidence(legibility: NDArray[np.floating[Any]], legible: float) -> NDArray[np.floating[Any]]:
    """How much each text counts by its legibility: 0 for one of no words, 1 from `legible` on."""
    return np.asarray(np.clip((legibility - legible) / RAMP + 1, 0, 1))


def fit_legible(legibility: NDArray[np.floating[Any]]) -> float:
    """Find from which legibility on a text counts in full, by that of a training set, of which 95 % should.

    Who trains on texts in another script, or on codes, wants them to count: then all do.
    """
    if not len(legibility):
        return LEGIBLE
    lowest = float(np.quantile(legibility, 1 - ORDINARY_SHARE))
    return min(LEGIBLE, lowest) if lowest >= LEGIBLE - RAMP else WHATEVER


@lru_cache(maxsize=50_000)
def measure_word(word: str) -> WordLegibility:
    """Measure one word."""
    letters = sum(map(str.isalpha, word))
    if MACHINE_READABLE.search(word):
        return WordLegibility(letters, ZONE_LIFT * letters, letters, odd=False)
    folded = fold_letters(word)
    if 2 * len(folded) < letters:  # another script, beside which there may be words: of passports in two languages
        return WordLegibility(letters, 0.0, letters, odd=False)
    table, places = read_table(), [0, *(LETTERS.index(letter) for letter in folded), 0]
    lift = STEP * float(table[places[:-2], places[1:-1], places[2:]].sum())
    return WordLegibility(letters, lift, len(folded), odd=any(map(is_odd, PART.findall(word))))


def is_odd(part: str) -> bool:
    """Whether capitals come after small letters, or digits among three letters and more: so misread strokes look."""
    letters = "".join(filter(str.isalpha, part))
    if len(letters) < MIN_LETTERS:
        return False
    return not (letters.isupper() or letters[1:].islower()) or len(letters) < len(part)


def fold_letters(word: str) -> str:
    """Keep the Latin letters of a word, in lower case and without accents."""
    plain = unicodedata.normalize("NFKD", word[:60].lower().translate(_SPELLED_OUT))
    return "".join(letter for letter in ACCENTS.sub("", plain) if letter in LETTERS and letter != EDGE)


@lru_cache(maxsize=1)
def read_table() -> NDArray[np.int8]:
    """Read the table as an array of steps, by first, second and third letter."""
    rows = [line.split(" ")[1] for line in TABLE.read_text(encoding="ascii").splitlines()]
    steps = [SCALE.index(step) - SCALE.index("0") for row in rows for step in row]
    return np.array(steps, np.int8).reshape((len(LETTERS),) * 3)
