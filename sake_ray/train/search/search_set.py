"""Choose the documents that a search may use, in a table of their own: of the train part, and not too many."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pyarrow as pa

from sake_ray.classifier.training_set import TrainingSet
from sake_ray.data.corpus_tables import CLEANED, TRAIN, CorpusMember, read_table, to_features, write_table
from sake_ray.domain.datatypes import Row

MAX_DOCUMENTS = 5_000
"""What suits five thousand documents suits more."""
MAX_WORK = 30_000_000
"""Characters × labels of a search: a trial is a minute on one core then, a training of that size two."""
MIN_PER_LABEL = 10
"""So many documents of each label are used, however large the corpus is."""
SEARCH_SET = pa.schema([CLEANED.field(name) for name in CLEANED.names if name != "part"] + [("group", pa.string())])


def write_search_set(cleaned: Path, members: Sequence[CorpusMember], out: Path, *, characters: int, seed: int) -> None:
    """Write the search set of a corpus with so many characters. Nothing of the test part is in it."""
    labels = len({member.label for member in members})
    characters_each = max(1, characters // max(1, len(members)))
    max_documents = min(MAX_DOCUMENTS, MAX_WORK // (characters_each * max(1, labels)))
    write_table(out, _make_rows(cleaned, members, sample_members(members, max_documents, seed=seed)), SEARCH_SET)


def sample_members(members: Sequence[CorpusMember], max_documents: int, *, seed: int) -> set[int]:
    """Sample about so many documents of the train part, of each label its share and at least ten; return their indices."""
    by_label: dict[str, list[int]] = {}
    for index, member in enumerate(members):
        if member.part == TRAIN:
            by_label.setdefault(member.label, []).append(index)
    share = max_documents / max(1, sum(map(len, by_label.values())))
    chosen: set[int] = set()
    for label, indices in by_label.items():
        size = min(len(indices), max(MIN_PER_LABEL, round(len(indices) * share)))
        chosen |= set(Random(f"{seed} {label}").sample(indices, size))
    return chosen


def read_search_set(path: Path) -> TrainingSet:
    """Read what `write_search_set` wrote. Raises InputError when too few labels have any text."""
    features, labels, groups = [], [], []
    for row in read_table(path):
        document = to_features(row)
        if not document.empty:
            features.append(document)
            labels.append(row["label"])
            groups.append(row["group"])
    return TrainingSet.build(features, labels, groups)


def _make_rows(cleaned: Path, members: Sequence[CorpusMember], chosen: set[int]) -> Iterator[Row]:
    for index, (member, row) in enumerate(zip(members, read_table(cleaned), strict=True)):
        if index in chosen:
            yield {name: row[name] for name in SEARCH_SET.names if name != "group"} | {"group": member.group}
