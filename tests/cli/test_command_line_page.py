"""docs/command-line.md is the help of every command: the code says the same."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

from sake_ray.cli import app
from sake_ray.cli.commands import COMMANDS, CommandEntry

TOP = Path(__file__).parents[2]
PAGE = TOP / "docs" / "command-line.md"


def paths_of(command: object, words: str = "sake") -> Iterator[str]:
    """The words of every command that is not hidden."""
    yield words
    for name, each in getattr(command, "commands", {}).items():
        if not each.hidden:
            yield from paths_of(each.load() if isinstance(each, CommandEntry) else each, f"{words} {name}")


def test_page_is_what_the_code_says() -> None:
    made = subprocess.run(
        [sys.executable, "scripts/command_line.py"], cwd=TOP, capture_output=True, text=True, check=True
    )
    assert made.stdout == PAGE.read_text(encoding="utf-8"), "run `make contract`"


def test_page_has_every_command() -> None:
    headings = re.findall(r"^## (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert headings == list(paths_of(get_command(app)))


def test_help_of_an_option_or_command_is_one_line() -> None:
    sections = re.findall(r"\n(?:Options|Arguments|Commands):\n(.+?)(?=\n\n|\n```)", PAGE.read_text(), re.DOTALL)
    assert len(sections) > 40
    for section in sections:
        assert all(re.match(r"  \S", line) for line in section.splitlines()), section


@pytest.mark.parametrize("name", [name for name, (_, summary) in COMMANDS.items() if summary])
def test_list_says_of_a_command_what_its_help_says(name: str) -> None:
    assert CommandEntry(name).get_short_help_str(200) == CommandEntry(name).load().get_short_help_str(200)
