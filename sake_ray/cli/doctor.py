"""Look at everything an installation stands on, and say what is wrong and what mends it."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated

import typer

from sake_ray.cli.bootstrap import load_settings
from sake_ray.cli.doctor_findings import Check, Finding, Level, run_checks
from sake_ray.cli.terminal import report
from sake_ray.settings import Settings


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print all findings as JSON.")] = False,
) -> None:
    """Look at machine, home, settings and servers, and say what is wrong and what mends it.

    Changes nothing. Ends with exit code 1 when there is a problem. The service may be running.
    """
    from concurrent.futures import ThreadPoolExecutor

    settings = load_settings()
    # Servers that do not answer take seconds each.
    with ThreadPoolExecutor() as pool:
        looked = pool.map(lambda one: list(run_checks([one], settings)), list_all_checks())
        found = [finding for findings in looked for finding in findings]
    print(json.dumps(to_json(found), indent=1, ensure_ascii=False) if as_json else "\n".join(map(describe, found)))  # noqa: T201
    report(summarize(found))
    if any(finding.level is Level.PROBLEM for finding in found):
        raise typer.Exit(1)


def examine_cheaply(settings: Settings) -> Iterator[Finding]:
    """Find what is wrong of what can be known without waiting for anybody; `sake up` does it before it starts."""
    return (finding for finding in run_checks(list_cheap_checks(), settings) if finding.level is not Level.OK)


def list_cheap_checks() -> list[tuple[str, Check]]:
    """List the checks that take a moment, but for what `sake up` refuses or mends by itself: ports and modes."""
    from sake_ray.cli import doctor_home, doctor_machine, doctor_programs

    return [
        ("python", doctor_programs.check_python),
        ("packages", doctor_programs.check_packages),
        ("languages", doctor_programs.check_languages),
        ("disk", doctor_machine.check_disks),
        ("keys", doctor_home.check_keys),
        ("secrets", doctor_home.check_secret_files),
    ]


def list_all_checks() -> list[tuple[str, Check]]:
    """List all checks, from the machine outwards."""
    from sake_ray.cli import (
        doctor_alerts,
        doctor_home,
        doctor_machine,
        doctor_programs,
        doctor_servers,
        doctor_storage,
    )

    return [
        *list_cheap_checks(),
        ("programs", doctor_programs.check_programs),
        ("ports", doctor_machine.check_ports),
        ("home", doctor_home.check_home),
        ("modes", doctor_home.check_modes),
        ("records", doctor_storage.check_records),
        ("objects", doctor_storage.check_objects),
        ("backups", doctor_storage.check_backups),
        ("mlflow", doctor_servers.check_mlflow),
        ("ray", doctor_servers.check_ray),
        ("service", doctor_servers.check_service),
        ("gateway", doctor_servers.check_gateway),
        ("issuer", doctor_servers.check_issuer),
        ("alerts", doctor_alerts.check_alerts),
        ("tools", doctor_servers.check_tools),
    ]


def describe(finding: Finding) -> str:
    """Write a finding as a line: how bad it is, what it is, and its mend."""
    return f"{finding.level:<8} {finding.check}: {finding.sentence}{' ' * bool(finding.mend)}{finding.mend}"


def summarize(found: Sequence[Finding]) -> str:
    """Count the findings by level."""
    counts = Counter(finding.level for finding in found)
    warnings, problems = counts[Level.WARNING], counts[Level.PROBLEM]
    return (
        f"{counts[Level.OK]} ok, {warnings} warning{'s' * (warnings != 1)}, {problems} problem{'s' * (problems != 1)}."
    )


def to_json(found: Sequence[Finding]) -> list[dict[str, str]]:
    """Write the findings as JSON."""
    return [{"check": one.check, "level": one.level.value, "finding": one.sentence, "mend": one.mend} for one in found]
