"""Split a corpus into train and test, group by group; no document ever changes sides."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sake_ray.data.corpus_tables import LEFT_OUT, TEST, TRAIN

TEST_SHARE = 0.2


@dataclass(frozen=True, slots=True)
class SplitItem:
    """A document of the corpus: its id (the sha256 of an image), its label, and the group of its near-duplicates."""

    id: str
    label: str
    group: str


def split(
    items: Sequence[SplitItem], *, before: Mapping[str, str], test_share: float = TEST_SHARE, seed: int = 7
) -> dict[str, str]:
    """Assign each document (id) to its part: train, test or left out.

    `before` holds the parts of an earlier split, which stay. A group goes to one side whole; a new document that is nearly the
    same as one on each side is left out, because it would leak the test part into training. Each label gives about
    `test_share` of its documents to the test, from two groups on at least one, and always keeps at least one group to train on.
    """
    groups: dict[str, list[SplitItem]] = {}
    for item in items:
        groups.setdefault(item.group, []).append(item)
    parts: dict[str, str] = {}
    new_groups: list[list[SplitItem]] = []
    for members in groups.values():
        sides = {before[item.id] for item in members if before.get(item.id) in {TRAIN, TEST}}
        if not sides:
            new_groups.append(members)
            continue
        joined = sides.pop() if len(sides) == 1 else LEFT_OUT
        for item in members:
            earlier = before.get(item.id, "")
            parts[item.id] = earlier if earlier in {TRAIN, TEST} else joined
    # By a hash and not by position: the same documents in another order are split the same.
    new_groups.sort(key=lambda members: _hash(min(item.id for item in members), seed))
    for members in new_groups:
        parts |= dict.fromkeys((item.id for item in members), TRAIN)
    _fill_test(items, new_groups, parts, test_share)
    return parts


def _fill_test(
    items: Sequence[SplitItem], new_groups: Sequence[Sequence[SplitItem]], parts: dict[str, str], share: float
) -> None:
    """Move new groups to the test until each label has its share there."""
    for label in sorted({item.label for item in items}):
        labelled = [item for item in items if item.label == label and parts[item.id] != LEFT_OUT]
        tested = sum(parts[item.id] == TEST for item in labelled)
        target = max(1, round(len(labelled) * share)) if len({item.group for item in labelled}) > 1 else 0
        for members in new_groups:
            if tested >= target:
                break
            # A group of several labels follows its first one; the others count what they get.
            if members[0].label != label or parts[members[0].id] == TEST:
                continue
            if not _leaves_some_to_train(labelled, members, parts):
                continue
            parts |= dict.fromkeys((item.id for item in members), TEST)
            tested += sum(item.label == label for item in members)


def _leaves_some_to_train(
    labelled: Sequence[SplitItem], members: Sequence[SplitItem], parts: Mapping[str, str]
) -> bool:
    moved = {item.id for item in members}
    return any(parts[item.id] == TRAIN and item.id not in moved for item in labelled)


def _hash(name: str, seed: int) -> str:
    return sha256(f"{seed} {name}".encode()).hexdigest()
