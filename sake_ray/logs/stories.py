"""Find what the logs of a home say of one document, request or trace, in the order of time."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

FOLDERS = ("logs", "logs/serve", "logs/serve/*")
"""Where the logs of a home are. What jobs print is in `jobs/`, as text; that they ran is in `logs/jobs.log`."""
TIMES = ("time", "ts", "asctime")
"""What ours, nginx and Ray Serve call the time of a line."""
EVENTS = ("event", "message")
LEVELS = ("level", "levelname")
BEGINNING_BYTES = 300
"""So much of its first line tells a log from the one before it: that has the time, to the millisecond."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """A line of a log, whoever wrote it: when, which part of the service, what happened, and all that it says."""

    time: datetime
    part: str
    level: str
    event: str
    facts: Mapping[str, Any]


@dataclass(slots=True)
class Story:
    """What is wanted: lines of this document, request or trace, with what else their traces say that is of no other document."""

    document: str = ""
    request: str = ""
    trace: str = ""
    traces: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        if self.trace:
            self.traces.add(self.trace)

    def names(self, line: LogLine) -> bool:
        """Whether a line speaks of it by its own id."""
        return bool(
            (self.document and line.facts.get("document") == self.document)
            or (self.request and line.facts.get("request_id") == self.request)
            or (self.trace and line.facts.get("trace_id") == self.trace)
        )

    def holds(self, line: LogLine) -> bool:
        """Whether a line belongs to it; `traces` are known by then."""
        if self.names(line):
            return True
        is_of_others = bool(self.document) and line.facts.get("document") not in (None, self.document)
        return line.facts.get("trace_id") in self.traces and not is_of_others

    @property
    def ids(self) -> set[str]:
        """What a line has in it that may belong to it."""
        return {id for id in (self.document, self.request, *self.traces) if id}


class HomeLogs:
    """The logs of a home: what is there, and what comes."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._read: dict[tuple[Path, bytes], int] = {}
        """How far each log was read, by how it begins: one that is begun anew goes on under another name, or as a copy."""

    def tell(self, story: Story) -> list[LogLine]:
        """Find the lines of a story, in the order of time, and its traces."""
        told = list(self._find(story, anew=True))
        traces = {str(line.facts["trace_id"]) for line in told if "trace_id" in line.facts and story.names(line)}
        if traces - story.traces:
            story.traces |= traces
            told = list(self._find(story, anew=True))
        return sorted(told, key=lambda line: line.time)

    def go_on(self, story: Story) -> list[LogLine]:
        """Find the lines that have come since."""
        told = list(self._find(story, anew=False))
        for line in told:
            if "trace_id" in line.facts and story.names(line):
                story.traces.add(str(line.facts["trace_id"]))
        return sorted(told, key=lambda line: line.time)

    def _find(self, story: Story, *, anew: bool) -> Iterator[LogLine]:
        if anew:
            self._read.clear()
        ids = [id.encode() for id in story.ids]
        for path in self._list_files():
            for raw in self._read_on(path):
                # Parsing is slow, and hardly any line is wanted.
                if any(id in raw for id in ids) and (line := parse_line(raw, path)) and story.holds(line):
                    yield line

    def _list_files(self) -> list[Path]:
        return [path for folder in FOLDERS for path in sorted(self.home.glob(f"{folder}/*.log*")) if path.is_file()]

    def _read_on(self, path: Path) -> Iterator[bytes]:
        """Yield the complete lines that were not read yet."""
        try:
            with path.open("rb") as file:
                known = path.with_name(path.name.partition(".log")[0]), file.readline(BEGINNING_BYTES)
                offset = self._read.get(known, 0)
                file.seek(offset)
                for raw in file:
                    if not raw.endswith(b"\n"):
                        break
                    offset += len(raw)
                    self._read[known] = offset
                    yield raw
        except OSError:  # begun anew just now, or not ours to read
            return


def parse_line(raw: bytes, path: Path) -> LogLine | None:
    """Read a line of JSON; None for anything else."""
    try:
        facts = json.loads(raw)
        moment = datetime.fromisoformat(str(_first(facts, TIMES)).replace(",", "."))
    except (ValueError, AttributeError):
        return None
    if not isinstance(facts, dict):
        return None
    moment = moment if moment.tzinfo else moment.astimezone()  # Serve writes the time of the machine
    part = str(facts.get("part") or facts.get("component_name") or path.name.partition(".")[0])
    event = _first(facts, EVENTS) or _describe_failure(facts)
    return LogLine(moment.astimezone(UTC), part, str(_first(facts, LEVELS) or ""), str(event), facts)


def _first(facts: Mapping[str, Any], names: Iterable[str]) -> Any:
    return next((facts[name] for name in names if name in facts), None)


def _describe_failure(facts: Mapping[str, Any]) -> str:
    """A line of nginx says no more than what became of a request."""
    return f"{facts.get('method', 'request')} answered with {facts['status']}" if "status" in facts else ""
