"""Turn glimpses of documents into rows of numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

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
    def columns(self) -> int:
        """All columns of a row: characters, tokens, cues, and one for the bias."""
        return len(self.chars) + len(self.tokens) + len(CUES) + 1


@dataclass(frozen=True, slots=True, eq=False)
class IdfWeights:
    """How counts become weights: the inverse document frequencies, and the norms at which a row counts half."""

    char_idf: Floats
    token_idf: Floats
    char_half: float
    token_half: float


@dataclass(frozen=True, slots=True, eq=False)
class NgramCounts:
    """How often each n-gram occurs, a row a document, and the cues."""

    chars: Matrix
    tokens: Matrix
    cues: Floats

    def __getitem__(self, rows: NDArray[Any]) -> "NgramCounts":
        """Pick rows, by a mask or by numbers."""
        return NgramCounts(self.chars[rows], self.tokens[rows], self.cues[rows])


class NgramVectorizer:
    """Counts the n-grams of a vocabulary."""

    def __init__(self, vocabulary: Vocabulary, parameters: Hyperparameters) -> None:
        self.chars = char_counter(parameters, vocabulary=vocabulary.chars)
        self.tokens = token_counter(parameters, vocabulary=vocabulary.tokens)

    def count(self, glimpses: Sequence[TextFeatures]) -> NgramCounts:
        """Count all documents at once."""
        return NgramCounts(
            count_block(self.chars, [glimpse.chars for glimpse in glimpses]),
            count_block(self.tokens, [glimpse.token_text for glimpse in glimpses]),
            count_cues(glimpses),
        )


def count_cues(glimpses: Sequence[TextFeatures]) -> Floats:
    """The cues of all documents."""
    return np.array([glimpse.cues for glimpse in glimpses], dtype=np.float32).reshape(-1, len(CUES))


def count_block(counter: Any, texts: Sequence[str]) -> Matrix:
    """Count one kind of n-grams; a vocabulary may be empty, which scikit-learn refuses."""
    from scipy import sparse  # with numpy's parts it drags in, a second of `sake --help`

    if not counter.vocabulary:
        return sparse.csr_matrix((len(texts), 0), dtype=np.float32)
    return counter.transform(texts)


def char_counter(parameters: Hyperparameters, **more: Any) -> Any:
    """Make a counter of the characters inside words."""
    # Importing scikit-learn costs seconds, and `sake --help` passes through this module.
    from sklearn.feature_extraction.text import CountVectorizer

    lengths = (parameters.char_shortest, parameters.char_longest)
    return CountVectorizer(analyzer="char_wb", ngram_range=lengths, lowercase=False, dtype=np.float32, **more)


def token_counter(parameters: Hyperparameters, **more: Any) -> Any:
    """Make a counter of tokens and their neighbours."""
    from sklearn.feature_extraction.text import CountVectorizer  # as above

    lengths = (1, parameters.token_longest)
    pattern = r"\S+"
    return CountVectorizer(ngram_range=lengths, token_pattern=pattern, lowercase=False, dtype=np.float32, **more)


def learn_vocabulary(glimpses: Sequence[TextFeatures], parameters: Hyperparameters, *, seed: int) -> Vocabulary:
    """Find the n-grams of a corpus; of a large one, those of `vocabulary_rows` documents drawn by the seed.

    All n-grams of a text are in memory before the rare ones go: 20,000 documents are what a laptop holds.
    """
    glimpses = draw_texts(glimpses, parameters, seed=seed)
    return Vocabulary(
        learn_block(new_char_counter(len(glimpses), parameters), [glimpse.chars for glimpse in glimpses]),
        learn_block(new_token_counter(len(glimpses), parameters), [glimpse.token_text for glimpse in glimpses]),
    )


def draw_texts(texts: Sequence[T], parameters: Hyperparameters, *, seed: int) -> Sequence[T]:
    """Draw the texts whose n-grams are looked at; of a small corpus all."""
    most = parameters.vocabulary_rows
    return Random(seed).sample(texts, most) if len(texts) > most else texts


def new_char_counter(documents: int, parameters: Hyperparameters) -> Any:
    """Make a counter that is to learn its vocabulary from so many documents."""
    return char_counter(
        parameters, max_features=parameters.char_features, min_df=fewest_documents(documents, parameters)
    )


def new_token_counter(documents: int, parameters: Hyperparameters) -> Any:
    """Make a counter of tokens that is to learn its vocabulary."""
    return token_counter(
        parameters, max_features=parameters.token_features, min_df=fewest_documents(documents, parameters)
    )


def fewest_documents(documents: int, parameters: Hyperparameters) -> int:
    """In how many documents an n-gram must be; in a small corpus one is enough."""
    return parameters.min_df if documents >= SMALL_CORPUS else 1


def learn_block(counter: Any, texts: Sequence[str]) -> tuple[str, ...]:
    """Find one kind of n-grams; there may be none."""
    try:
        counter.fit(texts)
    except ValueError:  # all texts are empty, or no n-gram is in min_df of them
        return ()
    return tuple(map(str, counter.get_feature_names_out()))


def learn_weighing(counts: NgramCounts, parameters: Hyperparameters) -> IdfWeights:
    """Measure the document frequencies and the usual norm of the rows."""
    char_idf, token_idf = inverse_frequency(counts.chars), inverse_frequency(counts.tokens)
    return IdfWeights(
        char_idf,
        token_idf,
        parameters.shrink * usual_norm(weigh_block(counts.chars, char_idf)),
        parameters.shrink * usual_norm(weigh_block(counts.tokens, token_idf)),
    )


def inverse_frequency(counts: Matrix) -> Floats:
    """Compute ln((1 + n) / (1 + df)) + 1, and 0 for an n-gram that is in no document."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    idf = np.log((1 + counts.shape[0]) / (1 + frequency)) + 1
    return np.where(frequency > 0, idf, 0).astype(np.float32)


