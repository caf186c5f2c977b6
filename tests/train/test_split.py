"""Copies are found, and a corpus is divided so that nothing tested was ever learnt."""

from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sake_ray.data import duplicates
from sake_ray.data.corpus_tables import LEFT_OUT, TEST, TRAIN
from sake_ray.data.duplicates import Hashes, group_duplicates, similarity
from sake_ray.train.stages.split import SplitItem, split

WORDS = [f"word{number}" for number in range(500)]


def text(seed: int, length: int = 60) -> list[str]:
    return Random(seed).choices(WORDS, k=length)


def misread(tokens: list[str], errors: int, seed: int) -> list[str]:
    """The same page read again: a few words come out otherwise."""
    random, again = Random(seed), list(tokens)
    for _ in range(errors):
        again[random.randrange(len(again))] = f"misread{random.random()}"
    return again


def test_copies_and_rescans_form_one_group_and_others_stand_alone() -> None:
    pages = [text(seed) for seed in range(30)]
    groups = group_duplicates([*pages, pages[3], misread(pages[4], 2, 1), misread(pages[4], 2, 2)])
    assert groups[:30] == list(range(30))
    assert groups[30:] == [3, 4, 4]


def test_documents_half_alike_are_not_one_group() -> None:
    form = text(1, 60)
    assert group_duplicates([form + text(2, 60), form + text(3, 60)]) == [0, 1]


def test_short_and_empty_texts_are_no_trouble() -> None:
    assert group_duplicates([[], ["a"], [], ["a"], ["a", "b"]]) == [0, 1, 2, 1, 4]


def test_a_thousand_copies_are_not_compared_each_with_each(monkeypatch: pytest.MonkeyPatch) -> None:
    compared = []

    def count(one: Hashes, other: Hashes) -> float:
        compared.append(1)
        return similarity(one, other)

    monkeypatch.setattr(duplicates, "similarity", count)
    assert set(group_duplicates([text(1)] * 1000)) == {0}
    assert len(compared) <= 1000


def items(counts: dict[str, int], start: int = 0) -> list[SplitItem]:
    rows = []
    for label, count in counts.items():
        rows += [SplitItem(f"{label}-{number}", label, f"{label}-{number}") for number in range(start, start + count)]
    return rows


def test_each_label_gives_a_fifth_to_the_test() -> None:
    parts = split(items({"facture": 100, "resume": 50, "rare": 2, "single": 1}), before={})
    tested = Counter(name.split("-")[0] for name, part in parts.items() if part == TEST)
    assert tested == {"facture": 20, "resume": 10, "rare": 1}


def test_order_of_the_documents_does_not_matter() -> None:
    rows = items({"facture": 40, "resume": 30})
    assert split(rows, before={}) == split(rows[::-1], before={})


@settings(deadline=None)
@given(first=st.integers(2, 60), more=st.integers(0, 60))
def test_no_document_changes_sides_when_others_are_added(first: int, more: int) -> None:
    rows = items({"facture": first, "resume": 10})
    before = split(rows, before={})
    after = split([*rows, *items({"facture": more, "new": 5}, start=100)], before=before)
    assert {name: after[name] for name in before} == before
    assert Counter(after[name] for name in after if name.startswith("new"))[TEST] == 1


def test_group_goes_to_one_side_whole() -> None:
    rows = [SplitItem(f"{number}", "facture", f"g{number // 5}") for number in range(100)]
    parts = split(rows, before={})
    assert all(len({parts[f"{5 * group + at}"] for at in range(5)}) == 1 for group in range(20))
    assert Counter(parts.values()) == {TRAIN: 80, TEST: 20}


def test_new_copy_joins_the_side_of_its_original() -> None:
    before = {"a": TEST, "b": TRAIN}
    rows = [SplitItem("a", "x", "1"), SplitItem("b", "x", "2"), SplitItem("a2", "x", "1"), SplitItem("b2", "x", "2")]
    assert split(rows, before=before) == {"a": TEST, "b": TRAIN, "a2": TEST, "b2": TRAIN}


def test_document_that_bridges_both_sides_is_left_out() -> None:
    before = {"a": TEST, "b": TRAIN}
    rows = [SplitItem("a", "x", "1"), SplitItem("b", "x", "1"), SplitItem("bridge", "x", "1")]
    parts = split(rows, before=before)
    assert parts == {"a": TEST, "b": TRAIN, "bridge": LEFT_OUT}
    assert split(rows, before=parts) == parts


def test_every_label_keeps_something_to_train_on() -> None:
    rows = [SplitItem("a", "x", "1"), SplitItem("b", "x", "1"), SplitItem("c", "x", "2"), SplitItem("d", "y", "3")]
    parts = split(rows, before={})
    assert {item.label for item in rows if parts[item.id] == TRAIN} == {"x", "y"}
