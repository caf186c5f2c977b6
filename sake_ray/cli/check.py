"""Check that everything that was accepted is there, and as it was."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sake_ray.cli.bootstrap import find_recipe, load_settings, open_objects, open_records, open_registry
from sake_ray.cli.progress_display import show_progress
from sake_ray.cli.terminal import report

if TYPE_CHECKING:
    from sake_ray.ledger.whole import CheckReport

SHOWN = 20
"""Faults of each kind that are printed; `--json` has a hundred."""


def check(
    sample: Annotated[
        int | None,
        typer.Option(min=1, max=1_000_000, help="Check so many documents at random, and no orphaned objects."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """Check originals, records, texts, search index and models against each other.

    Ends with exit code 1 when something is wrong. The service may be running.
    """
    from sake_ray.ledger import Installation  # what reads and classifies takes seconds to import
    from sake_ray.ledger.whole import check_installation

    settings = load_settings()
    records, registry = open_records(settings), open_registry(settings)
    registry.prepare()
    installation = Installation(records, open_objects(settings), find_recipe(settings), registry)
    with show_progress("Checking documents") as progress:
        found = check_installation(installation, sample=sample, now=datetime.now(UTC), on_progress=progress.update)
    print(json.dumps(to_json(found), indent=1, ensure_ascii=False) if as_json else "\n".join(format_faults(found)))  # noqa: T201
    report(summarize(found))
    if found.faults:
        raise typer.Exit(1)


def format_faults(found: "CheckReport") -> list[str]:
    """Write what was found kind by kind: what to do, then the sentences."""
    from sake_ray.errors.page import read_sections

    ways_out = {entry.code: entry.way_out for section in read_sections() for entry in section.entries}
    lines = []
    for kind, count in found.faults.items():
        sentences = [fault.message for fault in found.examples if fault.kind == kind][:SHOWN]
        lines += [f"{kind} ({count}): {ways_out[kind]}", *(f"  {sentence}" for sentence in sentences)]
        if count > len(sentences):
            lines.append(f"  … and {count - len(sentences)} more")
    return lines or ["No faults."]


def summarize(found: "CheckReport") -> str:
    """Say how much was checked."""
    return (
        f"Checked {found.documents} documents, {found.batches} batches, {found.requests} answered uploads and "
        f"{found.objects} objects: {sum(found.faults.values())} faults."
    )


def to_json(found: "CheckReport") -> dict[str, Any]:
    """Write what was found as JSON: the counts, and up to a hundred faults of each kind."""
    return {
        "documents": found.documents,
        "batches": found.batches,
        "requests": found.requests,
        "objects": found.objects,
        "faults": dict(found.faults),
        "examples": [
            {"kind": fault.kind, "subject": fault.subject} | fault.message.to_json() for fault in found.examples
        ],
    }
