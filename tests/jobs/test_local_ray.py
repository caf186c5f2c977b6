"""What our start of a local Ray takes for granted of the Ray that is installed; a new Ray that differs fails here first."""

import tempfile
from inspect import Parameter, signature
from pathlib import Path

import pytest
import ray
from ray._private.parameter import RayParams
from ray.dashboard.subprocesses.module import SubprocessModule
from ray.dashboard.utils import get_all_modules

from sake_ray.errors import SetupError
from sake_ray.jobs import local_ray
from sake_ray.jobs.local_ray import AGENT_PORT, find_short_folder, free_agent_port

FIXED = 52365
"""The port of the agent that takes jobs, which a second Ray on this machine cannot have."""


def test_agent_port_is_free_during_the_block_and_as_before_after_it() -> None:
    assert getattr(RayParams(), AGENT_PORT) == FIXED
    with free_agent_port():
        assert getattr(RayParams(), AGENT_PORT) == 0
    assert getattr(RayParams(), AGENT_PORT) == FIXED


def test_a_long_temporary_folder_is_left_for_one_that_ray_can_have_sockets_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deep = tmp_path / ("x" * 40)
    deep.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(deep))
    folder = tempfile.mkdtemp(prefix="sake-", dir=find_short_folder())
    try:
        session = f"{folder}/ray/session_2026-11-23_08-00-00_123456_{2**22}/sockets"
        modules = [module.__name__ for module in get_all_modules(SubprocessModule)]
        assert len(modules) > 5
        assert max(len(f"{session}/{name}") for name in ("plasma_store", *(f"dash_{name}" for name in modules))) <= 107
    finally:
        Path(folder).rmdir()


def test_a_short_temporary_folder_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    short = tempfile.mkdtemp(dir="/tmp", prefix="")
    monkeypatch.setattr(tempfile, "tempdir", short)
    assert find_short_folder() == short
    Path(short).rmdir()


def test_where_all_folders_are_too_long_the_sentence_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", f"/{'x' * 60}")
    monkeypatch.setattr(local_ray, "OTHER_FOLDERS", ())
    with pytest.raises(SetupError, match="set TMPDIR to a shorter one"):
        find_short_folder()


def test_nothing_else_of_the_parameters_changes() -> None:
    before, again = vars(RayParams()), vars(RayParams())
    with free_agent_port():
        during = vars(RayParams())
    comparable = [name for name in before if before[name] == again[name]]  # others are made anew each time
    assert [name for name in comparable if before[name] != during[name]] == [AGENT_PORT]


def test_all_parameters_can_be_given_by_position() -> None:
    """Defaults are matched to names from the end, which a keyword-only parameter would shift."""
    kinds = {parameter.kind for parameter in signature(RayParams.__init__).parameters.values()}
    assert kinds == {Parameter.POSITIONAL_OR_KEYWORD}


def test_ray_still_takes_no_port_of_the_agent() -> None:
    """When this fails, Ray has learnt it: give the port to `ray.init`, and drop `free_agent_port`."""
    assert AGENT_PORT not in signature(ray.init).parameters
