"""The command `sake`: results on standard output, everything else on standard error.

Modules of this package import what is heavy inside their functions: every command loads all of them.
"""

import logging
import os
import sys
from typing import Annotated

import typer

from sake_ray.cli import (
    audit,
    check,
    comparison,
    corpus,
    documents,
    feedback,
    images,
    jobs,
    migration,
    models,
    policy,
    retry,
    status,
    training,
    up,
    users,
)
from sake_ray.cli.umask import start_private
from sake_ray.errors import SakeError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command()(up.up)
app.command()(status.status)
app.command()(check.check)
app.command()(migration.migrate)
app.command()(documents.classify)
app.command()(documents.samples)
app.command()(retry.retry)
app.command()(training.train)
app.command()(training.tune)
app.command()(training.restore)
app.command()(training.stage)
app.command()(jobs.jobs)
app.command()(jobs.logs)
app.command()(jobs.stop)
app.command(hidden=True)(jobs.job)
app.command()(corpus.corpus)
app.command()(models.models)
app.command()(models.runs)
app.command()(comparison.compare)
app.command()(policy.policy)
app.command()(models.register)
app.command()(models.promote)
app.command()(models.rollback)
app.add_typer(images.app, name="images")
app.add_typer(feedback.app, name="feedback")
app.add_typer(users.app, name="user")
app.add_typer(audit.app, name="audit")


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
    logging.basicConfig(level=os.environ.get("SAKE_LOG_LEVEL", "WARNING"), format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except SakeError as error:
        print(f"sake: {error}", file=sys.stderr)  # noqa: T201 - the edge
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("sake: interrupted.", file=sys.stderr)  # noqa: T201
        sys.exit(130)
