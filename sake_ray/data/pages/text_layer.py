"""Decide whether the text layer of a PDF page can be used instead of OCR."""

from collections.abc import Sequence
from enum import Enum
from functools import lru_cache

from sake_ray.domain.texts import Word

MIN_LETTERS = 20
# Over a page that is one image, a layer with fewer words is taken for a stamp.
MIN_WORDS_OVER_IMAGE = 60
FULL_IMAGE_SHARE = 0.5
MAX_STRANGE_SHARE = 0.05
# Known words on French and English pages: 75 to 98 %; in German, Spanish, Italian, Dutch and Latin texts 17 to 27 %, in Polish
# 4 %. Texts whose letters are shifted by a wrong character map: 0 to 10 %.
MIN_KNOWN_SHARE = 0.12
MIN_WORDS_TO_ASSESS = 20


class LayerQuality(Enum):
    """Whether to use the layer, to read the image instead, or to compare the two."""

    USABLE = "usable"
    DOUBTFUL = "doubtful"
    UNUSABLE = "unusable"


def assess_layer(words: Sequence[Word], *, image_share: float) -> LayerQuality:
    """Assess a layer: enough letters, no stamp on an image, no strange characters, known words.

    `image_share` is the share of the page under its largest image. A doubtful layer is used only where OCR reads no better.
    """
    text = "".join(word.text for word in words)
    if sum(character.isalnum() for character in text) < MIN_LETTERS:
        return LayerQuality.UNUSABLE
    if image_share >= FULL_IMAGE_SHARE and len(words) < MIN_WORDS_OVER_IMAGE:
        return LayerQuality.UNUSABLE
    if sum(map(_is_strange, text)) / len(text) > MAX_STRANGE_SHARE:
        return LayerQuality.UNUSABLE
    plain = [word.text.strip(".,;:()!?«»\"'").lower() for word in words]
    checked = [word for word in plain if len(word) >= 3 and word.isalpha()]
    if len(checked) >= MIN_WORDS_TO_ASSESS and known_share(checked) < MIN_KNOWN_SHARE:
        return LayerQuality.DOUBTFUL
    # Letters set one by one, or without spaces, are text to a reader but not words to a classifier.
    if len(words) >= MIN_WORDS_TO_ASSESS and not 1.7 <= len(text) / len(words) <= 20:
        return LayerQuality.DOUBTFUL
    return LayerQuality.USABLE


def known_share(words: Sequence[str]) -> float:
    """The share of these words that a French or English dictionary knows, 0–1; 0 for none."""
    return sum(map(_is_known, words)) / len(words) if words else 0.0


@lru_cache(maxsize=20_000)
def _is_known(word: str) -> bool:
    from simplemma import is_known  # its dictionaries take 0.3 s to load, and most documents never ask

    return bool(is_known(word, lang=("fr", "en")))


def _is_strange(character: str) -> bool:
    code = ord(character)
    return code == 0xFFFD or 0xE000 <= code <= 0xF8FF or code < 32 or 0x80 <= code <= 0x9F
