"""No log of a home grows without end, whoever writes it."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sake_ray.logs import bounds
from sake_ray.logs.bounds import remove_oldest, rotate_in_place, take_name

HOLD = """
import sys
from pathlib import Path
from sake_ray.logs.bounds import take_name
print(take_name(Path(sys.argv[1]), "etl"), flush=True)
sys.stdin.read()
"""


def hold(folder: Path) -> "subprocess.Popen[str]":
    """A process with a name of its own."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def read_name(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_each_of_several_processes_has_a_log_of_its_own_and_the_next_takes_that_of_a_dead_one(tmp_path: Path) -> None:
    with hold(tmp_path) as first:
        name = read_name(first)
        with hold(tmp_path) as second:
            assert {name, read_name(second)} == {"etl", "etl-2"}
            second.kill()
        with hold(tmp_path) as third:
            assert read_name(third) == "etl-2"
            third.kill()
        first.kill()


def test_a_process_that_sets_up_its_logs_again_keeps_its_name(tmp_path: Path) -> None:
    assert take_name(tmp_path, "gateway") == take_name(tmp_path, "gateway") == "gateway"


def test_a_folder_that_takes_no_lock_is_no_reason_not_to_log(tmp_path: Path) -> None:
    (tmp_path / ".etl.lock").mkdir()
    assert take_name(tmp_path, "etl") == f"etl-{os.getpid()}"


def test_a_log_that_another_program_appends_to_is_begun_anew_and_goes_on(tmp_path: Path) -> None:
    log = tmp_path / "screens.log"
    with log.open("ab", buffering=0) as program:
        for number in range(10):
            program.write(f"{number}\n".encode() * 100)
            rotate_in_place(log, most=150, files=3)
        program.write(b"on\n")
    assert log.read_bytes() == b"on\n"
    kept = {path.name: path.read_text()[0] for path in tmp_path.glob("screens.log.*")}
    assert kept == {"screens.log.1": "9", "screens.log.2": "8", "screens.log.3": "7"}


def test_a_log_within_its_bounds_or_not_there_is_left_alone(tmp_path: Path) -> None:
    log = tmp_path / "nginx.log"
    assert not rotate_in_place(log)
    log.write_text("short")
    assert not rotate_in_place(log)
    assert [path.name for path in tmp_path.iterdir()] == ["nginx.log"]


def test_a_log_that_cannot_be_copied_does_not_grow_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(bounds.shutil, "copyfile", fail)
    log = tmp_path / "mlflow.log"
    log.write_text("x" * 100)
    assert rotate_in_place(log, most=10)
    assert log.read_text() == ""


def test_what_was_written_longest_ago_is_removed_first(tmp_path: Path) -> None:
    for age, name in enumerate(("new", "middle", "old")):
        (tmp_path / name).write_text("x" * 100)
        os.utime(tmp_path / name, (1_000 - age, 1_000 - age))
    assert remove_oldest(tmp_path.iterdir(), most=250) == 1
    assert {path.name for path in tmp_path.iterdir()} == {"new", "middle"}


def test_logs_of_ours_begin_anew_and_keep_a_few_of_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sake_ray import logs

    monkeypatch.setattr(logs, "FILE_BYTES", 2_000)
    logs.set_up_logs("part", folder=tmp_path, level="INFO", to_stderr=False)
    ours = logging.getLogger("sake_ray")
    for number in range(300):
        ours.info("something happened", extra={"number": number})
    for handler in ours.handlers:
        handler.close()
    ours.handlers.clear()
    ours.propagate = True
    sizes = [path.stat().st_size for path in tmp_path.glob("part.log*")]
    assert len(sizes) == 6
    assert max(sizes) <= 2_000


def test_a_start_removes_the_oldest_logs_of_a_home_and_of_serve(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sake_ray.cli import startup
    from sake_ray.settings import Settings

    monkeypatch.setattr(startup, "LOGS_BYTES", 250)
    monkeypatch.setattr(startup, "SERVE_LOGS_BYTES", 150)
    logs = tmp_path / "logs"
    (logs / "serve").mkdir(parents=True)
    names = ("gateway.log", "gateway.log.1", "etl-17.log", "serve/replica_a.log", "serve/replica_b.log")
    for age, name in enumerate(names):
        (logs / name).write_text("x" * 100)
        os.utime(logs / name, (1_000 - age, 1_000 - age))
    startup.bound_logs(Settings(home=tmp_path))
    left = {path.relative_to(logs).as_posix() for path in logs.rglob("*.log*")}
    assert left == {"gateway.log", "gateway.log.1", "serve/replica_a.log"}
