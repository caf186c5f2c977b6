"""Turn a template with choices into one of its sentences."""

import random
import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from sake_ray.synthetic.wording import read_section

T = TypeVar("T")

_INNERMOST = re.compile(r"\{([^{}]*)\}")
_NUMBERS = re.compile(r"(\d+)-(\d+)")


def write(rng: random.Random, template: str, slots: Mapping[str, Sequence[str]] | None = None) -> str:
    """Write one sentence of a template: {a|b} is a choice, {3-9} a whole number, {name} a choice of that slot.

    Choices nest, and a slot may hold templates. An unknown slot stands as its own name.
    """

    def choose(match: re.Match[str]) -> str:
        inside = str(match.group(1))
        if "|" in inside:
            return rng.choice(inside.split("|"))
        if numbers := _NUMBERS.fullmatch(inside):
            return str(rng.randint(int(numbers.group(1)), int(numbers.group(2))))
        return rng.choice(slots[inside]) if slots and inside in slots else inside

    while "{" in template:
        template, found = _INNERMOST.subn(choose, template)
        if not found:
            break
    return re.sub(r"\s+", " ", template).strip()


def sentence(rng: random.Random, template: str, slots: Mapping[str, Sequence[str]] | None = None) -> str:
    """Write one sentence and begin it with a capital."""
    text = write(rng, template, slots)
    return text[:1].upper() + text[1:]


def choose_some(rng: random.Random, choices: Sequence[T], low: int, high: int) -> list[T]:
    """Choose between `low` and `high` different entries, in any order, as far as there are that many."""
    return rng.sample(list(choices), min(len(choices), rng.randint(low, high)))


def happens(rng: random.Random, share: float) -> bool:
    """Say yes in that share of the cases, 0–1."""
    return rng.random() < share


def write_lorem(rng: random.Random, parts: int) -> str:
    """Write a filler sentence of that many parts, as templates carry it."""
    fillers = read_section("everywhere/people", "filler")["lorem"]
    return ", ".join(choose_some(rng, fillers, parts, parts)).capitalize() + rng.choice((".", ""))
