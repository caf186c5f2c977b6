"""Make sake_ray/classifier/letter_trigrams.txt from the word lists of simplemma: how usual each three letters in a row are.

    .venv/bin/python scripts/letter_trigrams.py > sake_ray/classifier/letter_trigrams.txt

A minute or two. The lists are sampled, so that no language counts for the number of its inflections.
"""

import sys
from collections.abc import Iterator
from random import Random

import numpy as np
from simplemma.strategies.dictionaries.dictionary_factory import DefaultDictionaryFactory

from sake_ray.classifier.legibility import EDGE, LETTERS, SCALE, STEP, fold_letters

# The languages of the papers here, and most that are written in Latin letters: names come from everywhere.
LANGUAGES = {
    "fr": 3, "en": 3, "de": 1, "es": 1, "it": 1, "nl": 1, "pt": 1, "pl": 1, "ro": 1, "cs": 1, "sv": 1, "hu": 1, "fi": 1,
    "tr": 1, "hbs": 1, "sk": 1, "id": 1,
}  # fmt: skip
WORDS = 80_000
RARE = 1e-7


def read_words(language: str) -> list[str]:
    """Read the words of a language that are written in Latin letters, folded, at most WORDS of them."""
    dictionary = DefaultDictionaryFactory().get_dictionary(language)
    words = sorted({fold_letters(word) for word in dictionary if word.isalpha()} - {""})
    return words if len(words) <= WORDS else Random(1).sample(words, WORDS)


def count_trigrams(words: list[str]) -> "np.ndarray[tuple[int, int, int], np.dtype[np.float64]]":
    """Count each three letters in a row, the edges of a word included."""
    counts = np.zeros((len(LETTERS),) * 3)
    for word in words:
        places = [LETTERS.index(letter) for letter in f"{EDGE}{word}{EDGE}"]
        np.add.at(counts, (places[:-2], places[1:-1], places[2:]), 1)
    return counts


def make_rows() -> Iterator[str]:
    """Make a row for each two letters: for each third how much likelier than by chance it is, as a letter of the scale."""
    shares = sum(
        weight * (counts := count_trigrams(read_words(language))) / counts.sum()
        for language, weight in LANGUAGES.items()
    ) / sum(LANGUAGES.values())
    lift = np.log2((shares + RARE) / (shares.sum(axis=2, keepdims=True) + len(LETTERS) * RARE) * len(LETTERS))
    steps = np.clip(np.rint(lift / STEP), -SCALE.index("0"), len(SCALE) - 1 - SCALE.index("0")).astype(int)
    for first, plane in zip(LETTERS, steps, strict=True):
        for second, row in zip(LETTERS, plane, strict=True):
            yield f"{first}{second} {''.join(SCALE[step + SCALE.index('0')] for step in row)}"


if __name__ == "__main__":
    sys.stdout.write("".join(f"{row}\n" for row in make_rows()))
