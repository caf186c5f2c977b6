"""Split the corpus into train and test, and vectorize what is to be learnt."""

import csv
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sake_ray.classifier.training_set import TrainingSet
from sake_ray.classifier.vectorized_corpus import vectorize_corpus
from sake_ray.data.corpus_tables import (
    LEFT_OUT,
    MEMBERS,
    TEST,
    TRAIN,
    CorpusMember,
    read_table,
    to_features,
    write_table,
)
from sake_ray.data.duplicates import group_duplicates
from sake_ray.domain.datatypes import Row
from sake_ray.domain.progress import Progress
from sake_ray.files import atomic_path
from sake_ray.train.params import TrainingParams
from sake_ray.train.search.search_set import write_search_set
from sake_ray.train.stages.corpus_blocks import CorpusFacts, pack_block, to_blocks, write_block, write_corpus_facts
from sake_ray.train.stages.ingest import OpenRay
from sake_ray.train.stages.split import SplitItem, split

MAX_COMPARED = 50_000
"""Beyond so many documents only identical texts are grouped: the signatures of more would fill a laptop's memory."""
MAX_WORK = 150_000_000
"""Characters × labels that are learnt at once; ten minutes on one core (measured), and 2 GB of memory."""


def preprocess(
    cleaned: Path,
    out: Path,
    *,
    split_file: Path,
    members_file: Path,
    search_set: Path,
    params: TrainingParams,
    open_ray: OpenRay,
    on_progress: Progress,
) -> dict[str, object]:
    """Write the split, the members, the vectorized train part (`out`), and the search set; return the metrics of the split.

    Ray is opened for a corpus that is learnt block by block. Raises InputError when there is too little to learn from.
    """
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    members = split_corpus(cleaned, before=read_split(split_file), params=params)
    write_split(split_file, members)
    write_table(members_file, _make_rows(members), MEMBERS)
    characters = count_characters(cleaned)
    write_search_set(cleaned, members, search_set, characters=characters, seed=params.seed)
    if is_streamed(characters, members, params):
        with open_ray():
            from sake_ray.train.stages.vectorize_on_ray import vectorize_on_ray  # Ray reads its environment on import

            vectorize_on_ray(cleaned, members_file, members, out, params=params, on_progress=on_progress)
    else:
        vectorize_locally(cleaned, members, out, params=params)
        on_progress(1, 1)
    return measure_split(members)


def split_corpus(cleaned: Path, *, before: Mapping[str, str], params: TrainingParams) -> list[CorpusMember]:
    """Assign each document to its part; near-duplicates are one group, and on one side.

    A part that the corpus itself gives comes first, then that of an earlier split.
    """
    ids, labels, given = [], [], {}
    for row in read_table(cleaned, ("id", "label", "part")):
        ids.append(row["id"])
        labels.append(row["label"])
        if row["part"]:
            given[row["id"]] = row["part"]
    groups = find_groups(cleaned, ids)
    items = [SplitItem(*facts) for facts in zip(ids, labels, groups, strict=True)]
    parts = split(items, before={**before, **given}, test_share=params.test_share, seed=params.split_seed)
    return [CorpusMember(item.id, item.label, parts[item.id], item.group) for item in items]


def find_groups(cleaned: Path, ids: Sequence[str]) -> list[str]:
    """Name the group of each document by its first member."""
    tokens = (row["tokens"] for row in read_table(cleaned, ("tokens",)))
    if len(ids) <= MAX_COMPARED:
        return [ids[first] for first in group_duplicates(list(tokens))]
    firsts: dict[bytes, str] = {}
    groups = []
    for id, text in zip(ids, tokens, strict=True):
        digest = sha256(" ".join(text).encode()).digest()[:16]
        groups.append(firsts.setdefault(digest, id) if text else id)
    return groups


def is_streamed(characters: int, members: Sequence[CorpusMember], params: TrainingParams) -> bool:
    """Tell whether to learn block by block: as params.yaml says, or when it is too much at once."""
    if params.streaming != "auto":
        return params.streaming == "always"
    return characters * len({member.label for member in members}) > MAX_WORK


def count_characters(cleaned: Path) -> int:
    """Count the characters of all words."""
    characters = 0
    with pq.ParquetFile(cleaned) as table:
        for group in range(table.num_row_groups):
            words = table.read_row_group(group, columns=["words"]).column("words")
            characters += sum(pc.sum(pc.utf8_length(chunk.flatten())).as_py() or 0 for chunk in words.chunks)
    return characters


def vectorize_locally(cleaned: Path, members: Sequence[CorpusMember], out: Path, *, params: TrainingParams) -> None:
    """Vectorize the train part in this process."""
    pairs = zip(members, read_table(cleaned), strict=True)
    documents = [(member, to_features(row)) for member, row in pairs if member.part == TRAIN]
    training_set = TrainingSet.build(
        [features for _, features in documents],
        [member.label for member, _ in documents],
        [member.group for member, _ in documents],
    )
    corpus = vectorize_corpus(
        training_set.features, training_set.targets, training_set.groups, params.hyperparameters, seed=params.seed
    )
    sizes = tuple(int(size) for size in np.bincount(training_set.targets))
    write_corpus_facts(out, CorpusFacts(training_set.labels, sizes, params.recipe, corpus.vocabulary, None))
    for number, block in enumerate(to_blocks(corpus)):
        write_block(out, number, pack_block(block))


def read_split(path: Path) -> dict[str, str]:
    """Read the parts of an earlier split; none before the first."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["id"]: row["part"] for row in csv.DictReader(lines)}


def write_split(path: Path, members: Sequence[CorpusMember]) -> None:
    """Write the split, a line a document."""
    with atomic_path(path) as part, part.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["id", "label", "part", "group"])
        writer.writerows([member.id, member.label, member.part, member.group] for member in members)


def measure_split(members: Sequence[CorpusMember]) -> dict[str, object]:
    """Count the documents of each label and part, and name those that were left out."""
    counts = Counter((member.label, member.part) for member in members)
    labels = sorted({member.label for member in members})
    return {
        "labels": {label: {part: counts[label, part] for part in (TRAIN, TEST, LEFT_OUT)} for label in labels},
        "near_duplicates": len(members) - len({member.group for member in members}),
        "left_out": [member.id for member in members if member.part == LEFT_OUT][:1000],
    }


def _make_rows(members: Sequence[CorpusMember]) -> Iterator[Row]:
    for member in members:
        yield asdict(member)
