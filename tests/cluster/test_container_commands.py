"""What the guide to containers has people type finds the containers, and removes no more than was made."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs/containers.md").read_text(encoding="utf-8")
FETCHED, MADE = (
    "docker.io/library/debian:bookworm-slim",
    ["localhost/sake_ray:latest", "localhost/sake_ray-packages:latest"],
)


def test_each_command_of_the_guide_names_a_profile() -> None:
    commands = [line for line in GUIDE.splitlines() if line.startswith("    ") and " compose -f" in line]
    assert len(commands) > 1
    for command in commands:
        assert re.search(r"--profile (prediction|training)\b", command), command


def list_services(folder: Path) -> list[str]:
    """What podman-compose would speak to without `--profile`."""
    command = [Path(sys.executable).with_name("podman-compose"), "-f", folder / "compose.yaml", "config", "--services"]
    listed = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
    return listed.split()


def test_profiles_that_are_written_down_once_need_not_be_named(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "cluster/docker", tmp_path / "docker", ignore=shutil.ignore_patterns("secrets", ".env"))
    assert list_services(tmp_path / "docker") == []
    (written,) = re.findall(r"^    echo (\S+) >> cluster/docker/\.env$", GUIDE, re.MULTILINE)
    (tmp_path / "docker/.env").write_text(f"{written}\n")
    assert {"gateway", "service", "objects"} <= set(list_services(tmp_path / "docker"))


def test_only_images_that_were_made_here_are_removed(tmp_path: Path) -> None:
    """Docker is a program of the test, which keeps what it is asked to remove."""
    images = " ".join([FETCHED, "localhost/sake_raya:latest", *MADE])
    docker = tmp_path / "docker"
    docker.write_text(
        f'#!/bin/sh\ncase $1 in images) printf "%s\\n" {images} ;; rmi) echo "$@" >>"{tmp_path}/removed" ;; esac\n'
    )
    docker.chmod(0o755)
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    subprocess.run([ROOT / "scripts/containers", "remove"], env=environment, check=True)
    assert (tmp_path / "removed").read_text().split() == ["rmi", "-f", *MADE]
