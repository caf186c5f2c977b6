"""Turn a template with choices into one of its sentences."""

import random
import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

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


def some(rng: random.Random, choices: Sequence[T], low: int, high: int) -> list[T]:
    """Choose between `low` and `high` different entries, in any order, as far as there are that many."""
    return rng.sample(list(choices), min(len(choices), rng.randint(low, high)))


def chance(rng: random.Random, share: float) -> bool:
    """Say yes in that share of the cases, 0–1."""
    return rng.random() < share


def split_list(text: str, mark: str = ";") -> tuple[str, ...]:
    """Split a list written on one or several lines into its entries."""
    return tuple(part.strip() for part in text.replace("\n", f"{mark} ").split(mark) if part.strip())


def paragraphs(text: str) -> tuple[str, ...]:
    """Split a text at its lines; a line that begins with a space goes on with the one before."""
    found: list[str] = []
    for line in text.strip("\n").splitlines():
        if line.startswith(" ") and found:
            found[-1] += " " + line.strip()
        elif line.strip():
            found.append(line.strip())
    return tuple(found)


_LOREM = split_list(
    """lorem ipsum dolor sit amet; consectetur adipiscing elit; sed do eiusmod tempor incididunt ut labore;
    et dolore magna aliqua; ut enim ad minim veniam; quis nostrud exercitation ullamco laboris nisi;
    duis aute irure dolor;
    in reprehenderit in voluptate velit; esse cillum dolore eu fugiat nulla pariatur; excepteur sint occaecat cupidatat;
    non proident; sunt in culpa qui officia deserunt mollit anim id est laborum;
    vestibulum ante ipsum primis in faucibus;
    praesent commodo cursus magna; integer posuere erat a ante; donec ullamcorper nulla non metus auctor fringilla"""
)


def lorem(rng: random.Random, parts: int) -> str:
    """Write a filler sentence of that many parts, as templates carry it."""
    return ", ".join(some(rng, _LOREM, parts, parts)).capitalize() + rng.choice((".", ""))
