"""Vectorize the search set in parts: characters and tokens apart, so that each is counted once for many trials."""

import io
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.training_set import TrainingSet
from sake_ray.classifier.vectorized_corpus import CorpusLayout, VectorizedCorpus, augment_corpus
from sake_ray.classifier.vectorizer import (
    Matrix,
    NgramCounts,
    Vocabulary,
    make_unfitted_char_vectorizer,
    make_unfitted_token_vectorizer,
    sample_documents,
)
from sake_ray.train.search.space import CHARS, TOKENS

KINDS = {"chars": CHARS, "tokens": TOKENS}
"""The kinds of n-grams, each with the hyperparameters that decide its counts."""


def augment_search_set(
    search_set: TrainingSet, parameters: Hyperparameters, *, seed: int
) -> tuple[CorpusLayout, dict[str, list[str]]]:
    """Divide into folds and make the augmented copies, as a training does; the second value is the texts of each kind."""
    documents, layout = augment_corpus(
        search_set.features, search_set.targets, search_set.groups, parameters, seed=seed
    )
    texts = {"chars": [each.char_text for each in documents], "tokens": [each.token_text for each in documents]}
    return layout, texts


def name_counts(kind: str, parameters: Hyperparameters) -> str:
    """Name the counts of one kind: those of one name are equal."""
    return "-".join([kind, *(str(getattr(parameters, name)) for name in KINDS[kind])])


def compute_counts(
    kind: str, texts: Sequence[str], layout: CorpusLayout, parameters: Hyperparameters, *, seed: int
) -> Matrix:
    """Fit the vocabulary of one kind on the documents, and count it in all rows."""
    originals = int(layout.original.sum())
    sample = sample_documents(texts[:originals], parameters, seed=seed)
    make_vectorizer = make_unfitted_char_vectorizer if kind == "chars" else make_unfitted_token_vectorizer
    vectorizer = make_vectorizer(len(sample), parameters)
    try:
        if len(sample) < originals:
            vectorizer.fit(sample)
            return vectorizer.transform(texts)
        counts = vectorizer.fit_transform(sample)  # in one pass what `vectorize_corpus` does in two
    except ValueError:  # all texts are empty, or no n-gram is in enough of them
        return sparse.csr_matrix((len(texts), 0), dtype=np.float32)
    copies = texts[originals:]
    return sparse.vstack([counts, vectorizer.transform(copies)], format="csr") if copies else counts


def join_counts(layout: CorpusLayout, chars: Matrix, tokens: Matrix) -> VectorizedCorpus:
    """Join the counts of both kinds: what `vectorize_corpus` makes in one go, but for the names of the columns."""
    counts = NgramCounts(chars, tokens, layout.cues, layout.legibility)
    return VectorizedCorpus(Vocabulary((), ()), counts, layout.targets, layout.folds, layout.original)


def pack_counts(counts: Matrix) -> bytes:
    """Write counts as bytes."""
    buffer = io.BytesIO()
    sparse.save_npz(buffer, counts, compressed=False)
    return buffer.getvalue()


def unpack_counts(packed: bytes) -> Matrix:
    """Read what `pack_counts` wrote."""
    return sparse.load_npz(io.BytesIO(packed))
