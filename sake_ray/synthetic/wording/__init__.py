"""Read the wording of generated documents from the text files of this folder, which a translator can edit.

README.md in this folder describes their form. Importing reads nothing; a file is read when it is first asked for.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sake_ray.errors import SetupError

FOLDER = Path(__file__).parent
_SECTION = re.compile(r"\[(.+)\]")
_KEY = re.compile(r"([A-Za-z_]+): (.+)")
_SEPARATOR = re.compile(r"(?<!\\);")

Line = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordingSection:
    """One section of a file: the wordings of every key, in the order of the file, all together and line by line."""

    place: str
    wordings: Mapping[str, tuple[str, ...]]
    lines: Mapping[str, tuple[Line, ...]]

    def __getitem__(self, key: str) -> tuple[str, ...]:
        """The wordings of a key; raises SetupError where the file lacks it."""
        if key not in self.wordings:
            raise SetupError("wording-invalid", error=f"{self.place} lacks the key {key}")
        return self.wordings[key]

    def get_only(self, key: str) -> str:
        """The wording of a key that has one alone."""
        if len(self[key]) != 1:
            raise SetupError(
                "wording-invalid", error=f"{self.place} has {len(self[key])} wordings of {key}, where one is wanted"
            )
        return self[key][0]


@cache
def read_wording(name: str) -> Mapping[str, WordingSection]:
    """Read every section of a file, e.g. "fr/letters", in its order.

    A malformed file raises SetupError with the file, the line and what is wrong.
    """
    path = FOLDER / f"{name}.txt"
    try:
        text = path.read_text("utf-8")
    except FileNotFoundError as error:
        raise SetupError("wording-invalid", error=f"there is no wording {path}") from error
    except UnicodeDecodeError as error:
        raise SetupError("wording-invalid", error=f"{path} is not UTF-8: {error}") from error
    sections: dict[str, dict[str, list[Line]]] = {}
    lines: dict[str, list[Line]] | None = None
    for number, entry in _join_lines(text):
        place = f"{path}, line {number}"
        if header := _SECTION.fullmatch(entry):
            if header[1] in sections:
                raise SetupError("wording-invalid", error=f"{place}: the section [{header[1]}] is there twice")
            lines = sections[header[1]] = {}
            continue
        if lines is None:
            raise SetupError(
                "wording-invalid", error=f"{place}: a file begins with a section in brackets, not with {entry[:40]!r}"
            )
        key, wordings = _parse_entry(entry, place)
        lines.setdefault(key, []).append(wordings)
    return {section: _build_section(f"{path} [{section}]", found) for section, found in sections.items()}


def read_section(name: str, section: str) -> WordingSection:
    """Read one section of a file."""
    sections = read_wording(name)
    if section not in sections:
        raise SetupError("wording-invalid", error=f"{FOLDER / name}.txt lacks the section [{section}]")
    return sections[section]


def _join_lines(text: str) -> Iterator[tuple[int, str]]:
    """Join continued lines, leave out remarks and empty lines; each entry comes with the number of its first line."""
    began, entry = 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith(" ") and entry:
            entry += f" {line.strip()}"
            continue
        if entry:
            yield began, entry
        began, entry = number, line.rstrip()
    if entry:
        yield began, entry


def _parse_entry(entry: str, place: str) -> tuple[str, Line]:
    match = _KEY.fullmatch(entry)
    if not match:
        raise SetupError(
            "wording-invalid", error=f"{place}: a line is a key, a colon, a space and its wordings, not {entry[:40]!r}"
        )
    wordings = tuple(part.strip().replace("\\;", ";") for part in _SEPARATOR.split(match[2]))
    for wording in wordings:
        if not wording:
            raise SetupError(
                "wording-invalid", error=f"{place}: nothing stands between two semicolons, or after the last one"
            )
        if not _is_balanced(wording):
            raise SetupError(
                "wording-invalid", error=f"{place}: a brace is not closed, or not opened, in {wording[:60]!r}"
            )
    return match[1], wordings


def _is_balanced(wording: str) -> bool:
    depth = 0
    for character in wording:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0


def _build_section(place: str, lines: Mapping[str, list[Line]]) -> WordingSection:
    together = {key: tuple(wording for line in found for wording in line) for key, found in lines.items()}
    return WordingSection(place, together, {key: tuple(found) for key, found in lines.items()})
