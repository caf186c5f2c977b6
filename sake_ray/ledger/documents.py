"""Check single documents: original, status, prediction, text, page images and index."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from sake_ray.data.originals import check_original
from sake_ray.data.stored_texts import fetch_text, find_page_image
from sake_ray.data.terms import to_index_terms
from sake_ray.data.text_cache import image_key, text_key
from sake_ray.domain.documents import Status
from sake_ray.domain.texts import DocumentText
from sake_ray.errors import Message, ObjectMissing, OriginalDamaged, StorageUnavailable
from sake_ray.ledger import Installation
from sake_ray.storage.objects import ObjectStore
from sake_ray.storage.records.faults import Fault
from sake_ray.storage.records.ledger import DocumentEntry

T = TypeVar("T")
COMPARED_WORDS, COMPARED_TERMS = 300, 8
"""Of the first so many words of a text so many terms are looked up in the index."""


def check_document(installation: Installation, entry: DocumentEntry) -> tuple[Fault, ...]:
    """Check one document. Raises StorageUnavailable when the store does not answer at all."""
    return tuple(Fault(entry.id, message) for message in _find_faults(installation, entry))


def _find_faults(installation: Installation, entry: DocumentEntry) -> Iterator[Message]:
    if entry.page_range is None:  # the document that was split vouches for the file of its parts
        yield from _check_original(installation.store, entry)
    # Without its prediction nobody knows what they should say.
    if entry.differing and (entry.classified or not entry.names_prediction):
        yield Message("fault-columns-differ", document=entry.id, columns=list(entry.differing))
    if is_stranded(entry):
        yield Message("fault-document-stranded", document=entry.id, status=entry.status)
        return
    if entry.status != Status.COMPLETED or entry.recipe is None:
        return
    if not entry.classified:
        yield Message("fault-prediction-missing", document=entry.id)
    key = text_key(entry.sha256, entry.recipe)
    fetch = partial(
        fetch_text,
        installation.store,
        entry.sha256,
        entry.recipe,
        page_range=entry.page_range,
        current=installation.recipe,
    )
    text = _fetch(installation.store, key, fetch)
    if text is None:
        damaged = installation.store.exists(key)
        yield (
            Message("fault-text-damaged", document=entry.id)
            if damaged
            else Message("fault-text-missing", document=entry.id)
        )
    if bad := _list_bad_pages(installation, entry):
        yield Message("fault-page-images", document=entry.id, pages=bad)
    yield from _check_index(installation, entry, text)


def is_stranded(entry: DocumentEntry) -> bool:
    """Tell whether a document neither waits, nor is in work, nor has ended."""
    if entry.status not in set(Status):
        return True
    if entry.status == Status.IN_PROGRESS:
        return not entry.claimable
    return entry.status == Status.COMPLETED and entry.recipe is None


def _check_original(store: ObjectStore, entry: DocumentEntry) -> Iterator[Message]:
    try:
        check_original(store, entry.original, entry.sha256)
    except ObjectMissing:
        yield Message("fault-original-missing", document=entry.id, key=entry.original)
    except OriginalDamaged:
        yield Message("fault-original-damaged", document=entry.id, key=entry.original)
    except StorageUnavailable:
        _probe(store, entry.original)
        yield Message("fault-original-damaged", document=entry.id, key=entry.original)


def _fetch(store: ObjectStore, key: str, fetch: Callable[[], T | None]) -> T | None:
    """Fetch something; None, too, when the disk has lost this one file."""
    try:
        return fetch()
    except StorageUnavailable:
        _probe(store, key)
        return None


def _probe(store: ObjectStore, key: str) -> None:
    """Raise StorageUnavailable when nothing beside this object can be reached either."""
    store.exists(f"{key}.none")


def _list_bad_pages(installation: Installation, entry: DocumentEntry) -> Sequence[int]:
    assert entry.recipe
    store, recipe = installation.store, entry.recipe
    fetch = partial(find_page_image, store, entry.sha256, recipe, current=installation.recipe)
    first = entry.page_range.first if entry.page_range else 1
    return [
        number
        for number in range(first, first + entry.pages)
        if not all(
            _fetch(store, image_key(entry.sha256, recipe, number), partial(fetch, number, small=small))
            for small in (False, True)
        )
    ]


def _check_index(installation: Installation, entry: DocumentEntry, text: DocumentText | None) -> Iterator[Message]:
    search = installation.records.search
    if entry.index_number is None:
        yield Message("fault-not-indexed", document=entry.id)
        return
    # A text that was made again in another way is not the one that was indexed.
    same = text if text and entry.recipe and text.recipe.reading == entry.recipe.reading else None
    if not search.holds(entry.index_number, choose_terms(same, entry.language) if same else ()):
        yield Message("fault-index-differs", document=entry.id)


def choose_terms(text: DocumentText, language: str) -> tuple[str, ...]:
    """Choose some terms by which a text must be found."""
    words = [word.text for word in text.words[:COMPARED_WORDS]]
    terms = list(dict.fromkeys(term for found in to_index_terms(words, language) for term in found))
    return tuple(terms[:: max(1, len(terms) // COMPARED_TERMS)][:COMPARED_TERMS])
