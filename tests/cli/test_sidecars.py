"""Programs beside the service run as long as it does; the screens are two of them."""

import sys
import time
from pathlib import Path

import psutil
import pytest

from sake_ray.cli import sidecars
from sake_ray.cli.screens import SECRETS, make_screens
from sake_ray.cli.sidecars import Sidecar, SupervisedProcess, run_sidecars
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
