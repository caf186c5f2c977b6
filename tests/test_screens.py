"""The screens run as long as the service does."""

import sys
from pathlib import Path

import psutil
import pytest

from sake_ray.cli import screens
from sake_ray.cli.screens import Kept, addresses
from sake_ray.settings import Settings

COUNTS = "import sys, pathlib, time; pathlib.Path(sys.argv[1]).open('a').write('x'); {then}"


@pytest.fixture(autouse=True)
def _quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(screens, "PAUSES", (0.01, 0.05))


def test_screens_that_die_are_started_again_until_the_end(tmp_path: Path) -> None:
    starts = tmp_path / "starts"
    kept = Kept([sys.executable, "-c", COUNTS.format(then="sys.exit(3)"), str(starts)], tmp_path / "logs/screens.log")
    while not (starts.exists() and len(starts.read_text()) >= 3):
        assert kept._thread.is_alive()
        kept._thread.join(0.02)
    kept.end()
    ended = starts.read_text()
    assert not psutil.pid_exists(kept.process.pid)
    assert starts.read_text() == ended


def test_screens_that_do_not_want_to_end_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screens, "END_SECONDS", 0.2)
    deaf = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf', flush=True); time.sleep(60)"
    log = tmp_path / "logs/screens.log"
    kept = Kept([sys.executable, "-c", COUNTS.format(then=deaf), str(tmp_path / "starts")], log)
    while "deaf" not in log.read_text():
        kept._thread.join(0.02)
    kept.end()
    assert not psutil.pid_exists(kept.process.pid)


def test_screens_are_told_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hush")
    monkeypatch.setenv("SAKE_RECORDS_URL", "postgresql://user:hush@host/records")
    log = tmp_path / "screens.log"
    kept = Kept([sys.executable, "-c", "import os, time; print(dict(os.environ), flush=True); time.sleep(60)"], log)
    while "PATH" not in log.read_text():
        kept._thread.join(0.02)
    kept.end()
    assert "hush" not in log.read_text()


def test_the_screens_can_be_left_out(tmp_path: Path) -> None:
    assert addresses(Settings(home=tmp_path, user_port=8599)) == {"user": "http://127.0.0.1:8599"}
    assert addresses(Settings(home=tmp_path, screens=False)) == {}
