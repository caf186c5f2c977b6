"""N-grams counted without scikit-learn are those that scikit-learn fitted."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.feature_extraction.text import CountVectorizer

from sake_ray.classifier.ngrams import count_known, list_char_ngrams, list_token_ngrams
from sake_ray.train.first_model.corpus import read_corpus
from tests.handmade import RECIPE

TEXTS = [
    "",
    " ",
    "a",
    "ab  cd",
    "facture n° 12\t2024\n\nà payer",
    "x" * 40,
    "œuvre\u00a0d’art a a a",
    "I\x1cb\x85c",
    "e\u0301te\u0301",
]


@pytest.fixture(scope="module")
def texts() -> list[str]:
    """Odd texts, and some of real length."""
    corpus = read_corpus(RECIPE)
    return TEXTS + [text.text for text, _ in (next(corpus) for _ in range(20))]


@pytest.mark.parametrize("lengths", [(1, 1), (2, 4), (3, 5)])
def test_runs_of_characters_are_counted_as_scikit_learn_does(texts: list[str], lengths: tuple[int, int]) -> None:
    theirs = CountVectorizer(analyzer="char_wb", ngram_range=lengths, lowercase=False, dtype=np.float32)
    expected = theirs.fit_transform(texts)
    counted = count_known(texts, theirs.vocabulary_, lambda text: list_char_ngrams(text, *lengths))
    assert (counted != expected).nnz == 0
    assert counted.dtype == expected.dtype
    assert counted.has_sorted_indices


@pytest.mark.parametrize("length", [1, 2, 3])
def test_runs_of_tokens_are_counted_as_scikit_learn_does(texts: list[str], length: int) -> None:
    theirs = CountVectorizer(ngram_range=(1, length), token_pattern=r"\S+", lowercase=False, dtype=np.float32)
    expected = theirs.fit_transform(texts)
    counted = count_known(texts, theirs.vocabulary_, lambda text: list_token_ngrams(text, length))
    assert (counted != expected).nnz == 0


def test_an_empty_vocabulary_counts_nothing() -> None:
    assert count_known(["a b"], {}, str.split).shape == (1, 0)


def test_classifying_imports_no_scikit_learn() -> None:
    program = (
        "import sys\nfrom tests.handmade import *\nimport sake_ray.classifier.vectorizer as v\n"
        "from sake_ray.classifier.parameters import Hyperparameters\n"
        "from sake_ray.classifier.text_features import TextFeatures\n"
        "from sake_ray.classifier.ngrams import count_known, list_char_ngrams\n"
        "count_known(['ab'], {'ab': 0}, lambda t: list_char_ngrams(t, 2, 3))\n"
        "assert 'sklearn' not in sys.modules and 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
