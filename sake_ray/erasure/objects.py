"""Remove what documents have in the store: originals, exports, texts, page images, previews."""

from collections import Counter
from collections.abc import Collection, Iterator

from sake_ray.data.text_cache import hash_team
from sake_ray.domain.erasures import ErasedDocument, ErasurePlace, ErasureTargets
from sake_ray.storage.layout import OF_DOCUMENTS, ORIGINALS, PAGES, PREVIEWS, READINGS, TEXTS
from sake_ray.storage.objects import ObjectStore

OF_BATCH = ("prediction/prediction.json", "prediction/feedback.csv")
"""What is exported of a batch; it is exported again where some of it is left."""
KINDS = {**dict.fromkeys(TEXTS, ErasurePlace.TEXTS), PAGES: ErasurePlace.PAGES}
"""The folders of what was read, with one folder for each recipe."""


def erase_objects(
    store: ObjectStore, targets: ErasureTargets, held: Collection[tuple[str, str]]
) -> Counter[ErasurePlace]:
    """Remove the objects of documents; `held` are the sha256 that other documents still have, and the team of each.

    Texts and pages of those stay, since they are of these other documents too.
    """
    counts = Counter[ErasurePlace](dict.fromkeys((ErasurePlace.ORIGINALS, ErasurePlace.EXPORTS), 0))
    gone = set(targets.batches)
    for uuid in targets.batches:
        _erase(store, store.list(f"{uuid}/"), None, counts)
    for document in targets.documents:
        if document.batch not in gone:
            _erase(store, _list_of_document(store, document), None, counts)
    shared = {sha256 for sha256, _ in held}
    recipes = {kind: store.list_folders(f"{kind}/") for kind in KINDS}
    for sha256 in sorted(targets.digests - shared):
        place = f"{sha256[:2]}/{sha256}"
        for kind, found in recipes.items():
            for recipe in found:
                # Texts are one object, pages a folder.
                prefix = f"{kind}/{recipe}/{place}" + ("." if kind == "texts" else "/")
                _erase(store, store.list(prefix), KINDS[kind], counts)
        _erase(store, store.list(f"{PREVIEWS}/{place}."), ErasurePlace.PREVIEWS, counts)
    of_teams = {(document.sha256, document.team) for document in targets.documents} - set(held)
    for recipe in store.list_folders(f"{READINGS}/"):
        for sha256, team in sorted(of_teams):
            key = f"{READINGS}/{recipe}/{hash_team(team)}/{sha256[:2]}/{sha256}"
            _erase(store, [key] if store.exists(key) else [], ErasurePlace.READINGS, counts)
    counts[ErasurePlace.SHARED] = len(targets.digests & shared)
    return counts


def _list_of_document(store: ObjectStore, document: ErasedDocument) -> Iterator[str]:
    for folder in OF_DOCUMENTS:
        yield from store.list(f"{document.batch}/{folder}/{document.id}.")
    for name in OF_BATCH:
        if store.exists(f"{document.batch}/{name}"):
            yield f"{document.batch}/{name}"


def _erase(
    store: ObjectStore, keys: "Iterator[str] | list[str]", place: ErasurePlace | None, counts: Counter[ErasurePlace]
) -> None:
    """Erase these objects; without a place they are of a batch, and their folder tells it."""
    for key in list(keys):
        store.erase(key)
        is_original = f"/{ORIGINALS}/" in key
        counts[place or (ErasurePlace.ORIGINALS if is_original else ErasurePlace.EXPORTS)] += 1
