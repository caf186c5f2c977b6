"""Clean the words of a document: the same way for training and for prediction."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from sake_ray.data.stop_words import STOP_WORDS
from sake_ray.domain import Token

CLEANING_VERSION = 1
UNKNOWN = "unknown"
# Fewer words than this, or a smaller share of them known, tell no language.
MIN_WORDS, MIN_SHARE, MIN_LEAD = 6, 0.3, 0.05
WORDS_TO_JUDGE = 400
LONGEST_TOKEN = 40

Tokens = tuple[Token, ...]
Step = Callable[[Tokens, str], Tokens]
"""Takes the tokens and the language of the document, gives the tokens that go on."""

# What never repeats to the letter is kept as its kind; the first pattern that fits the whole word counts.
MONTH = (
    r"(?:jan|janv|janvier|fév|févr|février|feb|february|mar|mars|march|avr|avril|apr|april|mai|may|juin|jun|june|juil|juillet|jul|july|"
    r"août|aug|august|sep|sept|septembre|september|oct|octobre|october|nov|novembre|november|déc|décembre|dec|december)"
)
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern))
    for kind, pattern in (
        ("_email", r"[\w.+-]+@[\w-]+(\.[\w-]+)+"),
        ("_url", r"(https?://|www\.)\S+|[\w-]+(\.[\w-]+)*\.(com|fr|org|net|io|eu|de|co\.uk)(/\S*)?"),
        ("_iban", r"[a-z]{2}\d{2}[a-z0-9]{10,30}"),
        ("_percent", r"[+-]?\d{1,3}([.,]\d+)?%"),
        ("_date", rf"\d{{1,4}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{1,2}}[./-]?{MONTH}[./-]?\d{{2,4}}"),
        ("_amount", r"[€$£]?-?\d{1,3}([ .,'’]\d{3})*[.,]\d{2}[€$£]?(eur|usd|gbp)?|[€$£]\d+([.,]\d+)?|\d+([.,]\d+)?[€$£]"),
        ("_year", r"(19|20)\d{2}"),
        ("_number", r"[+(]?\d[\d ().,/+-]*"),
    )
)
EDGES = ".,;:!?\"'()[]{}«»“”|*•·–—-_/\\"
# l', d', qu'… before a vowel, and the English 's after a word.
ELISION = re.compile(r"^(?:l|d|j|n|s|c|m|t|qu|jusqu|lorsqu|puisqu|quoiqu)'(?=\w)|'s$")
MACHINE_READABLE = re.compile(r"<{2,}")
PIECES = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The tokens that say something, each with the index of its source word, and the language "fr", "en" or "unknown"."""

    tokens: Tokens
    language: str


def clean_words(words: Sequence[str]) -> Cleaned:
    """Run the words through the steps in their order; the language is detected once they are tokens."""
    tokens = tuple(Token(text, index) for index, text in enumerate(words))
    for step in TO_TOKENS:
        tokens = step(tokens, UNKNOWN)
    language = detect_language([token.text for token in tokens])
    for step in TO_MEANING:
        tokens = step(tokens, language)
    return Cleaned(tokens, language)


def lower_case(tokens: Tokens, language: str) -> Tokens:
    """Bring compatible characters, ligatures and apostrophes to one form, and lower the case."""
    return tuple(Token(_plain(token.text), token.word) for token in tokens)


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).lower().replace("œ", "oe").replace("æ", "ae")
    return plain.replace("’", "'").replace("‘", "'").replace("´", "'")


def tokenise(tokens: Tokens, language: str) -> Tokens:
    """Part each word into tokens: its kind where it is a date, an amount or the like, else its runs of letters and digits.

    The fillers of a machine-readable zone become the one token "<<".
    """
    return tuple(Token(piece, token.word) for token in tokens for piece in _pieces(token.text))


@lru_cache(maxsize=50_000)
def _pieces(text: str) -> tuple[str, ...]:
    if len(text) > LONGEST_TOKEN * 4:  # a line without any space; patterns need not search it
        return tuple(piece[:LONGEST_TOKEN] for piece in islice(PIECES.findall(text), 50))
    if MACHINE_READABLE.search(text):
        return tuple(piece[:LONGEST_TOKEN] for piece in re.findall(r"<<(?=<*)|[^\W_]+", MACHINE_READABLE.sub("<<", text)))
    bare = text.strip(EDGES)
    for kind, pattern in KINDS:
        if pattern.fullmatch(bare):
            return (kind,)
    return tuple(piece[:LONGEST_TOKEN] for piece in PIECES.findall(ELISION.sub("", bare)))


def lemmatise(tokens: Tokens, language: str) -> Tokens:
    """Bring each word to its dictionary form, in a known language."""
    if language == UNKNOWN:
        return tokens
    return tuple(Token(_lemma(token.text, language), token.word) for token in tokens)


@lru_cache(maxsize=100_000)
def _lemma(text: str, language: str) -> str:
    from simplemma import lemmatize  # its dictionaries take 0.3 s to load

    if not text.isalpha():
        return text
    lemma = str(lemmatize(text, lang=language)).lower()
    return lemma if lemma.isalpha() else text


def drop_stop_words(tokens: Tokens, language: str) -> Tokens:
    """Drop the words that say nothing; of both languages when it is unknown."""
    stop_words = STOP_WORDS[language]
    return tuple(token for token in tokens if token.text not in stop_words)


def drop_one_letter_tokens(tokens: Tokens, language: str) -> Tokens:
    """Drop what is a single letter or digit: mostly specks and bullets."""
    return tuple(token for token in tokens if len(token.text) > 1)


TO_TOKENS: tuple[Step, ...] = (lower_case, tokenise)
# Stop words go before and after: a lemma may be one ("are" → "be"), and a stop word may have a lemma that is none.
TO_MEANING: tuple[Step, ...] = (drop_stop_words, lemmatise, drop_stop_words, drop_one_letter_tokens)


def detect_language(texts: Sequence[str]) -> str:
    """Tell French from English by the words that dictionaries know; "unknown" without enough of them or a clear lead.

    Function words decide between the two: names and numbers are known in both.
    """
    words = list(islice((text for text in texts if text.isalpha() and len(text) > 1), WORDS_TO_JUDGE))
    if len(words) < MIN_WORDS:
        return UNKNOWN
    share = {language: sum(_is_known(word, language) for word in words) / len(words) for language in ("fr", "en")}
    told = {language: sum(word in STOP_WORDS[language] for word in words) / len(words) for language in ("fr", "en")}
    evidence = {language: share[language] + told[language] for language in share}
    best, other = sorted(evidence, key=lambda language: -evidence[language])
    return best if share[best] >= MIN_SHARE and evidence[best] - evidence[other] >= MIN_LEAD else UNKNOWN


@lru_cache(maxsize=100_000)
def _is_known(word: str, language: str) -> bool:
    from simplemma import is_known  # as above

    return bool(is_known(word, lang=language))
