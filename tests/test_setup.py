"""What a bare machine is set up by: the locks, the Pythons that serve, the lists of Debian packages."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PYTHONS = re.compile(r">=3\.(\d+),<3\.(\d+)")


def supported_minors() -> tuple[int, int]:
    """The oldest and the newest 3.x of pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    match = PYTHONS.fullmatch(project["requires-python"])
    assert match, project["requires-python"]
    return int(match[1]), int(match[2]) - 1


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_lock_has_one_version_of_each_package_for_every_python(lock: str) -> None:
    lines = (ROOT / lock).read_text().splitlines()
    names = [line.partition("==")[0] for line in lines]
    assert sorted(names) == sorted(set(names))
    assert [line for line in lines if "python_version" in line or "python_full_version" in line] == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_lock_names_no_package_index(lock: str) -> None:
    assert [line for line in (ROOT / lock).read_text().splitlines() if "://" in line or line.startswith("-")] == []


def test_lock_of_the_tests_holds_the_same_versions_as_the_programs() -> None:
    program, tests = (
        set((ROOT / lock).read_text().splitlines()) for lock in ("requirements.lock", "requirements-test.lock")
    )
    assert program <= tests


def test_pythons_are_the_same_everywhere() -> None:
    oldest, newest = supported_minors()
    for file in ("README.md", "ray-cluster.yaml"):
        assert f"Python 3.{oldest} to 3.{newest}" in (ROOT / file).read_text(), file


def test_install_takes_the_pythons_of_the_project() -> None:
    oldest, newest = supported_minors()
    script = (ROOT / "scripts/install").read_text()
    choice = script[script.index("read -r oldest") : script.index('echo "Installing Python packages')]

    def choose(python: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", f'PYTHON="{python}"\n{choice}\necho "$python"'],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert choose(sys.executable).stdout.strip() == sys.executable
    refused = choose("/bin/false")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"Python 3.{oldest} to 3.{newest} is needed" in refused.stderr


def test_fresh_says_what_it_can_be_asked_for() -> None:
    asked = subprocess.run(
        [ROOT / "scripts/fresh", "windows"], cwd=ROOT / "scripts", capture_output=True, text=True, check=False
    )
    assert (asked.returncode, asked.stdout) == (2, "")
    assert "scripts/fresh trixie user up" in asked.stderr