def weigh_block(counts: Matrix, idf: Floats) -> Matrix:
    """Weigh each count: (1 + ln count) × idf."""
    block = counts.copy()
    block.data = (1 + np.log(block.data)) * idf[block.indices]
    return block


def norms(block: Matrix) -> Floats:
    """Measure the length of each row."""
    return np.sqrt(np.asarray(block.multiply(block).sum(axis=1), dtype=np.float64).ravel())


def usual_norm(block: Matrix) -> float:
    """Take the median over the rows that have anything; 1 without any."""
    lengths = norms(block)
    return float(np.median(lengths[lengths > 0])) if lengths.any() else 1.0


def weigh(counts: NgramCounts, weighing: IdfWeights, parameters: Hyperparameters) -> Matrix:
    """Turn counts into rows of numbers: characters, tokens, cues, bias.

    A row is divided by its length plus a constant, not by its length alone: a document with little known text has a
    short row and so scores near zero, one with none is all zeros.
    """
    from scipy import sparse  # as above

    chars = weigh_block(counts.chars, weighing.char_idf)
    tokens = weigh_block(counts.tokens, weighing.token_idf)
    char_norms, token_norms = norms(chars), norms(tokens)
    evidence = divide(char_norms, char_norms + weighing.char_half)
    cues = np.hstack([counts.cues * parameters.cue_weight, np.ones((len(evidence), 1))]) * evidence[:, None]
    char_scale = divide(np.full_like(char_norms, parameters.char_weight), char_norms + weighing.char_half)
    token_scale = divide(np.full_like(token_norms, parameters.token_weight), token_norms + weighing.token_half)
    blocks = [sparse.diags(char_scale) @ chars, sparse.diags(token_scale) @ tokens, sparse.csr_matrix(cues)]
    return sparse.hstack(blocks, format="csr", dtype=np.float32)


def divide(above: Floats, below: Floats) -> Floats:
    """Divide; what is divided by nothing is nothing."""
    return np.divide(above, below, out=np.zeros_like(above), where=below > 0)
