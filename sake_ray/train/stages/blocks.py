"""Turn a corpus that does not fit into the memory into blocks of numbers, with Ray Data."""

import pickle
from collections import Counter as Tally
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from random import Random

import numpy as np

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.text_features import TextFeatures
from sake_ray.classifier.vectorizer import NgramVectorizer, Vocabulary, fit_idf, fit_vocabulary
from sake_ray.data.corpus_tables import CorpusMember, count_groups, features_of, read_group, read_table
from sake_ray.data.ray_map import map_rows
from sake_ray.domain.datatypes import Row
from sake_ray.domain.progress import Progress
from sake_ray.errors import InputError
from sake_ray.train.params import TrainingParams
from sake_ray.train.stages.prepared import (
    MEMBERS_FILE,
    CorpusBlock,
    CorpusFacts,
    pack_block,
    write_block,
    write_corpus_facts,
)
from sake_ray.train.stages.split import TRAIN

HELD_OUT_EVERY = 20
"""One group in so many is held out to tell the temperature."""


class MemberFetcher:
    """Bring what is to be learnt of a group of rows to where it is counted. Runs beside the driver, which has the files."""

    def __init__(self, cleaned: str, members: str) -> None:
        self.cleaned, self.members = Path(cleaned), Path(members)

    def __call__(self, row: Row) -> Row:
        group = int(row["group"])
        pairs = zip(read_group(self.members, group), read_group(self.cleaned, group), strict=True)
        return {"rows": pickle.dumps([(member, cleaned) for member, cleaned in pairs if member["part"] == TRAIN])}


class GroupVectorizer:
    """Count the n-grams of a group of rows."""

    def __init__(self, vocabulary: Vocabulary, parameters: Hyperparameters, labels: Sequence[str]) -> None:
        self.counter = NgramVectorizer(vocabulary, parameters)
        self.places = {label: place for place, label in enumerate(labels)}

    def __call__(self, row: Row) -> Row:
        # Pickled by MemberFetcher a moment ago, inside our own cluster.
        members = [(member, features_of(cleaned)) for member, cleaned in pickle.loads(row["rows"])]  # noqa: S301
        mine = [(member, glimpse) for member, glimpse in members if not glimpse.empty]
        block = CorpusBlock(
            self.counter.transform([glimpse for _, glimpse in mine]),
            np.array([self.places[member["label"]] for member, _ in mine], dtype=np.int64),
            # Fold 0 is held out.
            np.array([lot(member["group"]) % HELD_OUT_EVERY for member, _ in mine], dtype=np.int64),
            np.ones(len(mine), dtype=bool),
        )
        return {"rows": len(mine), "block": pack_block(block)}


def prepare_blocks(
    cleaned: Path, members: Sequence[CorpusMember], out: Path, *, plan: TrainingParams, on_progress: Progress
) -> None:
    """Write the blocks of all documents to learn from; vocabulary and weighing come from a sample of them.

    A sample tells n-grams that matter as well as the whole does, fits into the memory, and keeps the words by which a verdict is
    explained, which hashing would lose.
    """
    sizes = Tally(member.label for member in members if member.part == TRAIN)
    labels = tuple(sorted(sizes))
    if len(labels) < 2:
        raise InputError("A classifier needs documents of at least two labels.")
    glimpses = sample_glimpses(cleaned, members, plan.classifier.vocabulary_rows, seed=plan.seed)
    vocabulary = fit_vocabulary(glimpses, plan.classifier, seed=plan.seed)
    weighing = fit_idf(NgramVectorizer(vocabulary, plan.classifier).transform(glimpses), plan.classifier)
    write_corpus_facts(
        out, CorpusFacts(labels, tuple(sizes[label] for label in labels), plan.recipe, vocabulary, weighing)
    )
    groups = count_groups(cleaned)
    counted = map_rows(
        [{"group": group} for group in range(groups)],
        (MemberFetcher, (str(cleaned), str(out / MEMBERS_FILE))),
        (GroupVectorizer, (vocabulary, plan.classifier, labels)),
        blocks=groups,
        in_order=True,
    )
    for number, row in enumerate(counted.iter_batches(batch_size=1, batch_format="numpy")):
        if row["rows"][0]:
            write_block(out, number, row["block"][0])
        on_progress(number + 1, groups)


def sample_glimpses(cleaned: Path, members: Sequence[CorpusMember], most: int, *, seed: int) -> list[TextFeatures]:
    """Draw documents to learn from, at most so many."""
    places = [place for place, member in enumerate(members) if member.part == TRAIN]
    chosen = set(places if len(places) <= most else Random(seed).sample(places, most))
    return [glimpse for glimpse in _at(cleaned, chosen) if not glimpse.empty]


def _at(cleaned: Path, places: set[int]) -> Iterator[TextFeatures]:
    for place, row in enumerate(read_table(cleaned)):
        if place in places:
            yield features_of(row)


def lot(name: str) -> int:
    """A number for a name, the same everywhere."""
    return int.from_bytes(sha256(name.encode()).digest()[:8], "big")
