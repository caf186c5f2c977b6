"""The locks are checked against an export of OSV, where there is one that is not too old."""

import json
import os
import subprocess
import sys
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

TOP = Path(__file__).parents[1]


def advisory(
    *events: dict[str, str], name: str = "Exam_Ple", versions: tuple[str, ...] = (), **more: Any
) -> dict[str, Any]:
    spans = [{"type": "ECOSYSTEM", "events": list(events)}] if events else []
    affected = {"package": {"ecosystem": "PyPI", "name": name}, "ranges": spans, "versions": list(versions)}
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return {"id": "PYSEC-1", "summary": "is bad", "modified": now, "affected": [affected]} | more


def check(folder: Path, *advisories: dict[str, Any], version: str = "1.5") -> subprocess.CompletedProcess[str]:
    export = folder / "all.zip"
    with zipfile.ZipFile(export, "w") as file:
        for number, entry in enumerate(advisories):
            file.writestr(f"{number}.json", json.dumps(entry))
    for lock in ("requirements.lock", "requirements-test.lock"):
        (folder / lock).write_text(f"exam-ple=={version}\nother[extra]==2 ; python_version < '4'\n")
    environment = os.environ | {"ADVISORIES": str(export)}
    command = [sys.executable, str(TOP / "scripts" / "advisories.py")]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "entry",
    [
        advisory({"introduced": "0"}),
        advisory({"introduced": "1.0"}, {"fixed": "1.6"}),
        advisory({"introduced": "0"}, {"last_affected": "1.5"}),
        advisory({"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "1.4"}, {"fixed": "2.0"}),
        advisory(versions=("1.5",)),
        advisory(versions=("2",), name="other"),
    ],
)
def test_locked_version_with_an_advisory_is_found(tmp_path: Path, entry: dict[str, Any]) -> None:
    done = check(tmp_path, entry)
    assert done.returncode == 1
    assert "PYSEC-1 is bad" in done.stdout


@pytest.mark.parametrize(
    "entry",
    [
        advisory({"introduced": "0"}, {"fixed": "1.5"}),
        advisory({"introduced": "1.6"}),
        advisory({"introduced": "0"}, {"last_affected": "1.4"}),
        advisory({"introduced": "0"}, {"fixed": "1.0"}, {"introduced": "1.6"}),
        advisory({"introduced": "0"}, name="another"),
        advisory({"introduced": "0"}, withdrawn="2026-01-01T00:00:00Z"),
    ],
)
def test_other_versions_and_what_was_withdrawn_are_not(tmp_path: Path, entry: dict[str, Any]) -> None:
    done = check(tmp_path, entry, advisory({"introduced": "9"}))
    assert (done.returncode, "0 apply" in done.stdout) == (0, True), done.stdout + done.stderr


def test_an_old_export_checks_nothing_and_fails(tmp_path: Path) -> None:
    old = (datetime.now(UTC) - timedelta(days=40)).isoformat()
    done = check(tmp_path, advisory({"introduced": "9"}, modified=old))
    assert (done.returncode, "too old" in done.stdout) == (1, True)


def test_without_an_export_it_says_that_nothing_was_checked() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "ADVISORIES"}
    command = [sys.executable, str(TOP / "scripts" / "advisories.py")]
    done = subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "were not checked" in done.stdout) == (0, True)
