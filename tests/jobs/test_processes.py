"""What a killed run left behind is ended, and nothing else."""

import json
import os
import subprocess
import sys
from pathlib import Path

import psutil

from sake_ray.jobs.processes import MARK, forget_run, reap_runs, record_run
from tests.waiting import has_ended, wait_until

START_RUN = str(Path(__file__).with_name("start_run.py"))


def start(run: Path, scratch: Path, *, mark: str = "kept") -> tuple[subprocess.Popen[str], psutil.Process]:
    """The starter of a run, and the child that it started."""
    scratch.mkdir()
    # The processes of a run that these tests may themselves be in have another mark.
    environment = {name: value for name, value in os.environ.items() if name != MARK}
    words = [sys.executable, START_RUN, str(run), str(scratch), mark]
    starter = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=environment)
    assert starter.stdout is not None
    return starter, psutil.Process(int(starter.stdout.readline()))


def test_children_of_a_killed_run_are_ended_with_their_scratch_folder(tmp_path: Path) -> None:
    starter, child = start(tmp_path / "run", tmp_path / "scratch")
    bystander = subprocess.Popen(["sleep", "600"])
    starter.kill()
    starter.wait()
    assert child.is_running()
    assert reap_runs(tmp_path / "run") == 1
    wait_until(lambda: has_ended(child))
    assert not (tmp_path / "scratch").exists()
    assert bystander.poll() is None
    assert not list((tmp_path / "run").iterdir())
    bystander.kill()
    bystander.wait()


def test_process_that_lost_its_mark_is_known_by_pid_and_start_time(tmp_path: Path) -> None:
    starter, child = start(tmp_path / "run", tmp_path / "scratch", mark="lost")
    starter.kill()
    starter.wait()
    assert reap_runs(tmp_path / "run") == 1
    wait_until(lambda: has_ended(child))


def test_living_run_is_left_alone(tmp_path: Path) -> None:
    starter, child = start(tmp_path / "run", tmp_path / "scratch")
    assert reap_runs(tmp_path / "run") == 0
    assert child.is_running()
    starter.kill()
    starter.wait()
    reap_runs(tmp_path / "run")


def test_process_that_got_the_number_of_a_dead_starter_does_not_pass_for_it(tmp_path: Path) -> None:
    (tmp_path / "0123456789abcdef.run").write_text(json.dumps({"pid": os.getpid(), "started": 1.0, "scratch": ""}))
    reap_runs(tmp_path)
    assert not list(tmp_path.iterdir())


def test_run_that_ended_in_order_leaves_no_note(tmp_path: Path) -> None:
    mark = record_run(tmp_path, scratch=tmp_path / "scratch")
    assert os.environ[MARK] == mark
    forget_run(tmp_path, mark)
    assert not list(tmp_path.iterdir())
    assert MARK not in os.environ
