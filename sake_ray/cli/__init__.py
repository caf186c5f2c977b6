"""The command `sake`: results on standard output, everything else on standard error.

A command loads its own module only (`commands.py`). What is heavy is imported inside the functions: their `--help` is quick too.
"""

import logging
import os
import sys
from typing import Annotated

import typer

from sake_ray.cli.commands import CommandGroup
from sake_ray.cli.environment import clear_environment
from sake_ray.cli.terminal import make_log_handler
from sake_ray.cli.umask import start_private
from sake_ray.errors import SakeError

app = typer.Typer(
    cls=CommandGroup,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"max_content_width": 120},  # at 80 the list would lose the ends of its lines
)


def print_version(wanted: bool) -> None:
    """Print the version and exit."""
    if wanted:
        from importlib.metadata import version

        print(f"sake {version('sake-ray')}")  # noqa: T201 - the result
        raise typer.Exit


@app.callback()
def sake(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Classify documents, run the service, train models.

    Results go to standard output, everything else to standard error.
    """


def main() -> None:
    """Run the command; a SakeError becomes one sentence and its exit code."""
    start_private()
    clear_environment()
    level = os.environ.get("SAKE_LOG_LEVEL", "WARNING")
    logging.basicConfig(level=level, handlers=[make_log_handler(level)])
    try:
        app()
    except SakeError as error:
        print(f"sake: {error}", file=sys.stderr)  # noqa: T201 - the edge
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("sake: interrupted.", file=sys.stderr)  # noqa: T201
        sys.exit(130)
    except Exception as error:
        if sys.stderr.isatty() or os.environ.get("SAKE_LOG_LEVEL") == "DEBUG":
            raise
        # This is a log, and what the error says may quote a document.
        from sake_ray.logs import describe_error

        print(f"{describe_error(error)}\nSAKE_LOG_LEVEL=DEBUG shows what it says.", file=sys.stderr)  # noqa: T201
        sys.exit(1)
