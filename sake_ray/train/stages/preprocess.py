"""Divide the corpus into documents to learn from and documents to judge by, and turn the first into numbers."""

import csv
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sake_ray.classifier.training_set import TrainingSet
from sake_ray.classifier.vectorized_corpus import vectorize_corpus
from sake_ray.data.corpus_tables import CorpusMember, features_of, read_table
from sake_ray.data.duplicates import group_duplicates
from sake_ray.domain.progress import Progress
from sake_ray.files import atomic_path
from sake_ray.train.params import TrainingParams
from sake_ray.train.search.search_set import write_lessons
from sake_ray.train.stages.ingest import OpenRay
from sake_ray.train.stages.prepared import (
    MEMBERS_FILE,
    CorpusFacts,
    cut_blocks,
    pack_block,
    write_block,
    write_corpus_facts,
)
from sake_ray.train.stages.split import LEFT_OUT, TEST, TRAIN, SplitItem, split
from sake_ray.train.stages.tables import MEMBERS, write_table

MAX_COMPARED = 50_000
"""Beyond so many documents only identical texts are grouped: the signatures of more would fill a laptop's memory."""
MAX_WORK = 150_000_000
"""Characters × labels that are learnt at once; ten minutes on one core (measured), and 2 GB of memory."""


def preprocess(
    cleaned: Path,
    out: Path,
    *,
    lessons: Path,
    split_file: Path,
    plan: TrainingParams,
    open_ray: OpenRay,
    on_progress: Progress,
) -> dict[str, object]:
    """Write the split, the members and the blocks of a corpus, and the lessons of a search; return what there is to tell.

    Ray is opened for a corpus that is learnt block by block. Raises InputError when there is too little to learn from.
    """
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    members = divide(cleaned, before=read_split(split_file), plan=plan)
    write_split(split_file, members)
    write_table(out / MEMBERS_FILE, _rows(members), MEMBERS)
    characters = count_characters(cleaned)
    write_lessons(cleaned, members, lessons, characters=characters, seed=plan.seed)
    if in_blocks(characters, members, plan):
        with open_ray():
            from sake_ray.train.stages.blocks import prepare_blocks  # Ray reads its environment when it is imported

            prepare_blocks(cleaned, members, out, plan=plan, on_progress=on_progress)
    else:
        prepare_at_once(cleaned, members, out, plan=plan)
        on_progress(1, 1)
    return tell_split(members)


def divide(cleaned: Path, *, before: Mapping[str, str], plan: TrainingParams) -> list[CorpusMember]:
    """Give each document its part; nearly the same documents are one group, and on one side.

    What the corpus itself says of a part counts, then what an earlier split said.
    """
    ids, labels, given = [], [], {}
    for row in read_table(cleaned, ("id", "label", "part")):
        ids.append(row["id"])
        labels.append(row["label"])
        if row["part"]:
            given[row["id"]] = row["part"]
    groups = find_groups(cleaned, ids)
    items = [SplitItem(*facts) for facts in zip(ids, labels, groups, strict=True)]
    parts = split(items, before={**before, **given}, test_share=plan.test_share, seed=plan.split_seed)
    return [CorpusMember(item.id, item.label, parts[item.id], item.group) for item in items]


def find_groups(cleaned: Path, ids: Sequence[str]) -> list[str]:
    """Name the group of each document by its first member."""
    tokens = (row["tokens"] for row in read_table(cleaned, ("tokens",)))
    if len(ids) <= MAX_COMPARED:
        return [ids[first] for first in group_duplicates(list(tokens))]
    firsts: dict[bytes, str] = {}
    found = []
    for id, text in zip(ids, tokens, strict=True):
        digest = sha256(" ".join(text).encode()).digest()[:16]
        found.append(firsts.setdefault(digest, id) if text else id)
    return found


def in_blocks(characters: int, members: Sequence[CorpusMember], plan: TrainingParams) -> bool:
    """Whether to learn block by block: as the plan says, or when it is too much at once."""
    if plan.streaming != "auto":
        return plan.streaming == "always"
    return characters * len({member.label for member in members}) > MAX_WORK


def count_characters(cleaned: Path) -> int:
    """How much there is to learn from."""
    characters = 0
    with pq.ParquetFile(cleaned) as table:
        for group in range(table.num_row_groups):
            words = table.read_row_group(group, columns=["words"]).column("words")
            characters += sum(pc.sum(pc.utf8_length(chunk.flatten())).as_py() or 0 for chunk in words.chunks)
    return characters


def prepare_at_once(cleaned: Path, members: Sequence[CorpusMember], out: Path, *, plan: TrainingParams) -> None:
    """Turn all documents to learn from into numbers, in this process."""
    pairs = zip(members, read_table(cleaned), strict=True)
    mine = [(member, features_of(row)) for member, row in pairs if member.part == TRAIN]
    lessons = TrainingSet.build(
        [glimpse for _, glimpse in mine], [member.label for member, _ in mine], [member.group for member, _ in mine]
    )
    prepared = vectorize_corpus(lessons.features, lessons.targets, lessons.groups, plan.classifier, seed=plan.seed)
    sizes = tuple(int(size) for size in np.bincount(lessons.targets))
    write_corpus_facts(out, CorpusFacts(lessons.labels, sizes, plan.recipe, prepared.vocabulary, None))
    for number, block in enumerate(cut_blocks(prepared)):
        write_block(out, number, pack_block(block))


def read_split(path: Path) -> dict[str, str]:
    """The parts of an earlier split; none before the first."""
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


def tell_split(members: Sequence[CorpusMember]) -> dict[str, object]:
    """Count the documents of each label and part, and name those that were left out."""
    counts = Counter((member.label, member.part) for member in members)
    labels = sorted({member.label for member in members})
    return {
        "labels": {label: {part: counts[label, part] for part in (TRAIN, TEST, LEFT_OUT)} for label in labels},
        "near_duplicates": len(members) - len({member.group for member in members}),
        "left_out": [member.id for member in members if member.part == LEFT_OUT][:1000],
    }


def _rows(members: Sequence[CorpusMember]) -> Iterator[dict[str, str]]:
    for member in members:
        yield {"id": member.id, "label": member.label, "part": member.part, "group": member.group}
