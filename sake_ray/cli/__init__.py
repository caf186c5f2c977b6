"""The command `sake`: results on standard output, everything else on standard error."""

import logging
import os
import sys

import typer

from sake_ray.cli import comparison, documents, feedback, images, jobs, models, policy, system, training, users
from sake_ray.errors import SakeError

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.command()(system.up)
app.command()(system.status)
app.command()(documents.classify)
app.command()(documents.samples)
app.command()(training.train)
app.command()(training.tune)
app.command()(training.restore)
app.command()(training.stage)
app.command()(jobs.jobs)
app.command()(jobs.logs)
app.command()(jobs.stop)
app.command(hidden=True)(jobs.job)
app.command()(training.corpus)
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


def main() -> None:
    """Run the command; a SakeError becomes one sentence and its exit code."""
    logging.basicConfig(level=os.environ.get("SAKE_LOG_LEVEL", "WARNING"), format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except SakeError as error:
        print(f"sake: {error}", file=sys.stderr)  # noqa: T201 - the edge
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        print("sake: interrupted.", file=sys.stderr)  # noqa: T201
        sys.exit(130)
