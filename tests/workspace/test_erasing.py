"""Documents are erased from a workspace with all that was made of them; what other trainings need stays."""

import subprocess
from hashlib import sha256
from pathlib import Path

import pytest

from sake_ray.errors import StorageUnavailable, WorkspaceError
from sake_ray.workspace import Workspace
from tests.storage.s3_servers import BUCKET, Server, moto
from tests.workspace.test_remotes import list_cached, list_names, list_pushed, set_credentials, train
from tests.workspace.test_workspace import PIPELINE, make_workspace

__all__ = ["moto"]  # a fixture

MARK = b"xzqvmarker of somebody"
DIGEST = sha256(MARK).hexdigest()


def find_marked(folder: Path) -> list[str]:
    """The files below a folder that hold the marker, packed by git or not."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and MARK in path.read_bytes()]


def make_trained(folder: Path, **settings: str) -> tuple[Workspace, list[str]]:
    """A workspace after four trainings: the second added the marker, the fourth is without it."""
    workspace = make_workspace(folder / "workspace", **settings)
    with workspace.hold("test", seconds=1):
        commits = [train(workspace, b"two"), train(workspace, MARK), train(workspace, b"three")]
        workspace.images.remove(DIGEST)
        workspace.track_images()
        workspace.dvc.reproduce()
        commits.append(workspace.git.commit("without"))
        workspace.remotes.push()
    return workspace, commits


def test_nothing_of_it_is_left_here_or_in_the_remote(tmp_path: Path) -> None:
    workspace, commits = make_trained(tmp_path, dvc_remote=str(tmp_path / "remote"))
    assert find_marked(workspace.folder)
    assert find_marked(tmp_path / "remote")
    with workspace.hold("test", seconds=1):
        erased = workspace.erasures.erase([DIGEST])
        assert find_marked(tmp_path) == []
        assert set(erased.commits) == {*commits[1:3]} == workspace.erasures.list_commits()
        # Of two trainings: the list of images and what was made of them; and the image itself.
        assert (erased.images, erased.remote_objects) == (0, 7)
        assert list_names(tmp_path / "remote") == list_cached(workspace)
        for commit in (commits[0], commits[3]):
            assert workspace.dvc.outputs.find_missing(commit)[0] == []
        again = workspace.erasures.erase([DIGEST])
        assert (again.images, again.objects, again.remote_objects) == (0, 0, 0)


def test_image_that_is_trained_on_now_goes_and_the_next_training_is_without_it(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace", dvc_remote=str(tmp_path / "remote"))
    with workspace.hold("test", seconds=1):
        first, second = train(workspace, b"two"), train(workspace, MARK)
        workspace.remotes.push()
        assert workspace.erasures.erase([DIGEST]).images == 1
        assert find_marked(tmp_path) == []
        third = train(workspace, b"three")
        assert third not in {first, second}
        assert workspace.dvc.outputs.find_missing(third)[0] == []
        assert b"three" in (workspace.folder / "made").read_bytes()
        workspace.remotes.push()
        # To another remote all commits are pushed: those whose data was erased do not keep the others from it.
        moved = Workspace(workspace.folder, dvc_remote=str(tmp_path / "second"))
        moved.prepare(pipeline=PIPELINE, parameters="")
        moved.remotes.push()
    assert find_marked(tmp_path) == []
    assert list_cached(workspace) <= list_names(tmp_path / "second")


def test_removed_image_cannot_be_put_back_and_one_that_was_never_trained_on_goes_alone(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace")
    with workspace.hold("test", seconds=1):
        commit = train(workspace, b"two")
        workspace.images.add("letter", MARK, ending=".png")
        workspace.images.remove(DIGEST)
        assert workspace.erasures.erase([DIGEST]).images == 1
        assert workspace.images.list_removed() == ()
        assert workspace.dvc.outputs.find_missing(commit)[0] == []
        assert (workspace.folder / "made").exists()


def test_erased_training_is_not_restored(tmp_path: Path) -> None:
    workspace, commits = make_trained(tmp_path, dvc_remote=str(tmp_path / "remote"))
    with workspace.hold("test", seconds=1):
        workspace.erasures.erase([DIGEST])
        with pytest.raises(WorkspaceError):
            workspace.remotes.fetch(commits[1])
        workspace.remotes.fetch(commits[0])
        workspace.restores.commit_pending("keep")
        workspace.restores.check_out(commits[0])
        workspace.restores.conclude("Restore it")
    assert {image.path.read_bytes() for image in workspace.images.list()} == {b"one", b"two"}


def test_what_a_dead_remote_kept_from_ending_is_finished_later(
    tmp_path: Path, moto: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_credentials(moto, monkeypatch)
    remote = f"s3://{BUCKET}/{tmp_path.name}"
    workspace, commits = make_trained(tmp_path, dvc_remote=remote, s3_endpoint=moto.endpoint)
    pushed = list_pushed(moto, tmp_path.name)
    down = Workspace(workspace.folder, dvc_remote=remote, s3_endpoint="http://127.0.0.1:9")
    with workspace.hold("test", seconds=1):
        with pytest.raises(StorageUnavailable):
            down.erasures.erase([DIGEST])
        assert list_pushed(moto, tmp_path.name) == pushed
        erased = workspace.erasures.erase([DIGEST])
    assert set(erased.commits) == {*commits[1:3]}
    assert erased.remote_objects > 4
    assert list_pushed(moto, tmp_path.name) == list_cached(workspace)
    assert find_marked(tmp_path) == []


def test_history_of_git_names_hashes_and_labels_only(tmp_path: Path) -> None:
    workspace, _ = make_trained(tmp_path)
    history = subprocess.run(["git", "log", "-p", "--all"], cwd=workspace.folder, capture_output=True).stdout
    assert MARK.split()[0] not in history
