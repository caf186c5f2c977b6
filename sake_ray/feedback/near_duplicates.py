"""Find which images of the workspace a new one is nearly the same as, by their texts."""

import time
from collections.abc import Iterable
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from sake_ray.data.duplicates import BANDS, MIN_SIMILARITY, Hashes, hash_bands, minhash, shingle, similarity
from sake_ray.data.reading import to_document_text
from sake_ray.data.text_cache import fetch_pages
from sake_ray.domain.texts import Recipe
from sake_ray.files import atomic_path, unique_part
from sake_ray.storage.objects import ObjectStore

SHA256_LENGTH = 64


class NearDuplicateIndex:
    """MinHash bands of the texts of images, by which near-duplicates are found; a cache file keeps them.

    Texts come from the text cache alone, no document is read here. Hashing one costs some five milliseconds: after `seconds` no
    more are hashed, and `not_compared` counts them, together with those that were never read.
    """

    def __init__(self, store: ObjectStore, recipe: Recipe, cache: Path, *, seconds: float | None = None) -> None:
        self.store, self.recipe, self.cache = store, recipe, cache
        self.end = None if seconds is None else time.monotonic() + seconds
        self.names: list[str] = []
        self.bands = np.empty((0, BANDS), dtype=np.uint64)
        self.not_compared = 0
        self._cached: dict[str, Hashes] = {}
        self._used: dict[str, Hashes] = {}

    def add_images(self, images: Iterable[str]) -> None:
        """Add these images (sha256) to the index."""
        self._cached = self._load()
        found = {sha256: bands for sha256 in images if (bands := self._compute_bands(sha256, self.recipe)) is not None}
        self.names = list(found)
        self.bands = np.array(list(found.values()), dtype=np.uint64).reshape(-1, BANDS)

    def find(self, sha256: str, recipe: Recipe) -> tuple[str, ...]:
        """Find what an original, read by that recipe, is nearly the same as. When that is nothing, it joins the index."""
        bands = self._compute_bands(sha256, recipe)
        if bands is None:
            return ()
        # A document without words is like no other: all its bands are zero.
        shared = np.flatnonzero(((self.bands == bands) & (bands != 0)).any(axis=1))
        similar = tuple(name for row in shared if self._is_similar(sha256, name := self.names[row], recipe))
        if not similar:
            self.names.append(sha256)
            self.bands = np.vstack([self.bands, bands])
        return similar

    def save(self) -> None:
        """Save the bands for the next import."""
        if self._used.keys() <= self._cached.keys():
            return
        self.cache.parent.mkdir(parents=True, exist_ok=True)
        names = np.array(list(self._used), dtype=f"U{SHA256_LENGTH}")
        # Several may be writing at once, and each has a whole file.
        with atomic_path(self.cache, part=unique_part(self.cache)) as part, part.open("wb") as file:
            np.savez(file, recipe=np.array(self.recipe.name), names=names, bands=np.array(list(self._used.values())))

    def _is_similar(self, sha256: str, name: str, recipe: Recipe) -> bool:
        mine, other = self._features(sha256, recipe), self._features(name, self.recipe)
        other = self._features(name, recipe) if other is None else other
        return mine is not None and other is not None and similarity(mine, other) >= MIN_SIMILARITY

    def _compute_bands(self, sha256: str, recipe: Recipe) -> NDArray[np.uint64] | None:
        """The bands of a text; None when it was never read, or there is no time left to hash it."""
        mine = recipe == self.recipe
        bands = self._cached.get(sha256) if mine else None
        if bands is None and (self.end is None or time.monotonic() < self.end):
            features = self._features(sha256, recipe)
            if features is not None:
                bands = hash_bands(minhash(features)) if len(features) else np.zeros(BANDS, dtype=np.uint64)
        if bands is None:
            self.not_compared += 1
        elif mine:
            self._used[sha256] = bands
        return bands

    def _features(self, sha256: str, recipe: Recipe) -> Hashes | None:
        pages = fetch_pages(self.store, sha256, recipe)
        if pages is None:
            return None
        return shingle([token.text for token in to_document_text(sha256, *pages, recipe).tokens])

    def _load(self) -> dict[str, Hashes]:
        try:
            with np.load(self.cache, allow_pickle=False) as cached:
                if str(cached["recipe"]) == self.recipe.name:
                    return dict(zip(cached["names"].tolist(), cached["bands"], strict=True))
        except (OSError, EOFError, ValueError, KeyError, BadZipFile):
            pass  # it is made again
        return {}
