"""Which words of a document spoke for a label?"""

from collections import Counter as Tally
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sake_ray.classifier.text_features import CUES, TextFeatures, fold
from sake_ray.classifier.vectorizer import Floats, NgramVectorizer, Vocabulary
from sake_ray.domain.verdicts import WordWeight


@dataclass(frozen=True, slots=True)
class Explanation:
    """What made the raw score of a label: `score` = the words + `other_words` + the cues + `bias`.

    `words` are the strongest, strongest first; `other_words` is the sum of all others. A document without text has no
    label.
    """

    label: str | None
    score: float
    words: tuple[WordWeight, ...]
    other_words: float
    cues: Mapping[str, float]
    bias: float


def weigh_words(glimpse: TextFeatures, shares: Floats, vocabulary: Vocabulary, counter: NgramVectorizer) -> Floats:
    """Share what each n-gram adds to a score among the words it stands in.

    `shares` holds what each column adds; an n-gram found several times gives each find an equal part, a pair of tokens
    gives each of its words half.
    """
    weights = np.zeros(len(glimpse.words))
    char_column = {name: column for column, name in enumerate(vocabulary.chars)}
    token_column = {name: len(vocabulary.chars) + column for column, name in enumerate(vocabulary.tokens)}
    finds = find_chars(glimpse, char_column, counter) + find_tokens(glimpse, token_column, counter)
    times = Tally(column for column, _ in finds)
    for column, places in finds:
        for place in places:
            weights[place] += shares[column] / times[column] / len(places)
    return weights


def find_chars(
    glimpse: TextFeatures, columns: Mapping[str, int], counter: NgramVectorizer
) -> list[tuple[int, list[int]]]:
    """List the character n-grams: the column of each, and its word."""
    analyse = counter.chars.build_analyzer()
    return [
        (columns[gram], [index])
        for index, word in enumerate(glimpse.words)
        for gram in analyse(fold(word))
        if gram in columns
    ]


def find_tokens(
    glimpse: TextFeatures, columns: Mapping[str, int], counter: NgramVectorizer
) -> list[tuple[int, list[int]]]:
    """List the tokens and runs of tokens: the column of each, and its words."""
    longest = counter.tokens.ngram_range[1]
    finds = []
    for length in range(1, longest + 1):
        for start in range(len(glimpse.tokens) - length + 1):
            run = glimpse.tokens[start : start + length]
            column = columns.get(" ".join(token for token, _ in run))
            if column is not None:
                finds.append((column, [word for _, word in run]))
    return finds


def strongest(glimpse: TextFeatures, weights: Floats, most: int) -> tuple[tuple[WordWeight, ...], float]:
    """Pick the words that weigh most, for or against; return them and the sum of the others."""
    order = np.argsort(-np.abs(weights), kind="stable")
    picked = [int(index) for index in order[:most] if weights[index] != 0]
    words = tuple(WordWeight(index, glimpse.words[index], float(weights[index])) for index in picked)
    return words, float(weights.sum() - weights[picked].sum())


def name_cues(shares: Floats) -> tuple[dict[str, float], float]:
    """Name what the cues add, and the bias; `shares` ends with them."""
    *cues, bias = shares[-len(CUES) - 1 :].tolist()
    return dict(zip(CUES, cues, strict=True)), bias
