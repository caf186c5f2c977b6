"""Decide whether the text layer of a PDF page can be used instead of OCR."""

from collections import Counter
from collections.abc import Sequence
from enum import Enum

from sake_ray.data.pages.vocabulary import find_script, fold, is_known, known_share, list_plain, sounds_natural
from sake_ray.domain.texts import Word

MIN_LETTERS = 20
MAX_STRANGE_SHARE = 0.05
# Known words on French and English pages: 75 to 98 %; in German, Spanish, Italian, Dutch and Latin texts 17 to 27 %, in Polish
# 4 %. Texts whose letters are shifted by a wrong character map: 0 to 10 %.
MIN_KNOWN_SHARE = 0.12
MIN_WORDS_TO_ASSESS = 20
MIN_AGREEMENT = 0.7
"""The share of words that two readings of the same print have in common: 0.8 and more where both are sound."""
STRANGERS = 0.3
"""Two readings that have less in common are not of the same words."""
CLEARLY_MORE = 1.15
SURE_SHARE = 0.5
SURE_WORDS = 15


class LayerQuality(Enum):
    """Whether to use the layer, to read the image instead, or to compare the two; a short one says too little to tell."""

    USABLE = "usable"
    DOUBTFUL = "doubtful"
    UNUSABLE = "unusable"
    SHORT = "short"


def assess_layer(words: Sequence[Word]) -> LayerQuality:
    """Assess a layer: enough letters, no strange characters, words of some language.

    A language that the dictionaries do not know is no fault: script and vowels tell it from a wrong character map. A doubtful
    layer is compared with what OCR reads.
    """
    text = "".join(word.text for word in words)
    if text and sum(map(_is_strange, text)) / len(text) > MAX_STRANGE_SHARE:
        return LayerQuality.UNUSABLE
    if sum(character.isalnum() for character in text) < MIN_LETTERS:
        return LayerQuality.SHORT
    script = find_script(text)
    if script not in {"LATIN", None}:
        return LayerQuality.USABLE
    checked = list_plain([word.text for word in words])
    if len(checked) >= MIN_WORDS_TO_ASSESS and known_share(checked) < MIN_KNOWN_SHARE:
        return LayerQuality.USABLE if script and sounds_natural(checked) else LayerQuality.DOUBTFUL
    # Letters set one by one, or without spaces, are text to a reader but not words to a classifier.
    if len(words) >= MIN_WORDS_TO_ASSESS and not 1.7 <= len(text) / len(words) <= 20:
        return LayerQuality.DOUBTFUL
    return LayerQuality.USABLE


def measure_agreement(layer: Sequence[str], reading: Sequence[str]) -> float:
    """Measure the share of the layer's plain words that were read as well, accents aside, 0–1; 0 without any."""
    one, other = (Counter(map(fold, list_plain(words))) for words in (layer, reading))
    return (one & other).total() / one.total() if one else 0.0


def is_layer_better(layer: Sequence[Word], reading: Sequence[Word]) -> bool:
    """Whether to keep the layer after OCR has read the page too.

    Where both say the same, the layer is sound. Otherwise dictionaries decide, not how sure OCR is of itself: in a language
    that it was not made for it is sure, and wrong.
    """
    texts, others = [word.text for word in layer], [word.text for word in reading]
    agreement = measure_agreement(texts, others)
    if agreement >= MIN_AGREEMENT:
        return True
    mine, read = list_plain(texts), list_plain(others)
    known_mine, known_read = sum(map(is_known, mine)), sum(map(is_known, read))
    if len(read) >= SURE_WORDS and known_read >= SURE_SHARE * len(read):
        return agreement >= STRANGERS and known_read <= CLEARLY_MORE * known_mine
    is_latin = find_script("".join(texts)) in {"LATIN", None}
    return not is_latin or sounds_natural(mine) or not sounds_natural(read)


def _is_strange(character: str) -> bool:
    code = ord(character)
    return code == 0xFFFD or 0xE000 <= code <= 0xF8FF or code < 32 or 0x80 <= code <= 0x9F
