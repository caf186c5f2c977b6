"""Index what documents say, and find them and the places in them again."""

from bisect import bisect_left
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sake_ray.data.terms import Terms, Wanted, index_terms, matching_words, wanted_terms
from sake_ray.data.text_cache import fetch_pages
from sake_ray.domain.documents import Document
from sake_ray.domain.texts import DocumentText
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import DocumentFilter, Records

SNIPPET_WORDS = 24
LEAD_WORDS = 4
"""How many words of a snippet come before the first match."""
MAX_MATCHES = 1000
"""Places that are told of a document."""
MAX_LETTERS = 100
"""Of one word in a snippet."""
FETCHED_AT_ONCE = 8
CHUNK = 50


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A document that was found, its words, and the indexes of those that match; no words when its text is gone."""

    document: Document
    words: tuple[str, ...] = ()
    matches: tuple[int, ...] = ()


def search(
    records: Records, store: ObjectStore, question: str, fitting: DocumentFilter, *, limit: int, offset: int
) -> tuple[list[SearchHit], int]:
    """Find documents by what they say, best first; all that fit, newest first, when nothing is asked.

    Also tell how many there are. Raises InputError for a question of too many words.
    """
    wanted = wanted_terms(question)
    if not question.strip():
        found, total = records.documents.list(fitting, limit=limit, offset=offset)
    elif wanted:
        found, total = records.search.find(wanted, fitting, limit=limit, offset=offset)
    else:
        return [], 0
    with ThreadPoolExecutor(FETCHED_AT_ONCE) as pool:
        return list(pool.map(lambda document: find_matches(store, document, wanted), found)), total


def find_matches(store: ObjectStore, document: Document, wanted: Wanted) -> SearchHit:
    """Find the places in a document that answer a question."""
    reading = document.reading
    kept = fetch_pages(store, document.sha256, reading.recipe) if reading else None
    if not (reading and kept):
        return SearchHit(document)
    words = tuple(word.text for page in kept[1] for word in page.words)
    return SearchHit(document, words, matching_words(words, reading.language, wanted)[:MAX_MATCHES])


def snippet(words: Sequence[str], matches: Sequence[int]) -> list[tuple[str, bool]]:
    """Pick the stretch of words with the most matches; text by text, each with whether it is a match."""
    inside = [bisect_left(matches, first + SNIPPET_WORDS - LEAD_WORDS) - place for place, first in enumerate(matches)]
    start = max(0, matches[inside.index(max(inside))] - LEAD_WORDS) if matches else 0
    parts: list[tuple[str, bool]] = [("…", False)] if start else []
    marked = frozenset(matches)
    for number in range(start, min(len(words), start + SNIPPET_WORDS)):
        match, word = number in marked, words[number][:MAX_LETTERS]
        if parts and parts[-1][1] == match:
            parts[-1] = (f"{parts[-1][0]} {word}", match)
        else:
            parts.append((word, match))
    return [*parts, ("…", False)] if start + SNIPPET_WORDS < len(words) else parts


def terms_of_text(text: DocumentText) -> Terms:
    """What a document can be found by."""
    return index_terms([word.text for word in text.words], text.language)


def index_missing(records: Records, store: ObjectStore, *, after: str) -> str | None:
    """Index some documents that are not in the index yet, by id; return after which to go on, None when all are done.

    One whose text is gone is noted without any words, so that it is not looked for at every start.
    """
    found = records.search.missing(after=after, limit=CHUNK)
    if not found:
        return None
    texts = []
    for document in found:
        reading = document.reading
        kept = fetch_pages(store, document.sha256, reading.recipe) if reading else None
        words = [word.text for page in kept[1] for word in page.words] if kept else []
        texts.append((document.id, index_terms(words, reading.language if reading else "unknown")))
    records.search.add(texts)
    return found[-1].id
