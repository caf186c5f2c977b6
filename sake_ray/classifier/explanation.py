"""Explain a score: which words of the document contributed to it, and how much."""

from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sake_ray.classifier.text_features import CUES, TextFeatures, normalize_word
from sake_ray.classifier.vectorizer import Floats, NgramVectorizer, Vocabulary
from sake_ray.domain.verdicts import WordWeight


@dataclass(frozen=True, slots=True)
class Explanation:
    """What the raw score of a label is made of: `score` = the words + `other_words` + the cues + `bias`.

    `words` are the strongest, strongest first; `other_words` is the sum of all others. A document without text has no
    label.
    """

    label: str | None
    score: float
    words: tuple[WordWeight, ...]
    other_words: float
    cues: Mapping[str, float]
    bias: float


def attribute_to_words(
    document: TextFeatures, contributions: Floats, vocabulary: Vocabulary, vectorizer: NgramVectorizer
) -> Floats:
    """Distribute what each n-gram contributes to a score over the words it occurs in.

    `contributions` has one value a column. An n-gram that occurs several times gives each occurrence an equal part; a pair
    of tokens gives each of its words half.
    """
    weights = np.zeros(len(document.words))
    char_columns = {name: column for column, name in enumerate(vocabulary.chars)}
    token_columns = {name: len(vocabulary.chars) + column for column, name in enumerate(vocabulary.tokens)}
    occurrences = [
        *find_char_ngrams(document, char_columns, vectorizer),
        *find_token_ngrams(document, token_columns, vectorizer),
    ]
    times = Tally(column for column, _ in occurrences)
    for column, words in occurrences:
        for word in words:
            weights[word] += contributions[column] / times[column] / len(words)
    return weights


def find_char_ngrams(
    document: TextFeatures, columns: Mapping[str, int], vectorizer: NgramVectorizer
) -> list[tuple[int, list[int]]]:
    """List the occurrences of character n-grams: the column of each, and the index of its word."""
    return [
        (columns[ngram], [index])
        for index, word in enumerate(document.words)
        for ngram in vectorizer.list_chars(normalize_word(word))
        if ngram in columns
    ]


def find_token_ngrams(
    document: TextFeatures, columns: Mapping[str, int], vectorizer: NgramVectorizer
) -> list[tuple[int, list[int]]]:
    """List the occurrences of tokens and runs of tokens: the column of each, and the indices of its words."""
    occurrences = []
    for length in range(1, vectorizer.parameters.token_ngram_max + 1):
        for start in range(len(document.tokens) - length + 1):
            run = document.tokens[start : start + length]
            column = columns.get(" ".join(token for token, _ in run))
            if column is not None:
                occurrences.append((column, [word for _, word in run]))
    return occurrences


def select_strongest(document: TextFeatures, weights: Floats, max_words: int) -> tuple[tuple[WordWeight, ...], float]:
    """Select the words with the largest weights, positive or negative; return them and the sum of the others."""
    order = np.argsort(-np.abs(weights), kind="stable")
    selected = [int(index) for index in order[:max_words] if weights[index] != 0]
    words = tuple(WordWeight(index, document.words[index], float(weights[index])) for index in selected)
    return words, float(weights.sum() - weights[selected].sum())


def name_cues(contributions: Floats) -> tuple[dict[str, float], float]:
    """Name what the cues contribute, and the bias; `contributions` ends with them."""
    *cues, bias = contributions[-len(CUES) - 1 :].tolist()
    return dict(zip(CUES, cues, strict=True)), bias
