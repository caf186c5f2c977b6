"""Extract from a document what the classifier sees of it, and augment it."""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sake_ray.classifier.legibility import MACHINE_READABLE, measure_legibility
from sake_ray.domain.texts import DocumentText, Page

WORD_CUES = ("machine_readable_zone", "words", "digits", "capitals")
# OCR confidence and the kind of source stay out: they say how a document was scanned, not what it is.
PAGE_CUES = ("portrait", "card", "colour", "pages")
CUES = WORD_CUES + PAGE_CUES

MAX_WORD_LENGTH = 60
CARD_SHAPE = (1.3, 1.7)
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
    def legibility(self) -> float:
        """How much the text looks like words at all, in bits a letter."""
        return measure_legibility(self.words)

    @property
    def char_text(self) -> str:
        """The text whose character n-grams count."""
        return " ".join(map(normalize_word, self.words))

    @property
    def token_text(self) -> str:
        """The text whose tokens count."""
        return " ".join(token for token, _ in self.tokens)

    @property
    def cues(self) -> tuple[float, ...]:
        """The cues in the order of `CUES`, each 0–1."""
        return measure_word_cues(self.words) + self.page_cues


def extract_features(text: DocumentText) -> TextFeatures:
    """Extract the features of a document."""
    return TextFeatures(
        words=tuple(word.text for word in text.words),
        # A token of two parts would shift all that follow it.
        tokens=tuple((part[:MAX_WORD_LENGTH], token.word) for token in text.tokens for part in token.text.split()),
        page_cues=measure_page_cues(text.pages),
    )


def normalize_word(word: str) -> str:
    """Lower-case a word, without accents and with 0 for every digit: a date and an amount keep their shape only."""
    plain = unicodedata.normalize("NFKD", word[:MAX_WORD_LENGTH]).lower()
    return DIGIT.sub("0", ACCENTS.sub("", plain))


def measure_word_cues(words: Sequence[str]) -> tuple[float, ...]:
    """Measure the writing: machine-readable zone, number of words, shares of digits and of capitals."""
    text = " ".join(words)
    zone = sum(len(run) for run in MACHINE_READABLE.findall(text))
    letters = sum(map(str.isalpha, text))
    digits = sum(map(str.isdigit, text))
    return (
        min(1.0, zone / 20),
        min(1.0, math.log1p(len(words)) / math.log(1001)),
        digits / max(1, letters + digits),
        sum(map(str.isupper, text)) / max(1, letters),
    )


def measure_page_cues(pages: Sequence[Page]) -> tuple[float, ...]:
    """Measure the paper: its shape, its colour and the number of pages."""
    if not pages:
        return (0.0,) * len(PAGE_CUES)
    shape = pages[0].width / max(1, pages[0].height)
    return (
        float(shape < 0.85),
        float(CARD_SHAPE[0] <= shape <= CARD_SHAPE[1]),
        min(1.0, math.fsum(page.colour for page in pages) / len(pages)),
        min(1.0, math.log(len(pages)) / math.log(10)),
    )


def augment(document: TextFeatures, random: Random) -> TextFeatures:
    """Copy a document as a poor scan would show it: some of its words only, some letters misread."""
    sampled = sample_words(len(document.words), random)
    rate = random.choice((0.0, 0.03, 0.08, 0.15))
    new_index = {old: new for new, old in enumerate(sampled)}
    return TextFeatures(
        words=tuple(misread(document.words[index], rate, random) for index in sampled),
        tokens=tuple(
            (misread(token, rate, random), new_index[word]) for token, word in document.tokens if word in new_index
        ),
        page_cues=document.page_cues,
    )


def sample_words(count: int, random: Random) -> list[int]:
    """Choose at least 4 of the words, few as often as many: one run of them, or some from everywhere."""
    smallest = min(4, count)
    size = round(math.exp(random.uniform(math.log(smallest), math.log(count)))) if smallest else 0
    if random.random() < 0.5:
        start = random.randint(0, count - size)
        return list(range(start, start + size))
    return sorted(random.sample(range(count), size))


def misread(word: str, rate: float, random: Random) -> str:
    """Replace each letter, with probability `rate`, by one it is mistaken for; a word never vanishes."""
    if not rate:
        return word
    return "".join(CONFUSIONS.get(letter, letter) if random.random() < rate else letter for letter in word) or word
