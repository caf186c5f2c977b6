"""Find near-duplicates: copies, rescans, pages of one form. They must not be split between training and evaluation."""

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]

SHINGLE = 3
"""Consecutive tokens that make one feature of a document."""
BANDS, ROWS = 16, 6
"""Two documents of similarity s share a band with the chance 1-(1-s^6)^16: 50 % at 0.6, 99 % at 0.8 (Leskovec, Rajaraman
and Ullman, Mining of Massive Datasets, chapter 3)."""
MIN_SIMILARITY = 0.8
"""Documents are nearly the same when they share four fifths of their shingles: two scans of a page do, two forms filled in
by two people do not."""
PRIME = np.uint64((1 << 61) - 1)


def group_duplicates(texts: Sequence[Sequence[str]]) -> list[int]:
    """Give each document the number of the first one that it nearly duplicates, or its own.

    Near-duplication is transitive: if a is like b and b like c, all three are one group. Documents without tokens are
    groups of their own.
    """
    parent = list(range(len(texts)))
    features = [shingle(text) for text in texts]
    buckets: dict[tuple[int, bytes], list[int]] = {}
    for row, found in enumerate(features):
        if not len(found):
            continue
        signature = minhash(found)
        for band in range(BANDS):
            key = band, signature[band * ROWS : (band + 1) * ROWS].tobytes()
            known = buckets.setdefault(key, [])
            # Compared with one of each group only: a thousand copies would otherwise be half a million pairs.
            roots = {find_root(parent, other) for other in known}
            for root in roots:
                mine = find_root(parent, row)
                if root != mine and similarity(found, features[root]) >= MIN_SIMILARITY:
                    parent[max(root, mine)] = min(root, mine)
            if find_root(parent, row) == row:
                known.append(row)
    return [find_root(parent, row) for row in range(len(texts))]


def shingle(tokens: Sequence[str]) -> Hashes:
    """Hash all runs of three tokens into a sorted set; a shorter text is one run."""
    if not tokens:
        return np.empty(0, dtype=np.uint64)
    runs = max(1, len(tokens) - SHINGLE + 1)
    return np.unique(
        np.array([crc32(" ".join(tokens[at : at + SHINGLE]).encode()) for at in range(runs)], dtype=np.uint64)
    )


def minhash(found: Hashes) -> Hashes:
    """Compute the MinHash signature (Broder 1997): the share of equal places is the similarity of the sets."""
    return np.asarray(((FACTORS[:, None] * found[None, :] + SHIFTS[:, None]) % PRIME).min(axis=1), dtype=np.uint64)


def hash_bands(signature: Hashes) -> Hashes:
    """Hash each band of a signature: documents with one in common may be near-duplicates."""
    return np.asarray((signature.reshape(BANDS, ROWS) * FOLDS).sum(axis=1, dtype=np.uint64), dtype=np.uint64)


def similarity(one: Hashes, other: Hashes) -> float:
    """Compute the Jaccard similarity: the share of all shingles that both have, 0–1."""
    both = len(np.intersect1d(one, other, assume_unique=True))
    return both / (len(one) + len(other) - both)


def find_root(parent: list[int], row: int) -> int:
    """Find the first row of a group, with path compression."""
    while parent[row] != row:
        parent[row] = parent[parent[row]]
        row = parent[row]
    return row


# Factors below 2^28, so that a product with a 32-bit hash stays exact in 64 bits.
_random = np.random.default_rng(2026)
FACTORS: Hashes = _random.integers(1, 1 << 28, BANDS * ROWS, dtype=np.uint64)
SHIFTS: Hashes = _random.integers(0, 1 << 32, BANDS * ROWS, dtype=np.uint64)
FOLDS: Hashes = _random.integers(1, 1 << 63, ROWS, dtype=np.uint64) | np.uint64(1)
