"""Feedback: what people answered becomes training data; where that is not plain, an admin decides."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from sake_ray.cli.bootstrap import feedback_of, who
from sake_ray.cli.images import HOLD_SECONDS, SOME_FAILED
from sake_ray.domain.feedback import FeedbackAnswer
from sake_ray.domain.progress import Progress
from sake_ray.feedback import ImageChange, ImportResult, PendingDecision
from sake_ray.settings import Settings, read_settings

app = typer.Typer(no_args_is_help=True, help="What people answered, as training data.")
log = logging.getLogger(__name__)
console = Console(stderr=True, highlight=False, soft_wrap=True)


@app.command("list")
def list_feedback() -> None:
    """List what an import would do (add, move, remove) and what waits for a decision (decide), one document a line."""
    outlook = feedback_of(read_settings()).look()
    for change in outlook.steps:
        print("\t".join(_show_change(change)))  # noqa: T201 - the result
    for waiting in outlook.waiting:
        print("\t".join(_show_waiting(waiting)))  # noqa: T201
    console.print(
        f"{len(outlook.steps)} to import, {len(outlook.waiting)} to decide; {_compared(outlook.not_compared)}"
    )


@app.command("import")
def import_feedback() -> None:
    """Make images of the answers: each once, the newest answer counts; what is to be decided is left out."""
    feedback = feedback_of(read_settings())
    with feedback.workspace.hold(f"`sake feedback import`, by {who()}", seconds=HOLD_SECONDS):
        imported = feedback.take_in(now=datetime.now(UTC))
    print(f"{imported.added} added, {imported.moved} moved, {imported.removed} removed")  # noqa: T201 - the result
    for failure in imported.failed:
        console.print(f"{failure.document} {failure.name}: {failure.why}", markup=False)
    console.print(_left(imported))
    if imported.failed:
        raise typer.Exit(SOME_FAILED)


@app.command()
def decide(
    document: Annotated[str, typer.Argument(help="The document, as `sake feedback list` names it.")],
    decision: Annotated[
        str,
        typer.Argument(help="A label, none_of_these, unreadable (it trains nothing), or skip (all stays as it is)."),
    ],
) -> None:
    """Decide what a document trains; it counts until people say something else. The next import carries it out."""
    feedback_of(read_settings()).decide(document, decision, by=who(), now=datetime.now(UTC))


def take_answers(settings: Settings, on_progress: Progress) -> str:
    """Import answers for a training, which holds the workspace; return what there is to tell of them."""
    imported = feedback_of(settings).take_in(now=datetime.now(UTC), on_progress=on_progress)
    for failure in imported.failed:
        log.warning("an answer could not be imported: %s %s: %s", failure.document, failure.name, failure.why)
    told = [f"{imported.waiting} answered documents wait for a decision (`sake feedback list`)."] * bool(
        imported.waiting
    )
    told += [f"{len(imported.failed)} answered documents could not be imported; the log names them."] * bool(
        imported.failed
    )
    return " ".join(told)


def _show_change(change: ImageChange) -> list[str]:
    labels = " → ".join(label for label in (change.before, change.after) if label)
    return [change.kind, change.content.document, labels, *_said(change.content.votes, change.content.name)]


def _show_waiting(waiting: PendingDecision) -> list[str]:
    content = waiting.content
    why = waiting.why.value.replace("_", " ")
    if waiting.like:
        why += " of " + ", ".join(f"{like.sha256[:12]} ({like.label})" for like in waiting.like[:3])
    if waiting.lies_under:
        why += f", lies under {waiting.lies_under}"
    return ["decide", content.document, why, *_said(content.votes, content.name)]


def _said(votes: Sequence[FeedbackAnswer], name: str) -> list[str]:
    said = "; ".join(f"{v.answer.by}: {v.answer.answer}, {v.answer.at:%Y-%m-%d %H:%M}" for v in votes)
    # A name is the user's, and may be anything.
    return [said or "withdrawn", "".join(letter if letter.isprintable() else "?" for letter in name)]


def _compared(left_out: int) -> str:
    return f"{left_out} images of the workspace were never read, and not compared" if left_out else "all compared"


def _left(imported: ImportResult) -> str:
    waiting = f"{imported.waiting} to decide, see `sake feedback list`; " if imported.waiting else ""
    return f"{waiting}{_compared(imported.not_compared)}"
