"""What does the classifier look at in a document?"""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sake_ray.domain.texts import DocumentText, Page

WORD_CUES = ("machine_readable_zone", "words", "digits", "capitals")
# OCR confidence and the kind of source stay out: they tell how a document was scanned, not what it is.
PAGE_CUES = ("portrait", "card", "colour", "pages")
CUES = WORD_CUES + PAGE_CUES

LONGEST_WORD = 60
CARD_SHAPE = (1.3, 1.7)
MACHINE_READABLE = re.compile(r"[<«‹]{2,}")
ACCENTS = re.compile("[\u0300-\u036f]")
DIGIT = re.compile(r"\d")
# What Tesseract made of the letter on blurred or skewed print; an empty string is a letter it lost.
CONFUSIONS = {
    "o": "0", "0": "O", "l": "1", "1": "l", "i": "l", "e": "c", "c": "e", "a": "o", "s": "5", "5": "S", "b": "6",
    "g": "9", "m": "rn", "n": "ri", "u": "ii", "é": "e", "è": "e", "à": "a", "ç": "c", "t": "f", "f": "t", "h": "b",
    "v": "y", "r": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TextFeatures:
    """The words, the tokens each with the index of its word, and the cues of its pages."""

    words: tuple[str, ...]
    tokens: tuple[tuple[str, int], ...]
    page_cues: tuple[float, ...]

    @property
    def empty(self) -> bool:
        """Whether no letter or digit was read; specks on a blank page are often read as strokes."""
        return not any(letter.isalnum() for word in self.words for letter in word)

    @property
    def chars(self) -> str:
        """The text whose character n-grams count."""
        return " ".join(map(fold, self.words))

    @property
    def token_text(self) -> str:
        """The text whose tokens count."""
        return " ".join(token for token, _ in self.tokens)

    @property
    def cues(self) -> tuple[float, ...]:
        """The cues in the order of `CUES`, each 0–1."""
        return word_cues(self.words) + self.page_cues


def extract_features(text: DocumentText) -> TextFeatures:
    """Keep what counts of a document."""
    return TextFeatures(
        words=tuple(word.text for word in text.words),
        # A token of two parts would shift all that follow it.
        tokens=tuple((part[:LONGEST_WORD], token.word) for token in text.tokens for part in token.text.split()),
        page_cues=page_cues(text.pages),
    )


def fold(word: str) -> str:
    """Lower-case a word, without accents and with 0 for every digit: a date and an amount keep their shape only."""
    plain = unicodedata.normalize("NFKD", word[:LONGEST_WORD]).lower()
    return DIGIT.sub("0", ACCENTS.sub("", plain))


def word_cues(words: Sequence[str]) -> tuple[float, ...]:
    """Measure the writing: machine-readable zone, number of words, shares of digits and of capitals."""
    together = " ".join(words)
    zone = sum(len(run) for run in MACHINE_READABLE.findall(together))
    letters = sum(map(str.isalpha, together))
    digits = sum(map(str.isdigit, together))
    return (
        min(1.0, zone / 20),
        min(1.0, math.log1p(len(words)) / math.log(1001)),
        digits / max(1, letters + digits),
        sum(map(str.isupper, together)) / max(1, letters),
    )


def page_cues(pages: Sequence[Page]) -> tuple[float, ...]:
    """Measure the paper: its shape, its colour and the number of pages."""
    if not pages:
        return (0.0,) * len(PAGE_CUES)
    shape = pages[0].width / max(1, pages[0].height)
    return (
        float(shape < 0.85),
        float(CARD_SHAPE[0] <= shape <= CARD_SHAPE[1]),
        min(1.0, sum(page.colour for page in pages) / len(pages)),
        min(1.0, math.log(len(pages)) / math.log(10)),
    )


def augment(glimpse: TextFeatures, random: Random) -> TextFeatures:
    """Copy a document as a poor scan would show it: some of its words only, some letters misread."""
    kept = keep_some(len(glimpse.words), random)
    rate = random.choice((0.0, 0.03, 0.08, 0.15))
    new_index = {old: new for new, old in enumerate(kept)}
    return TextFeatures(
        words=tuple(misread(glimpse.words[index], rate, random) for index in kept),
        tokens=tuple(
            (misread(token, rate, random), new_index[word]) for token, word in glimpse.tokens if word in new_index
        ),
        page_cues=glimpse.page_cues,
    )


def keep_some(count: int, random: Random) -> list[int]:
    """Choose at least 4 of the words, few as often as many: one run of them, or some from everywhere."""
    least = min(4, count)
    size = round(math.exp(random.uniform(math.log(least), math.log(count)))) if least else 0
    if random.random() < 0.5:
        start = random.randint(0, count - size)
        return list(range(start, start + size))
    return sorted(random.sample(range(count), size))


def misread(word: str, rate: float, random: Random) -> str:
    """Change each letter with the given chance to one it is taken for; a word never vanishes."""
    if not rate:
        return word
    return "".join(CONFUSIONS.get(letter, letter) if random.random() < rate else letter for letter in word) or word
