"""Find documents that are nearly the same: copies, rescans, pages of one form. They must never judge each other."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

SHINGLE = 3
"""Tokens in a row that make one feature of a document."""
BANDS, ROWS = 16, 6
"""Two documents of similarity s share a band with the chance 1-(1-s^6)^16: 50 % at 0.6, 99 % at 0.8 (Leskovec, Rajaraman
and Ullman, Mining of Massive Datasets, chapter 3)."""
ALIKE = 0.8
"""Documents are nearly the same when they share four fifths of their shingles: two scans of a page do, two forms filled in
by two people do not."""
PRIME = np.uint64((1 << 61) - 1)


def group_duplicates(texts: Sequence[Sequence[str]]) -> list[int]:
    """Give each document the number of the first one that it is nearly the same as, or its own.

    Being nearly the same is passed on: if a is like b and b like c, all three are one group. Documents without tokens
    stand alone.
    """
    parent = list(range(len(texts)))
    features = [shingle(text) for text in texts]
    buckets: dict[tuple[int, bytes], list[int]] = {}
    for row, found in enumerate(features):
        if not len(found):
            continue
        signature = sign(found)
        for band in range(BANDS):
            key = band, signature[band * ROWS : (band + 1) * ROWS].tobytes()
            known = buckets.setdefault(key, [])
            # Compared with one of each group only: a thousand copies would else be half a million pairs.
            roots = {find_root(parent, other) for other in known}
            for root in roots:
                mine = find_root(parent, row)
                if root != mine and similarity(found, features[root]) >= ALIKE:
                    parent[max(root, mine)] = min(root, mine)
            if find_root(parent, row) == row:
                known.append(row)
    return [find_root(parent, row) for row in range(len(texts))]


def shingle(tokens: Sequence[str]) -> Hashes:
    """The set of all runs of three tokens, as sorted numbers; of a shorter text the whole of it."""
    if not tokens:
        return np.empty(0, dtype=np.uint64)
    runs = max(1, len(tokens) - SHINGLE + 1)
    return np.unique(
        np.array([crc32(" ".join(tokens[at : at + SHINGLE]).encode()) for at in range(runs)], dtype=np.uint64)
    )


def sign(found: Hashes) -> Hashes:
    """The MinHash signature (Broder 1997): equal in as large a share of places as the two sets are similar."""
    return np.asarray(((FACTORS[:, None] * found[None, :] + SHIFTS[:, None]) % PRIME).min(axis=1), dtype=np.uint64)


def fold_bands(signature: Hashes) -> Hashes:
    """A number for each band of a signature: where two documents have one in common, they may be nearly the same."""
    return np.asarray((signature.reshape(BANDS, ROWS) * FOLDS).sum(axis=1, dtype=np.uint64), dtype=np.uint64)


def similarity(one: Hashes, other: Hashes) -> float:
    """The share of all shingles of the two that both have (Jaccard), 0–1."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


def find_root(parent: list[int], row: int) -> int:
    """Follow a row to the first of its group, shortening the way for the next."""
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


# Factors below 2^28, so that a product with a 32-bit hash stays exact in 64 bits.
_random = np.random.default_rng(2026)
FACTORS: Hashes = _random.integers(1, 1 << 28, BANDS * ROWS, dtype=np.uint64)
SHIFTS: Hashes = _random.integers(0, 1 << 32, BANDS * ROWS, dtype=np.uint64)
FOLDS: Hashes = _random.integers(1, 1 << 63, ROWS, dtype=np.uint64) | np.uint64(1)
