"""Turn words into search terms: normalized words, and stems in French and English.

Documents and queries go through the same functions, so that differences in capitals, accents, ligatures, elisions, plurals
and most other forms of a word do not matter. A term is made of the letters a-z and digits only, so that no database
splits it: "x" and the word as it is written, or "f" or "e" and a French or English stem.
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
QueryTerms = tuple[frozenset[str], ...]
"""What a document must contain to be found: at least one term of each set."""

MAX_QUERY_WORDS = 32
"""The words a question may have."""
MAX_PART_LETTERS = 50
MAX_INDEXED_LETTERS = 400_000
"""Letters of all terms of a document; later ones are not indexed. PostgreSQL accepts less than 1 MB a document."""

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


def to_index_terms(words: Sequence[str], language: str) -> Terms:
    """Turn the words of a document into terms; of a very long one only those of its beginning."""
    terms: list[tuple[str, ...]] = []
    letters = 0
    for word in words:
        found = tuple(dict.fromkeys(term for part in split(word) for term in make_terms(part, language)))
        letters += sum(map(len, found))
        if letters > MAX_INDEXED_LETTERS:
            break
        terms.append(found)
    return tuple(terms)


def parse_query(query: str) -> QueryTerms:
    """Turn each word of a query into its terms; without stop words, if there are others.

    Raises InputError for too many words.
    """
    parts = list(dict.fromkeys(split(query)))
    parts = [part for part in parts if fold(part) not in _STOP_WORDS] or parts
    if len(parts) > MAX_QUERY_WORDS:
        raise InputError("too-many-search-words", words=len(parts), limit=MAX_QUERY_WORDS)
    return tuple(dict.fromkeys(frozenset(terms) for part in parts if (terms := make_terms(part, "unknown"))))


def find_matching_words(words: Sequence[str], language: str, query: QueryTerms) -> tuple[int, ...]:
    """Find the indexes of the words that match a query."""
    terms = frozenset().union(*query)
    return tuple(
        number
        for number, word in enumerate(words)
        if any(not terms.isdisjoint(make_terms(part, language)) for part in split(word))
    )


def split(text: str) -> list[str]:
    """Split a text at everything but letters and digits; elided articles and the English 's are dropped."""
    return [match["part"][:MAX_PART_LETTERS] for match in _PART.finditer(text) if match["part"]]


@lru_cache(maxsize=50_000)
def make_terms(part: str, language: str) -> tuple[str, ...]:
    """Make the terms of a part of a word, in the language of its document, or in both when it is unknown."""
    written = fold(part)
    terms = ["x" + written] if written else []
    if part.isalpha() and len(part) > 2:
        for name, mark in LANGUAGES.items():
            if language in (name, "unknown"):
                lemma = fold(simplemma.lemmatize(part.lower(), lang=name))
                terms += [mark + stem(form, name) for form in (written, lemma) if form]
    return tuple(dict.fromkeys(terms))


def fold(part: str) -> str:
    """Normalize a part: lower case without accents or ligatures; letters other than a-z become their code points."""
    plain = unicodedata.normalize("NFKD", part.casefold().translate(_LETTERS))
    letters = (character for character in plain if not unicodedata.combining(character) and character.isalnum())
    return "".join(c if c.isascii() else f"u{ord(c):x}" for c in letters)


def stem(word: str, language: str) -> str:
    """Strip the suffix of a folded word, if enough of it remains."""
    for suffix in LONGEST_FIRST[language]:
        if word.endswith(suffix) and len(word) - len(suffix) >= (4 if len(suffix) > 1 else 3):
            word = word[: -len(suffix)]
            break
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


_STOP_WORDS = frozenset(fold(word) for word in STOP_WORDS["unknown"])
