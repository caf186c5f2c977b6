"""Write docs/command-line.md from the `--help` of every command: `make contract` runs this.

.venv/bin/python scripts/command_line.py > docs/command-line.md
"""

import re
import sys
from collections.abc import Iterator

from typer.testing import CliRunner

from sake_ray.cli import app

WIDTH = 120
HEAD = """# The command line

This page is made from `sake --help` by `make contract`; do not edit it.
Settings come from environment variables, see [operations](operations.md); exit codes are in [errors](errors.md).
"""


def read_help(words: tuple[str, ...]) -> str:
    """Read the help of a command."""
    result = CliRunner().invoke(
        app, [*words, "--help"], prog_name="sake", terminal_width=WIDTH, max_content_width=WIDTH
    )
    if result.exit_code:
        raise RuntimeError(f"sake {' '.join(words)} --help ended with {result.exit_code}: {result.output}")
    return "\n".join(line.rstrip() for line in result.output.strip().splitlines())


def find_commands(words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], str]]:
    """Find every command and its help, a group before its commands."""
    text = read_help(words)
    yield words, text
    _, _, commands = text.partition("\nCommands:\n")
    for name in re.findall(r"^  (\S+)", commands, re.MULTILINE):
        yield from find_commands((*words, name))


def write_page() -> Iterator[str]:
    """Write the page, part by part."""
    yield HEAD
    for words, text in find_commands():
        yield f"\n## {' '.join(('sake', *words))}\n\n```text\n{text}\n```\n"


if __name__ == "__main__":
    sys.stdout.writelines(write_page())
