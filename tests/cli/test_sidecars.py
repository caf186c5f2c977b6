"""Programs beside the service run as long as it does; the screens are two of them."""

import sys
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import psutil
import pytest

from sake_ray.cli import sidecars
from sake_ray.cli.screens import SECRETS, make_screens
from sake_ray.cli.sidecars import Sidecar, SupervisedProcess, run_sidecars
from sake_ray.logs.bounds import rotate_in_place
from sake_ray.settings import Settings
from tests.waiting import wait_until

COUNTS = "import sys, pathlib, time; pathlib.Path(sys.argv[1]).open('a').write('x'); {then}"


def program(log: Path, code: str, *words: str) -> Sidecar:
    """A program beside the service."""
    return Sidecar("Program", "http://here", (sys.executable, "-c", code, *words), log, {"COLOUR": "blue"}, SECRETS)


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sidecars, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(sidecars, "RESTART_PAUSES", (0.01, 0.05))


def test_screens_that_die_are_started_again_until_the_end(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    supervised = SupervisedProcess(
        program(tmp_path / "logs/screens.log", COUNTS.format(then="sys.exit(3)"), str(starts))
    )
    wait_until(lambda: starts.exists() and len(starts.read_text()) >= 3, interval=0.02)
    supervised.end()
    ended = starts.read_text()
    assert not psutil.pid_exists(supervised.process.pid)
    time.sleep(0.5)  # ten times the longest pause before a restart
    assert starts.read_text() == ended


def test_screens_that_do_not_want_to_end_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sidecars, "END_SECONDS", 0.2)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    log = tmp_path / "logs/screens.log"
    supervised = SupervisedProcess(program(log, COUNTS.format(then=deaf), str(tmp_path / "starts")))
    wait_until(lambda: "deaf" in log.read_text(), interval=0.02)
    supervised.end()
    assert not psutil.pid_exists(supervised.process.pid)


def test_screens_are_told_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.setenv("SAKE_RECORDS_URL", "postgresql://user:hush@host/records")
    log = tmp_path / "screens.log"
    supervised = SupervisedProcess(program(log, "import os, time; print(dict(os.environ), flush=True); time.sleep(60)"))
    wait_until(lambda: "PATH" in log.read_text(), interval=0.02)
    supervised.end()
    assert "hush" not in log.read_text()
    assert "blue" in log.read_text()


def test_the_screens_can_be_left_out(tmp_path: Path) -> None:
    found = make_screens(Settings(home=tmp_path, user_port=8599), "http://api")
    assert "http://127.0.0.1:8599" in [sidecar.url for sidecar in found]
    assert make_screens(Settings(home=tmp_path, screens=False), "http://api") == ()


def test_all_end_with_the_block(tmp_path: Path) -> None:
    stays = "import os, time; print(os.getpid(), flush=True); time.sleep(60)"
    logs = [tmp_path / f"{number}.log" for number in range(2)]
    with run_sidecars([program(log, stays) for log in logs]):
        wait_until(lambda: all(log.exists() and log.read_text() for log in logs), interval=0.02)
    assert [pid for log in logs if psutil.pid_exists(pid := int(log.read_text()))] == []


def test_what_a_program_writes_for_ever_stays_within_bounds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its output, which it inherits, and a log that it opens itself."""
    monkeypatch.setattr(sidecars, "rotate_in_place", partial(rotate_in_place, most=10_000, files=2))
    own = tmp_path / "logs/own.log"
    code = (
        f"log = open({str(own)!r}, 'a')\nwhile True: print('x' * 99, flush=True); print('y' * 99, file=log, flush=True)"
    )
    log = tmp_path / "logs/screens.log"
    log.parent.mkdir()
    supervised = SupervisedProcess(replace(program(log, code), own_logs=(own,)))
    names = ("screens.log", "screens.log.1", "screens.log.2", "own.log", "own.log.1", "own.log.2")
    wait_until(lambda: all((log.parent / name).exists() for name in names), interval=0.02)
    first = (log.parent / "screens.log.2").stat().st_ino
    wait_until(lambda: (log.parent / "screens.log.2").stat().st_ino != first, interval=0.02)
    supervised.end()
    assert {path.name for path in log.parent.iterdir()} == set(names)
    assert set(log.read_text().strip("\0").split()) <= {"x" * 99}


def test_the_admins_screens_link_to_the_tools_that_the_settings_name(tmp_path: Path) -> None:
    named = Settings(home=tmp_path, grafana_url="http://grafana:3000", prometheus_url="http://prometheus:9090")
    _, admin = make_screens(named, "http://api", [Sidecar("Prometheus", "http://own:9090", (), tmp_path)])
    links = [word for word in admin.command if word.startswith("--link=")]
    ray = f"--link=Ray=http://127.0.0.1:{named.dashboard_port}"
    assert links == [ray, "--link=Grafana=http://grafana:3000", "--link=Prometheus=http://own:9090"]
    _, plain = make_screens(Settings(home=tmp_path), "http://api")
    assert [word for word in plain.command if word.startswith("--link=")] == [ray]
