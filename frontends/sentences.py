"""Say in the reader's language what the service words in English: by the sentence, with the figures and names in it.

The catalogues hold these sentences under `said`, in English exactly as the service words them, a {place} for what varies.
Documents keep the sentence of their error and nothing else, so that it is what can be known again.
"""

import re
from functools import cache

from frontends.i18n import Translations, read_catalogue

PLACE = re.compile(r"\\\{(\w+)\\\}")
THOUSANDS, DECIMALS = re.compile(r"(?<=\d),(?=\d{3}\b)"), re.compile(r"(?<=\d)\.(?=\d)")
NARROW = "\N{NARROW NO-BREAK SPACE}"


def translate(sentence: str, words: Translations) -> str:
    """The sentence in the reader's language; as it is where it is not known."""
    if words.language == "en" or not sentence:
        return sentence
    for pattern, key in _patterns():
        if found := pattern.fullmatch(sentence):
            places = {name: _localise(name, text, words) for name, text in found.groupdict().items()}
            return words(key, **places) if places else words(key)
    return sentence


def _localise(name: str, text: str, words: Translations) -> str:
    """A figure as it is written there; a sentence within the sentence translated; names as they are."""
    if name in {"doubt", "error"}:
        return translate(text, words)
    figures = re.fullmatch(r"[\d,.]+", text)
    return DECIMALS.sub(words("admin.point"), THOUSANDS.sub(NARROW, text)) if figures else text


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """The English sentences, those that say most of their own first: a place takes anything."""
    texts = [(text, key) for key, text in read_catalogue("en").items() if key.startswith("said.")]
    texts.sort(key=lambda pair: -len(re.sub(r"\{\w+\}", "", pair[0])))
    return [(re.compile(PLACE.sub(r"(?P<\1>.+?)", re.escape(text)), re.DOTALL), key) for text, key in texts]
