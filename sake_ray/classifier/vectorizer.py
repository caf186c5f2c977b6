"""Vectorize documents: n-gram counts, weighted by inverse document frequency, and handmade cues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sake_ray.classifier.legibility import LEGIBLE, fit_legible, weigh_evidence
from sake_ray.classifier.ngrams import count_known, list_char_ngrams, list_token_ngrams
from sake_ray.classifier.parameters import Hyperparameters
from sake_ray.classifier.text_features import CUES, TextFeatures

Floats = NDArray[np.floating[Any]]
Matrix = Any  # scipy.sparse.csr_matrix: scipy carries no types
SMALL_CORPUS = 100
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The n-grams that count, in the order of their columns."""

    chars: tuple[str, ...]
    tokens: tuple[str, ...]

    @property
    def n_features(self) -> int:
        """The number of columns: characters, tokens, cues, and one for the bias."""
        return len(self.chars) + len(self.tokens) + len(CUES) + 1


@dataclass(frozen=True, slots=True, eq=False)
class IdfWeights:
    """How counts are weighted: the inverse document frequencies, and what is added to the norm of a row before dividing by it.

    A document counts in full from the legibility `legible` on.
    """

    char_idf: Floats
    token_idf: Floats
    char_norm_offset: float
    token_norm_offset: float
    legible: float = LEGIBLE


@dataclass(frozen=True, slots=True, eq=False)
class NgramCounts:
    """How often each n-gram occurs, one row a document, the cues, and the legibility of each document."""

    chars: Matrix
    tokens: Matrix
    cues: Floats
    legibility: Floats

    def __getitem__(self, rows: NDArray[Any]) -> "NgramCounts":
        """Select rows, by a mask or by indices."""
        return NgramCounts(self.chars[rows], self.tokens[rows], self.cues[rows], self.legibility[rows])


class NgramVectorizer:
    """Counts the n-grams of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, parameters: Hyperparameters) -> None:
        self.vocabulary, self.parameters = vocabulary, parameters

    # Made when the first document comes: a process that opens a model only to check it needs neither.
    @cached_property
    def char_columns(self) -> Mapping[str, int]:
        """The columns of the n-grams of characters."""
        return {ngram: column for column, ngram in enumerate(self.vocabulary.chars)}

    @cached_property
    def token_columns(self) -> Mapping[str, int]:
        """The columns of the tokens and runs of tokens, counted from 0 as well."""
        return {ngram: column for column, ngram in enumerate(self.vocabulary.tokens)}

    def list_chars(self, text: str) -> list[str]:
        """List the n-grams of characters of a text, known or not."""
        return list_char_ngrams(text, self.parameters.char_ngram_min, self.parameters.char_ngram_max)

    def list_tokens(self, text: str) -> list[str]:
        """List the tokens and runs of tokens of a text, known or not."""
        return list_token_ngrams(text, self.parameters.token_ngram_max)

    def transform(self, features: Sequence[TextFeatures]) -> NgramCounts:
        """Count the n-grams of all documents."""
        return NgramCounts(
            count_known([document.char_text for document in features], self.char_columns, self.list_chars),
            count_known([document.token_text for document in features], self.token_columns, self.list_tokens),
            stack_cues(features),
            stack_legibility(features),
        )


def stack_cues(features: Sequence[TextFeatures]) -> Floats:
    """The cues of all documents, one row each."""
    return np.array([document.cues for document in features], dtype=np.float32).reshape(-1, len(CUES))


def stack_legibility(features: Sequence[TextFeatures]) -> Floats:
    """The legibility of all documents."""
    return np.array([document.legibility for document in features], dtype=np.float32)


def make_char_vectorizer(parameters: Hyperparameters, **settings: Any) -> Any:
    """Make a vectorizer of the characters inside words."""
    # Importing scikit-learn costs seconds, and `sake --help` passes through this module.
    from sklearn.feature_extraction.text import CountVectorizer

    ngram_range = (parameters.char_ngram_min, parameters.char_ngram_max)
    return CountVectorizer(analyzer="char_wb", ngram_range=ngram_range, lowercase=False, dtype=np.float32, **settings)


def make_token_vectorizer(parameters: Hyperparameters, **settings: Any) -> Any:
    """Make a vectorizer of tokens and of runs of tokens."""
    from sklearn.feature_extraction.text import CountVectorizer  # as above

    ngram_range, pattern = (1, parameters.token_ngram_max), r"\S+"
    return CountVectorizer(
        ngram_range=ngram_range, token_pattern=pattern, lowercase=False, dtype=np.float32, **settings
    )


def fit_vocabulary(features: Sequence[TextFeatures], parameters: Hyperparameters, *, seed: int) -> Vocabulary:
    """Find the n-grams of a corpus; of a large one, those of `vocabulary_rows` documents drawn by the seed.

    All n-grams of a text are in memory before the rare ones are dropped: 20,000 documents are what a laptop holds.
    """
    sample = sample_documents(features, parameters, seed=seed)
    return Vocabulary(
        fit_ngrams(make_unfitted_char_vectorizer(len(sample), parameters), [document.char_text for document in sample]),
        fit_ngrams(
            make_unfitted_token_vectorizer(len(sample), parameters), [document.token_text for document in sample]
        ),
    )


def sample_documents(documents: Sequence[T], parameters: Hyperparameters, *, seed: int) -> Sequence[T]:
    """Draw the documents that the vocabulary is fitted on; of a small corpus all."""
    size = parameters.vocabulary_rows
    return Random(seed).sample(documents, size) if len(documents) > size else documents


def make_unfitted_char_vectorizer(documents: int, parameters: Hyperparameters) -> Any:
    """Make a vectorizer of characters that is to fit its vocabulary on so many documents."""
    return make_char_vectorizer(
        parameters, max_features=parameters.char_max_features, min_df=choose_min_df(documents, parameters)
    )


def make_unfitted_token_vectorizer(documents: int, parameters: Hyperparameters) -> Any:
    """Make a vectorizer of tokens that is to fit its vocabulary on so many documents."""
    return make_token_vectorizer(
        parameters, max_features=parameters.token_max_features, min_df=choose_min_df(documents, parameters)
    )


def choose_min_df(documents: int, parameters: Hyperparameters) -> int:
    """The number of documents an n-gram must occur in; in a small corpus one is enough."""
    return parameters.min_df if documents >= SMALL_CORPUS else 1


def fit_ngrams(vectorizer: Any, texts: Sequence[str]) -> tuple[str, ...]:
    """Find one kind of n-grams; there may be none."""
    try:
        vectorizer.fit(texts)
    except ValueError:  # all texts are empty, or no n-gram is in min_df of them
        return ()
    return tuple(map(str, vectorizer.get_feature_names_out()))


def fit_idf(counts: NgramCounts, parameters: Hyperparameters) -> IdfWeights:
    """Measure the document frequencies, the median norm of the rows, and from which legibility on a document counts in full."""
    char_idf, token_idf = compute_idf(counts.chars), compute_idf(counts.tokens)
    return IdfWeights(
        char_idf,
        token_idf,
        parameters.shrinkage * compute_median_norm(apply_tfidf(counts.chars, char_idf)),
        parameters.shrinkage * compute_median_norm(apply_tfidf(counts.tokens, token_idf)),
        fit_legible(counts.legibility),
    )


def compute_idf(counts: Matrix) -> Floats:
    """Compute ln((1 + n) / (1 + df)) + 1, and 0 for an n-gram that is in no document."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log((1 + counts.shape[0]) / (1 + frequency)) + 1
    return np.where(frequency > 0, idf, 0).astype(np.float32)


