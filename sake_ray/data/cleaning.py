"""Clean the words of a document into tokens that are the same in all documents of a class."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

import simplemma

from sake_ray.data.stop_words import STOP_WORDS
from sake_ray.domain.texts import Token

CLEANING_VERSION = 1
"""Part of every recipe: raise it when the same words would give different tokens."""

MRZ = "<<"
"""The token for a filler of the machine-readable zone of a passport or identity card."""

MAX_LETTERS = 50
"""Longer runs without a space are not words but encoded data, or a failed reading."""

MIN_EVIDENCE = 6
MIN_SHARE = 0.5
MIN_LEAD = 0.2
"""The words, the share of known ones, and the lead over the other language that a language needs.

Measured with simplemma 2.0: clean French or English 0.7 to 1.0 against 0.3 to 0.4, Spanish 0.47 as French, Italian 0.27.
"""
ENOUGH_EVIDENCE = 1000

Tokens = tuple[Token, ...]
Step = Callable[[Tokens, str], Tokens]


@dataclass(frozen=True, slots=True)
class CleanedText:
    """Tokens in reading order, and the language that decided their lemmas: "fr", "en" or "unknown"."""

    tokens: Tokens
    language: str


def clean_words(words: Sequence[str]) -> CleanedText:
    """Clean the words of a document; each token has the index of its word, the first one where a date or amount spans several."""
    tokens = tuple(Token(word, index) for index, word in enumerate(words))
    for step in FIRST_STEPS:
        tokens = step(tokens, "unknown")
    language = detect_language(tokens)
    for step in LAST_STEPS:
        tokens = step(tokens, language)
    return CleanedText(tokens, language)


def lower_case(tokens: Tokens, language: str) -> Tokens:
    """Normalize letters: lower case, composed (NFKC), without ligatures, with straight apostrophes and dashes."""
    # A hostile file could fill the memory with cached words of a megabyte.
    lowered = (_lower_often(t.text) if len(t.text) <= MAX_LETTERS else _lower(t.text) for t in tokens)
    return tuple(Token(text, token.word) for text, token in zip(lowered, tokens, strict=True) if text)


def tokenize(tokens: Tokens, language: str) -> Tokens:
    """Split at everything but letters and digits; replace dates, amounts and the like by their kind, e.g. "_amount".

    Elided articles (l', qu') and the English 's are dropped. Kinds may span words: OCR splits "1 234,56 €".
    """
    text = " ".join(token.text for token in tokens)
    starts = list(accumulate((len(token.text) + 1 for token in tokens), initial=0))
    found: list[Token] = []
    for match in PATTERN.finditer(text):
        if named := _name(match):
            found.append(Token(named, tokens[bisect_right(starts, match.start()) - 1].word))
    return tuple(found)


def detect_language(tokens: Tokens) -> str:
    """Detect "fr" or "en" by the share of known words; "unknown" without clear evidence."""
    letters = [t.text for t in tokens if len(t.text) > 2 and t.text.isalpha()][:ENOUGH_EVIDENCE]
    if len(letters) < MIN_EVIDENCE:
        return "unknown"
    shares = dict(simplemma.langdetect(" ".join(letters), lang=("fr", "en")))
    first, second = sorted(("fr", "en"), key=lambda language: -shares[language])
    clear = shares[first] >= MIN_SHARE and shares[first] - shares[second] >= MIN_LEAD
    return first if clear else "unknown"


def lemmatize(tokens: Tokens, language: str) -> Tokens:
    """Replace each word by its lemma; kinds, stop words and texts of unknown language stay as they are."""
    if language == "unknown":
        return tokens
    return tuple(Token(_lemma(token.text, language), token.word) for token in tokens)


def drop_stop_words(tokens: Tokens, language: str) -> Tokens:
    """Drop the stop words of the language, or of both when it is unknown."""
    stop_words = STOP_WORDS[language]
    return tuple(token for token in tokens if token.text not in stop_words)


def drop_one_letter(tokens: Tokens, language: str) -> Tokens:
    """Drop single letters and digits: initials, bullets, and most of what OCR reads into lines and stains."""
    return tuple(token for token in tokens if len(token.text) > 1)


FIRST_STEPS: tuple[Step, ...] = (lower_case, tokenize)
"""The steps before the language is known."""
LAST_STEPS: tuple[Step, ...] = (lemmatize, drop_stop_words, drop_one_letter)
"""The steps after."""

# NFKC would decompose the accents that are used as apostrophes, and turn the º in "nº" into "o".
_ALIKE = str.maketrans(
    {
        **dict.fromkeys("’‘ʼʻ`´′＇‛", "'"),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", None),
        **{"º": "°", "œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "№": "n°", "‹": "<"},
    }
)


def _lower(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(_ALIKE)).lower()


_lower_often = lru_cache(maxsize=50_000)(_lower)


@lru_cache(maxsize=50_000)
def _lemma(text: str, language: str) -> str:
    # Stop words are compared as written: simplemma makes "son" of "vos", and "we" of the country "US".
    if not text.isalpha() or text in STOP_WORDS[language]:
        return text
    lemma = simplemma.lemmatize(text, lang=language).lower()
    return lemma if lemma.isalpha() and lemma not in STOP_WORDS[language] else text


_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH_NUMBER = r"(?:0?[1-9]|1[0-2])"
_YEAR = r"(?:19|20)\d\d"
_MONTH_NAME = (
    r"(?:janvier|janv|january|jan|f[ée]vrier|february|f[ée]vr?|feb|mars|march|mar|avril|april|avr|apr|mai|may|juin|june|jun"
    r"|juillet|july|juil|jul|ao[uû]t|august|aug|septembre|september|sept|sep|octobre|october|oct|novembre|november|nov"
    r"|d[ée]cembre|december|d[ée]c)"
)
# Passports name the month in two languages: "13 JUIL/JUL 90".
_MONTH = rf"{_MONTH_NAME}(?: ?/ ?{_MONTH_NAME})?\.?(?![^\W\d_])"
_CURRENCY = r"(?:k?€|\$|£|(?:eur|euros?|usd|gbp|chf|dollars?|pounds?)(?![^\W_]))"
_FIGURE = r"(?:\d{1,3}(?:[ .,']\d{3}){1,4}|\d{1,12})"

# In order: the first match wins. Every repetition has a limit, so that no text is slow.
KINDS: dict[str, str] = {
    "_email": r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}",
    "_url": r"(?:https?://|www\.)\S{1,500}|[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.(?:fr|com|net|org|eu|io|info|uk)(?![\w.-])(?:/\S{0,500})?",
    # Not the second line of a passport, which has fillers behind it.
    "_iban": r"(?!\w{0,40}[<«])[a-z]{2}\d\d(?=(?:\D{0,6}\d){8}) ?[a-z\d]{4}(?: ?(?=[a-z]{0,3}\d)[a-z\d]{4}){2,6}"
    r"(?: ?(?=[a-z]{0,2}\d)[a-z\d]{1,3})?(?![^\W_])",
    "_date": rf"{_DAY}(?P<by>[./-]){_MONTH_NUMBER}(?P=by)(?:{_YEAR}|\d\d)(?![./-]?\d)"
    rf"|{_MONTH_NUMBER}(?P<to>[./-]){_DAY}(?P=to)(?:{_YEAR}|\d\d)(?![./-]?\d)"
    rf"|{_YEAR}([./-]){_MONTH_NUMBER}[./-]{_DAY}(?!\d)|(?:0[1-9]|[12]\d|3[01]) (?:0[1-9]|1[0-2]) {_YEAR}(?!\d)"
    rf"|{_DAY}(?:er|st|nd|rd|th)?(?: of)?[ .-]?{_MONTH},?[ .-]?(?:{_YEAR}(?!\d)|\d\d(?!\d))?"
    rf"|{_MONTH} {_DAY}(?:st|nd|rd|th)?,? {_YEAR}(?!\d)",
    "_month": rf"{_MONTH}[ .-]?{_YEAR}(?!\d)|(?:0[1-9]|1[0-2])[/.-]{_YEAR}(?!\d)",
    "_percent": r"\d{1,4}(?:[.,]\d{1,4})? ?%",
    "_time": r"(?:[01]?\d|2[0-3]) ?[h:][0-5]\d(?::[0-5]\d)?(?![\d:])",
    "_height": r"(?:1[.,][3-9]\d|2[.,][01]\d) ?m(?![^\W_])|1 ?m ?[3-9]\d(?![^\W_])",
    "_amount": rf"{_FIGURE}(?:[.,]\d{{1,4}})? ?{_CURRENCY}(?:\d\d(?!\d))?|{_CURRENCY} ?{_FIGURE}(?:[.,]\d{{1,2}})?(?!\d)"
    rf"|{_FIGURE}[.,]\d\d(?![.,]?\d)",
    "_phone": r"(?:(?:\+|00)[1-9]\d{0,2}[ .-]?(?:\(0\)[ .-]?)?\(?\d(?:[ .-]?\d){1,3}(?:\)?[ .-]?\d){5,8}"
    r"|0[1-9](?:[ .-]?\d\d){4}|0 ?8\d\d(?: ?\d{3}){2}|\(0\d{2,4}\) ?\d{3,4} ?\d{3,4}|0\d{2,4}[ -]\d{3,4}[ -]?\d{3,4}|0\d{10}"
    r"|(?:1[ .-])?(?:\(\d{3}\) ?\d{3}[ .-]?\d{4}|\d{3}[ .-]\d{3}[ .-]\d{4}))(?: ?x ?\d{1,5})?(?![ .-]?\d)",
    "_number": r"[12] \d\d \d\d \d\d \d{3} \d{3}(?: \d\d)?(?!\d)|\d{1,3}(?: \d{3}){1,6}(?: \d{5})?(?!\d)|\d{1,15}[.,]\d{1,15}",
}

# A word of letters before another one starts no kind. Most words are such; trying them first halves the time.
_PLAIN = rf"(?P<plain>[^\W\d_]{{2,{MAX_LETTERS}}}(?= [^\W\d_]{{2}}))"

PATTERN = re.compile(
    rf"(?<![^\W_])(?:{_PLAIN}|"
    + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in KINDS.items())
    + r"|(?P<drop>(?:jusqu|lorsqu|puisqu|quoiqu|qu|[ldjnsmtc])'(?=[^\W_])|(?<=')s(?![^\W_])|[a-z]{2,6}n't(?![^\W_]))"
    + r"|(?P<join>aujourd'hui|prud'hom[a-z]{1,6})|(?P<no>n ?°s?))"
    + r"|(?P<mrz>[<«]{2,}|(?<=[^\W_])«(?=[^\W_]))|(?P<word>[^\W_]+)"
)


def _name(match: re.Match[str]) -> str:
    """Name the token of a match; empty for what is dropped."""
    kind, text = match.lastgroup, match.group()
    if kind == "plain":
        return text
    if kind == "word":
        return _name_word(text)
    if kind == "join":
        return text.replace("'", "")
    return {"drop": "", "mrz": MRZ, "no": "numéro"}.get(str(kind), str(kind))


def _name_word(text: str) -> str:
    if text.isalpha():
        return text if len(text) <= MAX_LETTERS else ""
    digits = sum(character.isdigit() for character in text)
    if digits == len(text):
        if len(text) == 4 and text.startswith(("19", "20")):
            return "_year"
        return "_number" if digits > 3 else text
    return "_code" if digits > 2 else text if len(text) <= MAX_LETTERS else ""
