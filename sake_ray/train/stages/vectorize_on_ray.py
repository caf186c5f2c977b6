"""Vectorize a corpus that does not fit into the memory, block by block, with Ray Data."""

import pickle
from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random

import numpy as np

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.text_features import TextFeatures
from sake_ray.classifier.vectorizer import NgramVectorizer, Vocabulary, fit_idf, fit_vocabulary
from sake_ray.data.corpus_tables import TRAIN, CorpusMember, count_groups, read_group, read_table, to_features
from sake_ray.data.ray_map import map_rows
from sake_ray.domain.datatypes import Row
from sake_ray.domain.progress import Progress
from sake_ray.errors import InputError
from sake_ray.train.params import TrainingParams
from sake_ray.train.stages.corpus_blocks import (
    CorpusBlock,
    CorpusFacts,
    pack_block,
    write_block,
    write_corpus_facts,
)

HOLDOUT_FOLDS = 20
"""Groups are dealt to so many folds; fold 0 is held out to fit the temperature."""


def vectorize_on_ray(
    cleaned: Path,
    members_file: Path,
    members: Sequence[CorpusMember],
    out: Path,
    *,
    params: TrainingParams,
    on_progress: Progress,
) -> None:
    """Write the blocks of the train part; vocabulary and document frequencies come from a sample of it.

    A sample finds the n-grams that matter as well as the whole does, fits into the memory, and still explains a verdict by
    words, which hashing would lose.
    """
    sizes = Counter(member.label for member in members if member.part == TRAIN)
    labels = tuple(sorted(sizes))
    if len(labels) < 2:
        raise InputError("too-few-labels")
    hyperparameters = params.hyperparameters
    sample = sample_features(cleaned, members, hyperparameters.vocabulary_rows, seed=params.seed)
    vocabulary = fit_vocabulary(sample, hyperparameters, seed=params.seed)
    idf = fit_idf(NgramVectorizer(vocabulary, hyperparameters).transform(sample), hyperparameters)
    write_corpus_facts(
        out, CorpusFacts(labels, tuple(sizes[label] for label in labels), params.recipe, vocabulary, idf)
    )
    groups = count_groups(cleaned)
    blocks = map_rows(
        [{"group": group} for group in range(groups)],
        (MemberFetcher, (str(cleaned), str(members_file))),
        (GroupVectorizer, (vocabulary, hyperparameters, labels)),
        blocks=groups,
        in_order=True,
    )
    for number, row in enumerate(blocks.iter_batches(batch_size=1, batch_format="numpy")):
        if row["rows"][0]:
            write_block(out, number, row["block"][0])
        on_progress(number + 1, groups)


class MemberFetcher:
    """Fetch the train part of a row group to where it is vectorized. Runs beside the driver, which has the files."""

    def __init__(self, cleaned: str, members: str) -> None:
        self.cleaned, self.members = Path(cleaned), Path(members)

    def __call__(self, row: Row) -> Row:
        group = int(row["group"])
        pairs = zip(read_group(self.members, group), read_group(self.cleaned, group), strict=True)
        return {"rows": pickle.dumps([(member, cleaned) for member, cleaned in pairs if member["part"] == TRAIN])}


class GroupVectorizer:
    """Vectorize the train part of a row group."""

    def __init__(self, vocabulary: Vocabulary, parameters: Hyperparameters, labels: Sequence[str]) -> None:
        self.vectorizer = NgramVectorizer(vocabulary, parameters)
        self.targets = {label: target for target, label in enumerate(labels)}

    def __call__(self, row: Row) -> Row:
        # Pickled by MemberFetcher a moment ago, inside our own cluster.
        rows = [(member, to_features(cleaned)) for member, cleaned in pickle.loads(row["rows"])]  # noqa: S301
        documents = [(member, features) for member, features in rows if not features.empty]
        block = CorpusBlock(
            self.vectorizer.transform([features for _, features in documents]),
            np.array([self.targets[member["label"]] for member, _ in documents], dtype=np.int64),
            np.array([to_number(member["group"]) % HOLDOUT_FOLDS for member, _ in documents], dtype=np.int64),
            np.ones(len(documents), dtype=bool),
        )
        return {"rows": len(documents), "block": pack_block(block)}


def sample_features(
    cleaned: Path, members: Sequence[CorpusMember], max_documents: int, *, seed: int
) -> list[TextFeatures]:
    """Sample the features of documents of the train part."""
    train = [index for index, member in enumerate(members) if member.part == TRAIN]
    chosen = set(train if len(train) <= max_documents else Random(seed).sample(train, max_documents))
    return [features for features in _read_features(cleaned, chosen) if not features.empty]


def _read_features(cleaned: Path, chosen: set[int]) -> Iterator[TextFeatures]:
    for index, row in enumerate(read_table(cleaned)):
        if index in chosen:
            yield to_features(row)


def to_number(name: str) -> int:
    """Turn a name into a number, the same on every machine."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big")
