"""Check the locks against known vulnerabilities, offline: by an export of OSV for PyPI (`PyPI/all.zip` of osv.dev).

    ADVISORIES=/path/to/all.zip make check

Without such a file nothing is checked, and this is said. One whose newest entry is older than a month checks nothing either,
and fails: it would call safe what it has never heard of.
"""

import json
import os
import re
import sys
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

LOCKS = ("requirements.lock", "requirements-test.lock")
MAX_AGE = timedelta(days=31)
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Finding:
    """A locked package for which there is an advisory."""

    package: str
    version: str
    advisory: str
    summary: str


def main() -> int:
    """Check; the result is the exit code."""
    place = os.environ.get("ADVISORIES", "")
    if not place:
        print("The locks were not checked for known vulnerabilities: ADVISORIES names no export of OSV.")  # noqa: T201
        return 0
    advisories = list(read_advisories(Path(place)))
    newest = max(
        (datetime.fromisoformat(entry["modified"]) for entry in advisories), default=datetime.min.replace(tzinfo=UTC)
    )
    if datetime.now(UTC) - newest > MAX_AGE:
        print(f"{place} is of {newest:%Y-%m-%d}: too old to say anything; fetch a new one.")  # noqa: T201
        return 1
    pins = {pin for lock in LOCKS for pin in read_pins(Path(lock).read_text(encoding="utf-8"))}
    findings = find_affected(pins, advisories)
    for finding in findings:
        print(f"{finding.package} {finding.version}: {finding.advisory} {finding.summary}")  # noqa: T201
    print(f"{len(pins)} locked packages, {len(advisories)} advisories of {newest:%Y-%m-%d}: {len(findings)} apply.")  # noqa: T201
    return 1 if findings else 0


def read_pins(lock: str) -> set[tuple[str, str]]:
    """Read the packages of a lock and their versions."""
    return {(canonicalize_name(name), version) for name, version in PIN.findall(lock)}


def read_advisories(place: Path) -> Iterator[dict[str, Any]]:
    """Read the advisories of an export that were not withdrawn."""
    with zipfile.ZipFile(place) as export:
        for name in export.namelist():
            if name.endswith(".json") and not (entry := json.loads(export.read(name))).get("withdrawn"):
                yield entry


def find_affected(pins: Iterable[tuple[str, str]], advisories: Iterable[Mapping[str, Any]]) -> list[Finding]:
    """Find the packages for which there is an advisory."""
    locked: dict[str, list[str]] = {}
    for name, version in pins:
        locked.setdefault(name, []).append(version)
    findings = {
        Finding(name, version, str(entry["id"]), str(entry.get("summary", "")))
        for entry in advisories
        for affected in entry.get("affected", ())
        if affected.get("package", {}).get("ecosystem") == "PyPI"
        for name in [canonicalize_name(affected["package"]["name"])]
        for version in locked.get(name, ())
        if is_affected(version, affected)
    }
    return sorted(findings, key=lambda finding: (finding.package, finding.version, finding.advisory))


def is_affected(version: str, affected: Mapping[str, Any]) -> bool:
    """Whether a version is listed, or lies in one of the ranges (https://ossf.github.io/osv-schema)."""
    if version in affected.get("versions", ()):
        return True
    spans = (span["events"] for span in affected.get("ranges", ()) if span["type"] == "ECOSYSTEM")
    return any(_lies_within(Version(version), events) for events in spans)


def _lies_within(version: Version, events: Iterable[Mapping[str, str]]) -> bool:
    inside = False
    for kind, at in sorted(((kind, at) for event in events for kind, at in event.items()), key=_place):
        if kind == "introduced" and version >= _parse(at):
            inside = True
        elif (kind == "fixed" and version >= _parse(at)) or (kind == "last_affected" and version > _parse(at)):
            inside = False
    return inside


def _place(event: tuple[str, str]) -> tuple[Version, bool]:
    return _parse(event[1]), event[0] == "introduced"


def _parse(version: str) -> Version:
    try:
        return Version(version)
    except InvalidVersion:  # "0" is the beginning; what nobody can order counts as the beginning too
        return Version("0")


if __name__ == "__main__":
    sys.exit(main())