def apply_tfidf(counts: Matrix, idf: Floats) -> Matrix:
    """Weight each count, sublinearly: (1 + ln count) × idf."""
    tfidf = counts.copy()
    tfidf.data = (1 + np.log(tfidf.data)) * idf[tfidf.indices]
    return tfidf


def compute_norms(tfidf: Matrix) -> Floats:
    """The Euclidean norm of each row."""
    return np.sqrt(np.asarray(tfidf.multiply(tfidf).sum(axis=1), dtype=np.float64).ravel())


def compute_median_norm(tfidf: Matrix) -> float:
    """The median norm of the rows that are not all zeros; 1 without any."""
    norms = compute_norms(tfidf)
    return float(np.median(norms[norms > 0])) if norms.any() else 1.0


def transform_counts(counts: NgramCounts, idf: IdfWeights, parameters: Hyperparameters) -> Matrix:
    """Turn counts into the matrix that the linear model sees: characters, tokens, cues, bias.

    A row is divided by its norm plus an offset, not by its norm alone. So a document with little known text has a short row
    and scores near zero; one without any is all zeros. A row of which hardly anything is words counts less, or not at all.
    """
    from scipy import sparse  # with the parts of numpy that it imports, a second of `sake --help`

    chars, tokens = apply_tfidf(counts.chars, idf.char_idf), apply_tfidf(counts.tokens, idf.token_idf)
    char_norms, token_norms = compute_norms(chars), compute_norms(tokens)
    evidence = divide(char_norms, char_norms + idf.char_norm_offset)
    cues = np.hstack([counts.cues * parameters.cue_weight, np.ones((len(evidence), 1))]) * evidence[:, None]
    char_scale = divide(np.full_like(char_norms, parameters.char_weight), char_norms + idf.char_norm_offset)
    token_scale = divide(np.full_like(token_norms, parameters.token_weight), token_norms + idf.token_norm_offset)
    blocks = [sparse.diags(char_scale) @ chars, sparse.diags(token_scale) @ tokens, sparse.csr_matrix(cues)]
    rows = sparse.hstack(blocks, format="csr", dtype=np.float32)
    weights = weigh_evidence(counts.legibility, idf.legible).astype(np.float32)
    return rows if (weights == 1).all() else (sparse.diags(weights) @ rows).tocsr()


def divide(numerator: Floats, denominator: Floats) -> Floats:
    """Divide; anything divided by zero is 0."""
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)
