"""The words of the house: a class name stands for one thing, and none is of the old dialect."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import frontends
import sake_ray

ROOMS = [Path(str(package.__file__)).parent for package in (sake_ray, frontends)]


def definitions() -> dict[str, list[str]]:
    """Where each class of the program is defined, by name."""
    found = defaultdict(list)
    for room in ROOMS:
        for path in room.rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.ClassDef):
                    found[node.name].append(f"{path.relative_to(room.parent)}:{node.lineno}")
    return found


def test_a_class_name_stands_for_one_class() -> None:
    assert {name: places for name, places in definitions().items() if len(places) > 1} == {}


def test_a_class_name_is_no_bare_participle_nor_a_word_of_everyday_life() -> None:
    words = "door drawn found glimpse judged kept laid learned lessons lie lying received said sent standing taught told wish"
    assert [name for name in definitions() if name.lower() in words.split()] == []


def test_bounds_are_called_max_and_min() -> None:
    for room in ROOMS:
        for path in room.rglob("*.py"):
            assert re.findall(r"\b(?:MOST|LEAST|FEWEST)_\w+", path.read_text(encoding="utf-8")) == [], path.name
