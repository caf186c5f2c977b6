"""Keep the documents a search looks at in a table of their own: of the part to learn from, and not too many."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import pyarrow as pa

from sake_ray.classifier.training_set import TrainingSet
from sake_ray.data.corpus_tables import CorpusMember, features_of, read_table
from sake_ray.domain.datatypes import Row
from sake_ray.train.stages.split import TRAIN
from sake_ray.train.stages.tables import CLEANED, write_table

MAX_LESSONS = 5_000
"""What suits five thousand documents suits more."""
MAX_WORK = 30_000_000
"""Characters × labels of a search: a trial is a minute on one core then, a training of that size two."""
FEWEST = 10
"""So many documents of each label are looked at, however large the corpus is."""
SCHEMA = pa.schema([CLEANED.field(name) for name in CLEANED.names if name != "part"] + [("group", pa.string())])


def write_lessons(cleaned: Path, members: Sequence[CorpusMember], out: Path, *, characters: int, seed: int) -> None:
    """Write what a search may look at of a corpus with so many characters. Nothing of the test part is among it."""
    labels = len({member.label for member in members})
    per_document = max(1, characters // max(1, len(members)))
    chosen = choose(members, min(MAX_LESSONS, MAX_WORK // (per_document * max(1, labels))), seed=seed)
    write_table(out, _rows(cleaned, members, chosen), SCHEMA)


def choose(members: Sequence[CorpusMember], most: int, *, seed: int) -> set[int]:
    """Draw places of documents to learn from: about so many, of each label its share and at least ten."""
    places: dict[str, list[int]] = {}
    for place, member in enumerate(members):
        if member.part == TRAIN:
            places.setdefault(member.label, []).append(place)
    share = most / max(1, sum(map(len, places.values())))
    chosen: set[int] = set()
    for label, mine in places.items():
        wanted = min(len(mine), max(FEWEST, round(len(mine) * share)))
        chosen |= set(Random(f"{seed} {label}").sample(mine, wanted))
    return chosen


def read_lessons(path: Path) -> TrainingSet:
    """Read what `write_lessons` wrote. Raises InputError when too few labels have any text."""
    glimpses, labels, groups = [], [], []
    for row in read_table(path):
        glimpse = features_of(row)
        if not glimpse.empty:
            glimpses.append(glimpse)
            labels.append(row["label"])
            groups.append(row["group"])
    return TrainingSet.build(glimpses, labels, groups)


def _rows(cleaned: Path, members: Sequence[CorpusMember], chosen: set[int]) -> Iterator[Row]:
    for place, (member, row) in enumerate(zip(members, read_table(cleaned), strict=True)):
        if place in chosen:
            yield {name: row[name] for name in SCHEMA.names if name != "group"} | {"group": member.group}
