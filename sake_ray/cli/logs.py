"""Logs: what a job prints, and what all logs of the home say of one document, request or trace."""

import json
import time
from textwrap import indent
from typing import TYPE_CHECKING, Annotated

import typer

from sake_ray.cli.bootstrap import load_settings, open_records
from sake_ray.cli.terminal import report
from sake_ray.domain.jobs import ACTIVE_STATES
from sake_ray.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sake_ray.logs.stories import LogLine, Story
    from sake_ray.settings import Settings

POLL_SECONDS = 0.5
SAID_ABOVE = {
    *("time", "ts", "asctime", "part", "level", "levelname", "event", "message", "logger", "document", "batch", "trace_id"),
    *("component_name", "component_id", "filename", "lineno", "timestamp_ns", "traceback"),
}  # fmt: skip
"""What a line does not repeat among its facts."""


def logs(
    number: Annotated[int | None, typer.Argument(help="Job number, see `sake jobs`.", show_default=False)] = None,
    document: Annotated[str, typer.Option(help="Tell the story of this document.", show_default=False)] = "",
    request: Annotated[
        str, typer.Option(help="Tell the story of this request: the request_id of an answer.", show_default=False)
    ] = "",
    trace: Annotated[str, typer.Option(help="Tell the story of this trace.", show_default=False)] = "",
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Go on with what comes: of a job until it ends, else until Ctrl-C.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the lines of a story as they were written.")] = False,
) -> None:
    """Print the log of a job, or what all logs of this home say of a document, request or trace.

    Lines are in the order of time. Logs of other machines of a cluster are not looked into.
    """
    if sum(map(bool, (number, document, request, trace))) != 1:
        raise typer.BadParameter("name a job, or one of --document, --request and --trace")
    settings = load_settings()
    if number:
        print_job_log(settings, number, follow=follow)
        return
    from sake_ray.logs.stories import Story

    print_story(settings, Story(document.strip(), request.strip(), trace.strip()), follow=follow, as_json=as_json)


def print_job_log(settings: "Settings", number: int, *, follow: bool) -> None:
    """Print what a job has printed; raises NotFound."""
    from sake_ray.cli.job_execution import find_log, read_log

    records = open_records(settings)
    path, offset = find_log(settings, number), 0
    while True:
        job = records.jobs.get(number)
        if path.exists():
            text, offset = read_log(path, offset)
            typer.echo(text, nl=False)
        elif not follow and job.state not in ACTIVE_STATES:
            raise NotFound("job-log-missing", job=number)
        if not follow or job.state not in ACTIVE_STATES:
            return
        time.sleep(POLL_SECONDS)


def print_story(settings: "Settings", story: "Story", *, follow: bool, as_json: bool) -> None:
    """Print what the logs say; raises NotFound where they say nothing."""
    from sake_ray.logs.stories import HomeLogs

    logs = HomeLogs(settings.home)
    told = logs.tell(story)
    if settings.ray_address:
        report("Only the logs of this machine are looked into; what ran elsewhere on the cluster is in the home there.")
    if not told and not follow:
        raise NotFound("story-not-found", id=story.document or story.request or story.trace)
    if told and not as_json:
        traces = ", ".join(sorted(story.traces)) or "none"
        report(f"{told[0].time:%Y-%m-%d}, times in UTC; trace {traces}")
    print_lines(told, as_json=as_json)
    while follow:
        time.sleep(POLL_SECONDS)
        print_lines(logs.go_on(story), as_json=as_json)


def print_lines(lines: "Iterable[LogLine]", *, as_json: bool) -> None:
    """Print lines: for programs as they were written, for people in columns."""
    for line in lines:
        typer.echo(json.dumps(dict(line.facts), ensure_ascii=False) if as_json else format_line(line))


def format_line(line: "LogLine") -> str:
    """Write a line for people: when, where, what happened, and its facts; a warning or an error is marked."""
    mark = {"WARNING": "! ", "ERROR": "!! ", "CRITICAL": "!! "}.get(line.level, "")
    facts = " ".join(f"{name}={value}" for name, value in line.facts.items() if name not in SAID_ABOVE)
    moment = line.time.strftime("%H:%M:%S.") + f"{line.time.microsecond // 1000:03d}"
    first = f"{moment}  {line.part:<13} {mark}{line.event:<22}  {facts}".rstrip()
    where = str(line.facts.get("traceback", ""))
    return f"{first}\n{indent(where, ' ' * 14)}" if where else first
