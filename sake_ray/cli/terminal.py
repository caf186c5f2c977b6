"""Write to the terminal what is no result: everything that goes to standard error."""

import sys


def report(text: str) -> None:
    """Write a line to standard error."""
    print(text, file=sys.stderr, flush=True)  # noqa: T201 - the edge
