"""List the n-grams of a text, and count those of a vocabulary.

The same n-grams as scikit-learn's CountVectorizer finds, which fits the vocabulary. Importing that takes two seconds, longer than
reading a document; whoever only classifies can do without.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

Matrix = Any  # scipy.sparse.csr_matrix: scipy carries no types


def list_char_ngrams(text: str, min_length: int, max_length: int) -> list[str]:
    """List the runs of characters inside each word, which a space stands around; a word shorter than a run is one."""
    ngrams: list[str] = []
    for word in text.split():
        padded = f" {word} "
        for length in range(min_length, max_length + 1):
            if length >= len(padded):
                ngrams.append(padded)
                break
            ngrams += [padded[start : start + length] for start in range(len(padded) - length + 1)]
    return ngrams


def list_token_ngrams(text: str, max_length: int) -> list[str]:
    """List the tokens, and the runs of up to so many tokens."""
    tokens = text.split()
    ngrams = list(tokens)
    for length in range(2, min(max_length, len(tokens)) + 1):
        ngrams += [" ".join(tokens[start : start + length]) for start in range(len(tokens) - length + 1)]
    return ngrams


def count_known(texts: Sequence[str], columns: Mapping[str, int], list_ngrams: Callable[[str], list[str]]) -> Matrix:
    """Count the n-grams that have a column, one row a text."""
    from scipy import sparse  # with the parts of numpy that it imports, a second of `sake --help`

    indices: list[int] = []
    counts: list[int] = []
    ends = [0]
    for text in texts:
        found: dict[int, int] = {}
        for ngram in list_ngrams(text):
            column = columns.get(ngram)
            if column is not None:
                found[column] = found.get(column, 0) + 1
        for column in sorted(found):
            indices.append(column)
            counts.append(found[column])
        ends.append(len(indices))
    return sparse.csr_matrix(
        (np.array(counts, np.float32), np.array(indices, np.int32), np.array(ends, np.int32)),
        shape=(len(texts), len(columns)),
        dtype=np.float32,
    )
