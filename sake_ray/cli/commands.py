"""The commands of `sake`: what the list says of each, and where it is; its module is imported when it is called."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command_from_info, get_group_from_info
from typer.models import CommandInfo, TyperInfo

HELP: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_short": False}
"""Plain text, as in docs/command-line.md: frames and colours double the time of `sake --help`."""
HIDDEN = ""
COMMANDS = {
    "up": ("up:up", "Run the service: accept documents over HTTP, read and classify them. Ctrl-C ends it."),
    "prepare": (
        "prepare:prepare",
        "Make everything ready that the service needs, without starting it: tables, accounts, keys, the first model.",
    ),
    "gateway": (
        "gateway_alone:gateway",
        "Run the gateway alone, in front of a service and screens elsewhere. Ctrl-C ends it.",
    ),
    "status": ("status:status", "Show where the service runs, and whether it is ready to classify."),
    "check": ("check:check", "Check originals, records, texts, search index and models against each other."),
    "doctor": (
        "doctor:doctor",
        "Look at machine, home, settings and servers, and say what is wrong and what mends it.",
    ),
    "migrate": (
        "migration:migrate",
        "Bring the tables of the records to this version, or back; or move records and objects.",
    ),
    "backup": ("backup:backup", "Back up records, objects, registry, workspace and keys, or list and verify backups."),
    "restore-backup": ("restore_backup:restore_backup", "Restore a backup into an empty home, store and database."),
    "classify": ("documents:classify", "Classify documents: one row each, in the order given."),
    "samples": ("documents:samples", "Generate sample documents of every class, with their true texts."),
    "watch": ("watch:watch", "Hand in by itself what is put into folders, buckets and mailboxes. Ctrl-C ends it."),
    "retry": ("retry:retry", "Try documents again that could not be processed and need ops."),
    "train": ("training:train", "Train a model on the images of the workspace."),
    "tune": ("training:tune", "Search for better hyperparameters, and write the best to params.yaml."),
    "restore": ("training:restore", "Restore an earlier training, with its images and its model, as a new commit."),
    "stage": ("training:stage", "Run one stage of a training in the current workspace, as `dvc repro` does."),
    "jobs": ("jobs:jobs", "List jobs, newest first: number, kind, user, time, state, progress, reason."),
    "logs": ("logs:logs", "Print the log of a job, or what all logs of this home say of a document, request or trace."),
    "stop": ("jobs:stop", "Stop a job."),
    "job": ("jobs:job", HIDDEN),
    "first-model": ("first_model:first_model", HIDDEN),
    "corpus": ("corpus:corpus", "Generate and read the documents that the first model learns from, and fit it."),
    "models": ("models:models", "List model versions, newest first, and the latest promotions."),
    "runs": ("models:runs", "List trainings, newest first: run id, time, name, status, metrics, model version."),
    "compare": (
        "comparison:compare",
        "Compare model B with model A, on the newest documents that neither has learned from.",
    ),
    "policy": ("policy:policy", "Show which documents need review."),
    "register": ("models:register", "Register the model of a training as the next version."),
    "promote": ("models:promote", "Make a model version the champion, unless it is worse."),
    "rollback": ("models:rollback", "Make the previous champion the champion again."),
    "images": ("images:app", "Manage the training images, by label."),
    "feedback": ("feedback:app", "Turn people's answers into training images."),
    "user": ("users:app", "Manage accounts: who may sign in, with which role, in which team."),
    "key": ("api_keys:app", "Manage API keys: which programs may do what, for which team."),
    "webhook": ("webhooks:app", "Manage webhooks: which addresses are told of what."),
    "erase": ("erase:erase", "Erase all of a reference for good, or list erasures."),
    "retention": ("retention:retention", "Show how long documents are kept, or change it."),
    "audit": ("audit:app", "Show who did what (audit log), and verify the log."),
}
"""The module and name of each command in this package, and the first line of its help; a test compares the two.

All modules together take longer to import than `sake --help` may take, and each command needs one of them.
"""


class CommandEntry(TyperCommand):
    """A command as the list of commands and the shell's completion show it."""

    def __init__(self, name: str) -> None:
        self.place, summary = COMMANDS[name]
        super().__init__(name, help=summary, hidden=not summary)

    def load(self) -> Any:
        """Import the command."""
        module, _, attribute = self.place.partition(":")
        found = getattr(import_module(f"sake_ray.cli.{module}"), attribute)
        if isinstance(found, typer.Typer):
            return get_group_from_info(TyperInfo(found), suggest_commands=True, **HELP)
        return get_command_from_info(CommandInfo(self.name, callback=found), **HELP)


class CommandGroup(TyperGroup):
    """The commands of `sake`, of which only the one that is called is imported."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings | {"commands": {name: CommandEntry(name) for name in COMMANDS}})

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Find the command that is called, or completed, and import it."""
        name, found, rest = super().resolve_command(ctx, args)
        return name, found.load() if isinstance(found, CommandEntry) else found, rest
