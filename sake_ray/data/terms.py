"""Turn words into the terms that documents are found by: one way of writing, and stems in French and English.

Documents and questions go through the same functions, so that what is forgiven here is found: capitals, accents, ligatures,
elisions, plurals, and most other forms of a word. A term is made of the letters a-z and digits only, so that no database
takes it apart: "x" and the word as it is written, or "f" or "e" and a French or English stem.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import simplemma

from sake_ray.data.stop_words import STOP_WORDS
from sake_ray.errors import InputError

Terms = tuple[tuple[str, ...], ...]
"""The terms of each word of a document, in order."""
Wanted = tuple[frozenset[str], ...]
"""What a document must have to be found: of each set at least one term."""

MAX_WANTED = 32
"""The words a question may have."""
MAX_LETTERS = 50
MAX_LETTERS = 400_000
"""Letters of all terms of a document; what comes after is not indexed. PostgreSQL takes less than 1 MB a document."""

LANGUAGES = {"fr": "f", "en": "e"}
# By hand, for words that are folded: 96 % of 1,500 pairs of French forms, one without accents, meet in a term, 100 % of
# English ones. simplemma's lemmas alone: 81 % and 100 %; Snowball's stems on top of them 98 % and 100 %, for one more package.
SUFFIXES = {
    "fr": "issements issement ements ement amment emment ations ation ateurs ateur atrices atrice itions ition euses euse trices "
    "trice teurs teur eurs eur ieres iere iers ier ives ive ifs if aux ales ale als al elles elle els el enes ennes enne ens "
    "en onnes onne ables able antes ante ants ant entes ente ents ent issons issez issent issait ions iez ons ez ees ee es e "
    "ais ait aient er ir re is it us u s x i",
    "en": "ments ment ations ation ings ing edly ed ers er ors or ies ied ier iest ly es s e y",
}
LONGEST_FIRST = {name: sorted(suffixes.split(), key=len, reverse=True) for name, suffixes in SUFFIXES.items()}

_PART = re.compile(
    r"(?:jusqu|lorsqu|puisqu|quoiqu|qu|[ldjnsmtc])['’ʼ‘`´](?=[^\W_])|(?<=[^\W_])['’ʼ‘`´]s(?![^\W_])|(?P<part>[^\W_]+)",
    re.IGNORECASE,
)
_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})


def index_terms(words: Sequence[str], language: str) -> Terms:
    """Make the terms of the words of a document; of an endless one only those of its beginning."""
    terms: list[tuple[str, ...]] = []
    letters = 0
    for word in words:
        found = tuple(dict.fromkeys(term for part in split(word) for term in terms_of(part, language)))
        letters += sum(map(len, found))
        if letters > MAX_LETTERS:
            break
        terms.append(found)
    return tuple(terms)


def wanted_terms(question: str) -> Wanted:
    """Make of each word of a question the terms that answer it; without function words, if there are others.

    Raises InputError for more words than can be sought at a time.
    """
    parts = list(dict.fromkeys(split(question)))
    parts = [part for part in parts if fold(part) not in _STOP_WORDS] or parts
    if len(parts) > MAX_WANTED:
        raise InputError(f"This looks for {len(parts)} words; look for at most {MAX_WANTED} at a time.")
    return tuple(dict.fromkeys(frozenset(terms) for part in parts if (terms := terms_of(part, "unknown"))))


def matching_words(words: Sequence[str], language: str, wanted: Wanted) -> tuple[int, ...]:
    """The indexes of the words that a question was answered by."""
    terms = frozenset().union(*wanted)
    return tuple(
        number
        for number, word in enumerate(words)
        if any(not terms.isdisjoint(terms_of(part, language)) for part in split(word))
    )


def split(text: str) -> list[str]:
    """Part a text at everything but letters and digits; elided articles and the English 's are dropped."""
    return [match["part"][:MAX_LETTERS] for match in _PART.finditer(text) if match["part"]]


@lru_cache(maxsize=50_000)
def terms_of(part: str, language: str) -> tuple[str, ...]:
    """The terms of one part of a word, in the language of its document; in both when it is unknown."""
    written = fold(part)
    terms = ["x" + written] if written else []
    if part.isalpha() and len(part) > 2:
        for name, mark in LANGUAGES.items():
            if language in (name, "unknown"):
                lemma = fold(simplemma.lemmatize(part.lower(), lang=name))
                terms += [mark + stem(form, name) for form in (written, lemma) if form]
    return tuple(dict.fromkeys(terms))


def fold(part: str) -> str:
    """Write a part one way: small letters without accents or ligatures; letters that are not a-z by their number."""
    plain = unicodedata.normalize("NFKD", part.casefold().translate(_LETTERS))
    letters = (character for character in plain if not unicodedata.combining(character) and character.isalnum())
    return "".join(c if c.isascii() else f"u{ord(c):x}" for c in letters)


def stem(word: str, language: str) -> str:
    """Cut the ending off a folded word, as long as enough of it stays."""
    for suffix in LONGEST_FIRST[language]:
        if word.endswith(suffix) and len(word) - len(suffix) >= (4 if len(suffix) > 1 else 3):
            word = word[: -len(suffix)]
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


_STOP_WORDS = frozenset(fold(word) for word in STOP_WORDS["unknown"])
