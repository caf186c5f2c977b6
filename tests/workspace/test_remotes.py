"""The remotes of a workspace: real S3 servers, a git repository, and the errors when they are not there."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sake_ray.errors import RemoteUnavailable
from sake_ray.storage.s3 import S3Store
from sake_ray.workspace import Workspace
from tests.storage.s3_servers import BUCKET, Server, moto, rclone
from tests.workspace.test_workspace import PIPELINE, make_workspace

__all__ = ["moto", "rclone"]  # fixtures


def set_credentials(server: Server, monkeypatch: pytest.MonkeyPatch, **other: str) -> None:
    """Set the keys of a server, or others, where DVC finds them."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", other.get("access_key", server.access_key))
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", other.get("secret_key", server.secret_key))


def train(workspace: Workspace, content: bytes) -> str:
    """Train in miniature, on one more image."""
    workspace.prepare(pipeline=PIPELINE, parameters="")
    workspace.images.add("letter", content, ending=".png")
    workspace.track_images()
    workspace.dvc.reproduce()
    return workspace.git.commit("train")


def list_cached(workspace: Workspace) -> set[str]:
    """List the data of all states here."""
    return list_names(workspace.folder / ".dvc" / "cache" / "files")


def list_names(folder: Path) -> set[str]:
    """List the names of the files in a folder, however deep."""
    return {path.name for path in folder.rglob("*") if path.is_file()}


def list_pushed(server: Server, prefix: str) -> set[str]:
    """List the data of all states there."""
    store = S3Store(
        BUCKET, prefix, endpoint=server.endpoint, access_key=server.access_key, secret_key=server.secret_key
    )
    return {key.rpartition("/")[2] for key in store.list()}


@dataclass(frozen=True)
class Remote:
    """A DVC remote: what leads to it, what leads nowhere, and what is there."""

    up: dict[str, str]
    down: dict[str, str]
    list: Callable[[], set[str]]


@pytest.fixture(params=["folder", "moto", "rclone"])
def remote(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
    """An empty remote of each kind."""
    if request.param == "folder":
        (tmp_path / "file").touch()
        folder = tmp_path / "remote"
        return Remote(
            {"dvc_remote": str(folder)}, {"dvc_remote": str(tmp_path / "file" / "none")}, lambda: list_names(folder)
        )
    server: Server = request.getfixturevalue(request.param)
    set_credentials(server, monkeypatch)
    url = {"dvc_remote": f"s3://{BUCKET}/{tmp_path.name}"}
    nowhere = {"s3_endpoint": "http://127.0.0.1:9"}
    return Remote(url | {"s3_endpoint": server.endpoint}, url | nowhere, lambda: list_pushed(server, tmp_path.name))


def test_training_is_pushed_with_what_missed_it_before_and_comes_back(tmp_path: Path, remote: Remote) -> None:
    down = make_workspace(tmp_path / "workspace", **remote.down)
    up = Workspace(down.folder, **remote.up)
    with down.hold("test", seconds=1):
        down.git.commit("one image")
        train(down, b"missed")
        with pytest.raises(RemoteUnavailable, match=r"s3://.* at http://127.0.0.1:9 does not answer|file/none"):
            down.remotes.push()
        train(up, b"caught up")
        up.remotes.push()
        commit = train(up, b"in time")
        up.remotes.push()
        pushed = list_cached(up)
        assert len(pushed) > 8
        assert remote.list() == pushed
        shutil.rmtree(up.folder / ".dvc" / "cache")
        up.remotes.fetch(commit)
        assert set() < list_cached(up) <= pushed


def test_s3_that_refuses_us_is_named_with_what_to_check(
    tmp_path: Path, rclone: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = make_workspace(tmp_path / "workspace", dvc_remote=f"s3://{BUCKET}/refused", s3_endpoint=rclone.endpoint)
    with workspace.hold("test", seconds=1):
        workspace.git.commit("one image")
        train(workspace, b"two")
        for wrong in ({"access_key": "nobody"}, {"secret_key": "wrong"}):
            set_credentials(rclone, monkeypatch, **wrong)
            with pytest.raises(RemoteUnavailable, match=r"refuses us; check AWS_ACCESS_KEY_ID") as refused:
                workspace.remotes.push()
            assert rclone.endpoint in str(refused.value)
            assert rclone.secret_key not in str(refused.value)
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        with pytest.raises(RemoteUnavailable, match="set AWS_ACCESS_KEY_ID"):
            workspace.remotes.push()
        set_credentials(rclone, monkeypatch)
        workspace.remotes.push()
        assert list_pushed(rclone, "refused") == list_cached(workspace)
        shutil.rmtree(workspace.folder / ".dvc" / "cache")
        commit = workspace.git.commit("nothing new")
        set_credentials(rclone, monkeypatch, secret_key="wrong")
        with pytest.raises(RemoteUnavailable, match=r"could not be fetched: .* refuses us"):
            workspace.remotes.fetch(commit)
        set_credentials(rclone, monkeypatch)
        workspace.remotes.fetch(commit)
    assert list_cached(workspace) <= list_pushed(rclone, "refused")


def test_remote_that_is_named_later_gets_what_was_trained_before(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    workspace = make_workspace(tmp_path / "workspace", dvc_remote=str(first))
    with workspace.hold("test", seconds=1):
        train(workspace, b"two")
        workspace.remotes.push()
        workspace.images.remove(workspace.images.list()[0].sha256)
        moved = Workspace(workspace.folder, dvc_remote=str(second))
        train(moved, b"three")
        moved.remotes.push()
    assert len(list_names(first)) >= 5
    assert list_names(first) < list_names(second)


def test_folder_as_remote_counts_from_where_the_command_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", "history.git"], check=True)
    workspace = make_workspace(tmp_path / "workspace", dvc_remote="data", git_remote="history.git")
    with workspace.hold("test", seconds=1):
        workspace.git.commit("first")
        workspace.remotes.push()
    assert list_names(tmp_path / "data")
    subject = subprocess.run(["git", "log", "-1", "--format=%s"], cwd="history.git", capture_output=True, text=True)
    assert subject.stdout == "first\n"


def test_git_remote_that_refuses_is_told_without_its_password(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "workspace", git_remote="http://marie:geheim@127.0.0.1:9/history.git")
    with workspace.hold("test", seconds=1):
        workspace.git.commit("first")
        with pytest.raises(RemoteUnavailable, match=r"127\.0\.0\.1:9/history\.git") as refused:
            workspace.remotes.push()
    assert "geheim" not in str(refused.value)
