"""Index the words of documents, and find documents and the matches in them."""

from bisect import bisect_left
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sake_ray.data.stored_texts import fetch_text
from sake_ray.data.terms import QueryTerms, Terms, find_matching_words, parse_query, to_index_terms
from sake_ray.domain.documents import Document
from sake_ray.domain.listing import Listing
from sake_ray.domain.texts import DocumentText, Recipe
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records import DocumentFilter, Records

SNIPPET_WORDS = 24
LEAD_WORDS = 4
"""How many words of a snippet come before the first match."""
MAX_MATCHES = 1000
"""Matches that are reported of a document."""
MAX_LETTERS = 100
"""Of one word in a snippet."""
MAX_FETCHES = 8


@dataclass(frozen=True, slots=True)
class SearchHit:
    """A document that was found, its words, and the indexes of those that match; no words when its text is gone."""

    document: Document
    words: tuple[str, ...] = ()
    matches: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundHits(Listing[SearchHit]):
    """What was found, and whether the best come first or the newest."""

    ranked: bool = False


NOTHING_FOUND = FoundHits((), None, 0)


def search(
    records: Records,
    store: ObjectStore,
    query: str,
    criteria: DocumentFilter,
    *,
    current: Recipe | None = None,
    after: str | None = None,
    limit: int,
) -> FoundHits:
    """Find documents by their words, best first; without a query all that match the criteria, newest first.

    A text that was made again has the `current` recipe. Raises InputError for a query of too many words, and for a cursor of
    another list.
    """
    terms, ranked = parse_query(query), False
    if not query.strip():
        found: Listing[Document] = records.documents.list(criteria, after=after, limit=limit)
    elif terms:
        found = best = records.search.find(terms, criteria, after=after, limit=limit)
        ranked = best.ranked
    else:
        return NOTHING_FOUND

    def look(document: Document) -> SearchHit:
        return find_matches(document, _fetch(store, document, current), terms)

    with ThreadPoolExecutor(MAX_FETCHES) as pool:
        hits = tuple(pool.map(look, found.items))
    return FoundHits(hits, found.next_cursor, found.counted, found.whole, ranked)


def find_matches(document: Document, text: DocumentText | None, terms: QueryTerms) -> SearchHit:
    """Find the words of a document that match a query; none without its text."""
    if not (document.reading and text):
        return SearchHit(document)
    words = tuple(word.text for word in text.words)
    return SearchHit(document, words, find_matching_words(words, document.reading.language, terms)[:MAX_MATCHES])


def cut_snippet(words: Sequence[str], matches: Sequence[int]) -> list[tuple[str, bool]]:
    """Cut out the stretch of words with the most matches, in pieces, each with whether it matches."""
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


def extract_terms(text: DocumentText) -> Terms:
    """Extract the terms by which a document is found."""
    return to_index_terms([word.text for word in text.words], text.language)


def index_texts(
    records: Records, store: ObjectStore, found: Sequence[Document], *, current: Recipe | None = None
) -> tuple[Document, ...]:
    """Index the documents whose text is there; return the others."""
    terms: list[tuple[str, Terms]] = []
    without_text: list[Document] = []
    for document in found:
        if text := _fetch(store, document, current):
            words = [word.text for word in text.words]
            terms.append((document.id, to_index_terms(words, _language(document))))
        else:
            without_text.append(document)
    records.search.add(terms)
    return tuple(without_text)


def index_without_words(records: Records, found: Sequence[Document]) -> None:
    """Index documents whose text is gone for good, so that they are not tried again at every start."""
    records.search.add([(document.id, to_index_terms([], _language(document))) for document in found])


def _fetch(store: ObjectStore, document: Document, current: Recipe | None) -> DocumentText | None:
    reading = document.reading
    if reading is None:
        return None
    pages = document.page_range
    return fetch_text(store, document.sha256, reading.recipe, page_range=pages, current=current)


def _language(document: Document) -> str:
    return document.language or "unknown"
