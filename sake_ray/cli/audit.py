"""The audit log: who did what, and whether anybody has changed it."""

import csv
import json
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.bootstrap import load_settings, open_records
from sake_ray.cli.terminal import report
from sake_ray.domain.audit import AuditAction, AuditEntry, AuditHead
from sake_ray.errors import AuditDamaged, InputError
from sake_ray.spreadsheets import escape_formula

if TYPE_CHECKING:
    from collections.abc import Iterable

app = typer.Typer(invoke_without_command=True, help="Show who did what (audit log), and verify the log.")

COLUMNS = ("number", "at", "by", "peer", "action", "subject", "details", "hash")


@app.callback()
def audit(
    context: typer.Context,
    since: Annotated[
        str | None, typer.Option(help="From this day or moment on, in UTC: 2026-11-01, 2026-11-01T08:00.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Before this day or moment, in UTC.")] = None,
    by: Annotated[str | None, typer.Option(help="Only what this account did.")] = None,
    action: Annotated[str | None, typer.Option(help="Only this action, such as document-seen.")] = None,
    subject: Annotated[
        str | None, typer.Option(help="Only what was done to this, such as document:ID or account:NAME.")
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV with every column.")] = False,
) -> None:
    """Print the audit log, oldest entry first."""
    if context.invoked_subcommand:
        return
    from sake_ray.storage.records import AuditFilter

    if action and action not in list(AuditAction):
        raise InputError("audit-action-unknown", action=action, actions=[known.value for known in AuditAction])
    wanted = AuditFilter(by, action, subject, parse_moment(since), parse_moment(until))
    print_entries(open_records(load_settings()).audit.iterate(wanted), as_csv=as_csv)


@app.command()
def verify(
    head: Annotated[str, typer.Option(help="NUMBER:HASH that an earlier verify printed: is it still in the log?")] = "",
) -> None:
    """Check that no entry was changed, removed or inserted, and print the head.

    Note the head somewhere else: only a noted head shows that the end was cut off, or the whole log made anew.
    """
    noted = parse_head(head) if head else None
    found = open_records(load_settings()).audit.verify(noted)
    print(found.head)  # noqa: T201 - the result
    for fault in found.faults:
        report(f"{fault.kind.value}: entry {fault.first}" + (f" to {fault.last}" if fault.last > fault.first else ""))
    if found.faults:
        raise AuditDamaged("audit-damaged", faults=len(found.faults))
    report(f"{found.entries} entries, none changed.")


def print_entries(entries: "Iterable[AuditEntry]", *, as_csv: bool) -> None:
    """Print entries, a line for each."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    if as_csv:
        writer.writerow(COLUMNS)
    for entry in entries:
        at, details = entry.at.isoformat(timespec="seconds"), json.dumps(dict(entry.details), ensure_ascii=False)
        cells = (str(entry.number), at, entry.by, entry.peer, entry.action, entry.subject, details, entry.hash)
        if as_csv:
            writer.writerow([escape_formula(cell) for cell in cells])
        else:
            print("\t".join((*cells[:3], entry.peer or "terminal", *cells[4:7])))  # noqa: T201 - the result


def parse_head(text: str) -> AuditHead:
    """Parse NUMBER:HASH; raises InputError."""
    number, _, digest = text.partition(":")
    if not number.isdecimal():
        raise InputError("audit-head-invalid", head=text)
    return AuditHead(int(number), digest.strip())


def parse_moment(text: str | None) -> datetime | None:
    """Parse a day or a moment, in UTC unless it says otherwise; raises InputError."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError("audit-moment-invalid", moment=text) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
