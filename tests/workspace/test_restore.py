"""An earlier state comes back whole, as a commit of its own, and a kill on the way leaves the state before."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sake_ray.errors import WorkspaceError
from sake_ray.workspace import Workspace
from tests.workspace.test_remotes import list_names, train
from tests.workspace.test_workspace import PIPELINE, make_workspace

POINTS = ("fetch", "keep", "checked out by git", "half the images", "checked out", "concluded")
RESTORE = """
import os, signal, sys
from pathlib import Path
from sake_ray.workspace import Workspace

folder, remote, commit, point = sys.argv[1:]

def reach(name):
    if name == point:
        os.kill(os.getpid(), signal.SIGKILL)

workspace = Workspace(Path(folder), dvc_remote=remote)
with workspace.hold("restore", seconds=0):
    workspace.prepare(pipeline=Path(folder, "dvc.yaml").read_text(), parameters="")
    workspace.remotes.fetch(commit)
    reach("fetch")
    workspace.restores.commit_pending("keep")
    reach("keep")
    if point == "checked out by git":
        workspace.dvc.check_out = lambda required: reach(point)
    if point == "half the images":
        put, made = os.replace, []
        def count(source, target):
            put(source, target)
            made.append(str(target))
            if len([path for path in made if "data/raw" in path]) == 2:
                reach(point)
        os.replace = count
    workspace.restores.check_out(commit)
    reach("checked out")
    workspace.restores.conclude("Restore it")
    reach("concluded")
"""


def read_files(workspace: Workspace) -> dict[str, bytes]:
    """Read all files of a state."""
    folder = workspace.folder
    listed = [path for path in folder.rglob("*") if path.is_file()]
    files = [path for path in listed if path.relative_to(folder).parts[0] not in {".git", ".dvc", ".sake"}]
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def list_commits(workspace: Workspace) -> list[str]:
    """List the commits, the first first."""
    done = subprocess.run(
        ["git", "rev-list", "--reverse", "HEAD"], cwd=workspace.folder, capture_output=True, text=True
    )
    return done.stdout.split()


def restore_state(workspace: Workspace, commit: str) -> str:
    """Restore in one go."""
    with workspace.hold("test", seconds=1):
        workspace.prepare(pipeline=PIPELINE, parameters="")
        workspace.remotes.fetch(commit)
        workspace.restores.commit_pending("keep")
        workspace.restores.check_out(commit)
        return workspace.restores.conclude("Restore it")


@pytest.fixture
def two(tmp_path: Path) -> tuple[Workspace, str, dict[str, bytes]]:
    """A workspace with two trainings; the commit and the files of the first."""
    workspace = make_workspace(tmp_path / "workspace", dvc_remote=str(tmp_path / "remote"))
    with workspace.hold("test", seconds=1):
        for content in (b"two", b"three", b"four"):
            workspace.images.add("letter", content, ending=".png")
        first = train(workspace, b"five")
        before = read_files(workspace)
        for image in workspace.images.list():
            workspace.images.remove(image.sha256)
        (workspace.folder / "params.yaml").write_text("a: 2\n")
        (workspace.folder / "metrics" / "new.json").write_text("{}")
        workspace.images.add("invoice", b"six", ending=".png")
        train(workspace, b"seven")
        workspace.remotes.push()
    return workspace, first, before


def test_restored_state_is_whole_a_new_commit_and_nothing_is_lost(two: tuple[Workspace, str, dict[str, bytes]]) -> None:
    workspace, first, before = two
    workspace.images.add("minutes", b"never trained on", ending=".png")
    (workspace.folder / "params.yaml").write_text("a: 3\n")
    history, cache, latest = (
        list_commits(workspace),
        list_names(workspace.folder / ".dvc" / "cache"),
        read_files(workspace),
    )

    commit = restore_state(workspace, first)

    assert read_files(workspace) == before
    assert not workspace.dvc.has_changes()
    assert list_commits(workspace)[: len(history)] == history
    assert list_commits(workspace)[-1] == commit
    assert len(list_commits(workspace)) == len(history) + 2
    assert cache <= list_names(workspace.folder / ".dvc" / "cache")
    kept = list_commits(workspace)[-2]
    restore_state(workspace, kept)
    latest.pop("data/raw.dvc")
    now = read_files(workspace)
    assert {name: now[name] for name in latest} == latest


def test_killed_restore_is_undone_from_a_thread_without_changing_the_process(
    two: tuple[Workspace, str, dict[str, bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The gateway lists and changes images in threads, and others of its threads are at work meanwhile."""
    workspace, first, _ = two
    images = [image.path for image in workspace.images.list()]
    command = [sys.executable, "-c", RESTORE, str(workspace.folder), workspace.remotes.dvc_url, first, "checked out"]
    subprocess.run(command, capture_output=True, check=False)
    assert workspace.restores.in_progress

    changes: list[object] = []
    monkeypatch.setattr(os, "chdir", changes.append)
    monkeypatch.setattr(os, "dup2", lambda *descriptors: changes.append(descriptors))
    with ThreadPoolExecutor(1) as threads:
        listed = threads.submit(workspace.images.list).result()
    assert ([image.path for image in listed], changes) == (images, [])
    assert not workspace.restores.in_progress


