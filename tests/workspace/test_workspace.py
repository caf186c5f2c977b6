"""The workspace: images by label, one writer at a time, every state kept."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sake_ray.errors import InputError, NotFound, RemoteUnavailable, WorkspaceError, WorkspaceLocked
from sake_ray.workspace import Workspace

PIPELINE = """stages:
  copy:
    cmd: cat data/raw/*/* > made && echo heard
    deps: [data/raw]
    outs: [made]
  count:
    cmd: wc -c made > counted
    deps: [made]
    outs: [counted]
"""
HOLD = """
import sys, time
from pathlib import Path
from sake_ray.workspace import Workspace
with Workspace(Path(sys.argv[1])).hold("job 7", seconds=0):
    print("held", flush=True)
    time.sleep(60)
"""


def make_workspace(folder: Path, **settings: str) -> Workspace:
    """Make a workspace with one image."""
    workspace = Workspace(folder, **settings)
    with workspace.hold("test", seconds=1):
        workspace.prepare(pipeline=PIPELINE, parameters="a: 1\n")
        workspace.images.add("letter", b"one", ending=".png")
        workspace.track_images()
    return workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A new workspace for each test."""
    return make_workspace(tmp_path / "workspace")


def test_same_content_has_one_place(workspace: Workspace) -> None:
    first = workspace.images.add("letter", b"one", ending=".png")
    assert workspace.images.list() == (first,)
    with pytest.raises(InputError, match="under the label 'letter'"):
        workspace.images.add("other", b"one", ending=".png")


def test_moved_image_leaves_no_empty_label(workspace: Workspace) -> None:
    (image,) = workspace.images.list()
    assert workspace.images.move(image.sha256, "Été 2026").label == "Été 2026"
    assert workspace.images.count_by_label() == {"Été 2026": 1}
    workspace.images.remove(image.sha256)
    assert workspace.images.count_by_label() == {}
    with pytest.raises(NotFound):
        workspace.images.remove(image.sha256)


@pytest.mark.parametrize("label", ["", ".", "..", "a/b", "../x", "-x", " x", "x ", "x" * 51, "a\0b", "Letter"])
def test_label_that_makes_no_folder_everywhere_is_refused(workspace: Workspace, label: str) -> None:
    with pytest.raises(InputError):
        workspace.images.add(label, b"two", ending=".png")
    assert workspace.images.count_by_label() == {"letter": 1}


def test_second_writer_learns_the_owner_and_a_killed_one_holds_nothing(workspace: Workspace) -> None:
    command = [sys.executable, "-c", HOLD, str(workspace.folder)]
    holding = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert holding.stdout
    assert holding.stdout.readline() == "held\n"
    with pytest.raises(WorkspaceLocked, match="held by job 7 since"), workspace.hold("test", seconds=0.3):
        pass
    holder = workspace.find_holder()
    assert holder
    assert (holder.owner, holder.pid) == ("job 7", holding.pid)
    holding.send_signal(signal.SIGKILL)
    holding.communicate()
    assert workspace.find_holder() is None
    with workspace.hold("test", seconds=1):
        pass


def test_only_what_changed_runs_again_and_every_state_is_a_commit(
    workspace: Workspace, capfd: pytest.CaptureFixture[str]
) -> None:
    with workspace.hold("test", seconds=1):
        assert workspace.dvc.has_changes()
        assert workspace.dvc.reproduce() == ("copy", "count")
        first = workspace.git.commit("first")
        assert workspace.dvc.reproduce() == ()
        assert not workspace.dvc.has_changes()
        assert workspace.git.commit("nothing") == first
        workspace.images.remove(workspace.images.list()[0].sha256)
        workspace.images.add("letter", b"another", ending=".png")
        workspace.track_images()
        assert workspace.dvc.reproduce() == ("copy", "count")
        assert workspace.git.commit("second") != first
    assert capfd.readouterr().out == ""  # standard output is for results
    tracked = subprocess.run(["git", "grep", str(workspace.folder.parent)], cwd=workspace.folder, capture_output=True)
    assert tracked.stdout == b""


def test_failed_stage_is_a_sentence_and_the_next_run_goes_on(workspace: Workspace) -> None:
    with workspace.hold("test", seconds=1):
        workspace.prepare(pipeline=PIPELINE.replace("wc -c made >", "false >"), parameters="")
        with pytest.raises(WorkspaceError, match="failed"):
            workspace.dvc.reproduce()
        workspace.prepare(pipeline=PIPELINE, parameters="")
        assert workspace.dvc.reproduce() == ("count",)


def test_what_a_kill_left_half_done_is_no_hindrance_and_in_no_commit(workspace: Workspace) -> None:
    folder = workspace.folder
    (folder / ".git" / "index.lock").touch()
    halves = ("data/raw/letter/.unfinished-x", "data/raw/letter/.x.tmp", "split.part", "data/texts.part", "data/.x.tmp")
    for half in halves:
        (folder / half).touch()
    with workspace.hold("test", seconds=1):
        workspace.prepare(pipeline=PIPELINE, parameters="")
        assert workspace.git.commit("mended")
    assert len(workspace.images.list()) == 1
    assert not any((folder / half).exists() for half in halves)


@pytest.mark.parametrize("name", [".dvc/tmp/rwlock", "dvc.lock", "data/raw.dvc"])
@pytest.mark.parametrize("share", [0, 0.3, 0.7, 0.95])
def test_file_that_dvc_was_writing_when_it_was_killed_is_made_up_for(
    workspace: Workspace, name: str, share: float
) -> None:
    with workspace.hold("test", seconds=1):
        workspace.dvc.reproduce()
        commit = workspace.git.commit("first")
    path = workspace.folder / name
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    (workspace.folder / ".dvc" / "config").write_text("")  # as DVC makes it
    with workspace.hold("test", seconds=1):
        workspace.prepare(pipeline=PIPELINE, parameters="")
        workspace.track_images()
        workspace.dvc.reproduce()
        assert workspace.git.commit("nothing new") == commit


def test_stage_that_ended_before_a_kill_is_not_run_again(workspace: Workspace) -> None:
    with workspace.hold("test", seconds=1):
        workspace.git.commit("nothing ran")
        workspace.prepare(pipeline=PIPELINE + "    params: [a]\n", parameters="")
        assert workspace.dvc.reproduce(("copy",)) == ("copy",)
    with workspace.hold("test", seconds=1):
        workspace.track_images()
        assert workspace.dvc.reproduce() == ("count",)


def test_remote_that_is_down_gets_everything_later(tmp_path: Path) -> None:
    remote, history = tmp_path / "remote", tmp_path / "history.git"
    remote.write_text("in the way")
    workspace = make_workspace(tmp_path / "workspace", dvc_remote=str(remote), git_remote=str(history))
    with workspace.hold("test", seconds=1):
        workspace.dvc.reproduce()
        workspace.git.commit("first")
        with pytest.raises(RemoteUnavailable):
            workspace.remotes.push()
        remote.unlink()
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(history)], check=True)
        workspace.remotes.push()
        head = workspace.git.commit("nothing new")
    pushed = subprocess.run(["git", "rev-parse", "main"], cwd=history, capture_output=True, text=True, check=True)
    assert pushed.stdout.strip() == head
    assert len([path for path in remote.rglob("*") if path.is_file()]) >= 3
