"""Feedback: turn people's answers into training images; where they disagree, an admin decides."""

import logging
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.bootstrap import find_user_name, load_settings, open_feedback
from sake_ray.cli.images import HOLD_SECONDS, SOME_FAILED
from sake_ray.cli.terminal import report
from sake_ray.domain.progress import Progress
from sake_ray.errors import Message

if TYPE_CHECKING:
    from sake_ray.domain.feedback import FeedbackAnswer
    from sake_ray.feedback import ImageChange, ImportResult, PendingDecision
    from sake_ray.settings import Settings

app = typer.Typer(no_args_is_help=True, help="Turn people's answers into training images.")
log = logging.getLogger(__name__)


@app.command("list")
def list_feedback() -> None:
    """List what an import would do: add, move or remove images, or wait until somebody decides."""
    outlook = open_feedback(load_settings()).preview()
    for change in outlook.steps:
        print("\t".join(_format_change(change)))  # noqa: T201 - the result
    for waiting in outlook.waiting:
        print("\t".join(_format_waiting(waiting)))  # noqa: T201
    report(
        f"{len(outlook.steps)} to import, {len(outlook.waiting)} to decide; {_format_compared(outlook.not_compared)}"
    )


@app.command("import")
def import_feedback() -> None:
    """Import answers as training images.

    The newest answer to a document counts. Documents that wait for a decision are left out.
    """
    feedback = open_feedback(load_settings())
    with feedback.workspace.hold(f"`sake feedback import`, by {find_user_name()}", seconds=HOLD_SECONDS):
        imported = feedback.import_answers(now=datetime.now(UTC))
    print(f"{imported.added} added, {imported.moved} moved, {imported.removed} removed")  # noqa: T201 - the result
    for failure in imported.failed:
        report(f"{failure.document} {failure.name}: {failure.why}")
    report(_format_rest(imported))
    if imported.failed:
        raise typer.Exit(SOME_FAILED)


@app.command()
def decide(
    document: Annotated[str, typer.Argument(help="Document, as `sake feedback list` names it.")],
    decision: Annotated[
        str,
        typer.Argument(help="A label, none_of_these, unreadable (not for training) or skip (change nothing)."),
    ],
) -> None:
    """Decide which label a document has in training.

    The decision counts until somebody answers differently. The next import carries it out.
    """
    open_feedback(load_settings()).decide(document, decision, by=find_user_name(), now=datetime.now(UTC))


def take_answers(settings: "Settings", on_progress: Progress) -> tuple[Message, ...]:
    """Import answers for a training, which holds the workspace; return what people should know of it."""
    imported = open_feedback(settings).import_answers(now=datetime.now(UTC), on_progress=on_progress)
    for failure in imported.failed:
        # Without its name, which may be a person's: the log of a job stays.
        log.warning("an answer could not be imported: %s: %s", failure.document, failure.why)
    counts = {"answers-wait": imported.waiting, "answers-not-imported": len(imported.failed)}
    return tuple(Message(code, documents=count) for code, count in counts.items() if count)


def _format_change(change: "ImageChange") -> list[str]:
    labels = " → ".join(label for label in (change.before, change.after) if label)
    return [change.kind, change.content.document, labels, *_format_votes(change.content.votes, change.content.name)]


def _format_waiting(waiting: "PendingDecision") -> list[str]:
    content = waiting.content
    why = waiting.why.value.replace("_", " ")
    if waiting.like:
        why += " of " + ", ".join(f"{like.sha256[:12]} ({like.label})" for like in waiting.like[:3])
    if waiting.current_label:
        why += f", lies under {waiting.current_label}"
    return ["decide", content.document, why, *_format_votes(content.votes, content.name)]


def _format_votes(votes: "Sequence[FeedbackAnswer]", name: str) -> list[str]:
    answers = "; ".join(f"{v.answer.by}: {v.answer.answer}, {v.answer.at:%Y-%m-%d %H:%M}" for v in votes)
    # A name is the user's, and may be anything.
    return [answers or "withdrawn", "".join(letter if letter.isprintable() else "?" for letter in name)]


def _format_compared(left_out: int) -> str:
    return f"{left_out} images of the workspace were never read, and not compared" if left_out else "all compared"


def _format_rest(imported: "ImportResult") -> str:
    waiting = f"{imported.waiting} to decide, see `sake feedback list`; " if imported.waiting else ""
    return f"{waiting}{_format_compared(imported.not_compared)}"