@pytest.mark.parametrize("point", POINTS)
def test_killed_restore_leaves_the_state_before_and_the_next_succeeds(
    two: tuple[Workspace, str, dict[str, bytes]], point: str
) -> None:
    workspace, first, before = two
    workspace.images.add("minutes", b"never trained on", ending=".png")
    former = {name: content for name, content in read_files(workspace).items() if name != "data/raw.dvc"}
    images = [image.path for image in workspace.images.list()]
    command = [sys.executable, "-c", RESTORE, str(workspace.folder), workspace.remotes.dvc_url, first, point]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr

    present = [image.path for image in workspace.images.list()]
    now = {name: content for name, content in read_files(workspace).items() if name != "data/raw.dvc"}
    if point == "concluded":
        assert read_files(workspace) == before
    else:
        assert present == images
        assert now == former
        with workspace.hold("test", seconds=1):
            workspace.prepare(pipeline=PIPELINE, parameters="")
            workspace.track_images()
            assert workspace.dvc.reproduce() == ("copy", "count")
            assert b"never trained on" in (workspace.folder / "made").read_bytes()
            workspace.git.commit("train")
    restore_state(workspace, first)
    assert read_files(workspace) == before


def test_state_with_a_stage_that_never_ran_is_gone_back_to(two: tuple[Workspace, str, dict[str, bytes]]) -> None:
    workspace, first, before = two
    longer = PIPELINE + "  more:\n    cmd: cp counted more\n    deps: [counted]\n    outs: [more]\n"
    with workspace.hold("test", seconds=1):
        workspace.prepare(pipeline=longer, parameters="")
        workspace.track_images()
        now = read_files(workspace)
        pending = workspace.restores.commit_pending("keep")
        workspace.restores.check_out(first)
        workspace.restores.undo()
    assert pending
    assert read_files(workspace) == now
    restore_state(workspace, first)
    assert read_files(workspace) == before
    restore_state(workspace, pending)
    assert {**now, "data/raw.dvc": b""} == {**read_files(workspace), "data/raw.dvc": b""}


def test_state_comes_from_the_remotes_alone(two: tuple[Workspace, str, dict[str, bytes]], tmp_path: Path) -> None:
    workspace, first, before = two
    history = tmp_path / "history.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(history)], check=True)
    with workspace.hold("test", seconds=1):
        Workspace(workspace.folder, dvc_remote=workspace.remotes.dvc_url, git_remote=str(history)).remotes.push()
    empty = Workspace(tmp_path / "empty", dvc_remote=workspace.remotes.dvc_url, git_remote=str(history))
    with empty.hold("test", seconds=1):
        empty.prepare(pipeline=PIPELINE, parameters="")
        assert empty.remotes.find_commit("0123456789") is None
        assert empty.remotes.find_commit(first[:10]) == first
    restore_state(empty, first)
    assert read_files(empty) == before
    with empty.hold("test", seconds=1):
        assert not empty.dvc.has_changes()
        empty.remotes.push()
    pushed = subprocess.run(["git", "rev-parse", "main"], cwd=history, capture_output=True, text=True, check=True)
    assert pushed.stdout.strip() == list_commits(empty)[-1]
    assert list_commits(empty)[:2] == list_commits(workspace)[:2]


def test_data_that_is_nowhere_is_named_and_nothing_changes(two: tuple[Workspace, str, dict[str, bytes]]) -> None:
    workspace, first, _ = two
    now = read_files(workspace)
    missing = workspace.dvc.outputs.read_checksums(first)["made"]
    for place in (workspace.folder / ".dvc" / "cache", Path(workspace.remotes.dvc_url)):
        (file,) = place.rglob(missing[2:])
        file.unlink()
    with (
        workspace.hold("test", seconds=1),
        pytest.raises(WorkspaceError, match=r"1 of the 8 files .* made first; nothing"),
    ):
        workspace.remotes.fetch(first)
    assert read_files(workspace) == now
