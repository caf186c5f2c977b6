"""Tell words from strings of letters, by the dictionaries of French and English and by letters alone."""

import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

EDGES = ".,;:()[]!?«»\"'’“”*"
NATURAL_VOWELS = (0.33, 0.6)
"""The share of vowels in texts of 20 languages of Latin letters: 0.36 (German, Czech) to 0.52 (Finnish).

Texts whose letters are shifted by a wrong character map have 0.14 to 0.28.
"""
MIN_VOICED = 0.85
"""The share of words of three letters and more that have a vowel: 0.93 and more in those languages."""
MIN_ONE_SCRIPT = 0.85
VOWELS = frozenset("aeiouy")
SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARABIC", "HEBREW", "DEVANAGARI", "THAI", "HANGUL", "GEORGIAN", "ARMENIAN")
IDEOGRAPHS = ("CJK", "HIRAGANA", "KATAKANA", "FULLWIDTH")
"""Written together in one text, so they count as one script."""


@lru_cache(maxsize=20_000)
def is_known(word: str) -> bool:
    """Whether a French or English dictionary knows a word in lower case."""
    from simplemma import is_known as looked_up  # its dictionaries take 0.3 s to load, and most documents never ask

    return bool(looked_up(word, lang=("fr", "en")))


def list_plain(words: Sequence[str]) -> list[str]:
    """The words of three letters and more and nothing else, in lower case."""
    plain = (word.strip(EDGES).lower() for word in words)
    return [word for word in plain if len(word) >= 3 and word.isalpha()]


def known_share(words: Sequence[str]) -> float:
    """The share of these words that a French or English dictionary knows, 0–1; 0 for none."""
    return sum(map(is_known, words)) / len(words) if words else 0.0


def find_script(text: str) -> str | None:
    """The script of nearly all letters of a text, such as LATIN or CJK; None where scripts are mixed, or without letters."""
    counts = Counter(_script_of(character) for character in text if character.isalpha())
    if not counts:
        return None
    script, count = counts.most_common(1)[0]
    return script if script and count >= MIN_ONE_SCRIPT * counts.total() else None


def sounds_natural(words: Sequence[str]) -> bool:
    """Whether plain words of Latin letters could be of some language, whichever: by their vowels."""
    folded = [fold(word) for word in words]
    letters = "".join(folded)
    if not letters:
        return False
    share = sum(letter in VOWELS for letter in letters) / len(letters)
    voiced = sum(any(letter in VOWELS for letter in word) for word in folded) / len(folded)
    return NATURAL_VOWELS[0] <= share <= NATURAL_VOWELS[1] and voiced >= MIN_VOICED


def fold(word: str) -> str:
    """The word in lower case without accents."""
    parts = unicodedata.normalize("NFKD", word.lower())
    return "".join(part for part in parts if not unicodedata.combining(part))


@lru_cache(maxsize=20_000)
def _script_of(character: str) -> str:
    name = unicodedata.name(character, "")
    if name.startswith(IDEOGRAPHS):
        return "CJK"
    return next((script for script in SCRIPTS if name.startswith(script)), "")
