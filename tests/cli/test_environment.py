"""What the environment says to others does not lead `sake` astray."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import psutil
import pytest

from sake_ray.cli.environment import GIT_VARIABLES, bypass_proxy
from sake_ray.client import Client
from sake_ray.errors import SetupError
from sake_ray.workspace import Workspace
from tests.command import run_sake
from tests.ports import free_port

GIT_SAYS_MORE = {"GIT_CONFIG_COUNT"}
"""git lists it too; our own git is always given ours."""


class ReadyAnswer(BaseHTTPRequestHandler):
    """Answers as a service that is ready."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps({"status": "ready", "model_version": "7", "labels": ["cv"]}).encode())

    def log_message(self, *_: object) -> None:
        """Keep the output of the tests clean."""


@contextmanager
def ready_service() -> Iterator[str]:
    """The address of a server that answers as a ready service."""
    with HTTPServer(("127.0.0.1", 0), ReadyAnswer) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("name", ["http_proxy", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("kind", ["http", "socks5", "unheard-of"])
def test_a_service_on_this_machine_is_asked_directly(name: str, kind: str, tmp_path: Path) -> None:
    me, run = psutil.Process(), tmp_path / "run"
    run.mkdir()
    proxy = f"{kind}://127.0.0.1:{free_port()}"
    with ready_service() as url:
        (run / "service.json").write_text(json.dumps({"url": url, "pid": me.pid, "started": me.create_time()}))
        done = run_sake("status", home=tmp_path, **{name: proxy, "no_proxy": "", "NO_PROXY": ""})
    assert done.stdout == f"{url} is ready: model version 7, labels cv\n", done.stderr


def test_a_service_elsewhere_by_a_proxy_of_an_unknown_kind_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("all_proxy", "unheard-of://127.0.0.1:9")
    with pytest.raises(SetupError, match=r"cannot be used to reach http://service\.example"):
        Client("http://service.example")


def test_hosts_are_added_to_those_that_need_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "a.example, b.example")
    monkeypatch.setenv("NO_PROXY", "c.example")
    bypass_proxy("10.0.0.5", "a.example")
    assert os.environ["no_proxy"] == os.environ["NO_PROXY"] == "a.example,b.example,c.example,10.0.0.5"


def test_git_of_the_workspace_is_its_own_inside_a_hook_of_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    subprocess.run(["git", "init", "-q", str(other)], check=True)
    before = sorted(path.name for path in (other / ".git").iterdir())
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git" / "index"))
    (tmp_path / "own").mkdir()
    git = Workspace(tmp_path / "own").git
    git.prepare()
    git.run("add", ".gitignore")
    git.run("commit", "-q", "-m", "a")
    assert git.exists
    assert git.run("show", "--format=", "--name-only", "HEAD") == ".gitignore"
    assert sorted(path.name for path in (other / ".git").iterdir()) == before


def test_all_variables_that_git_gives_its_hooks_are_dropped() -> None:
    named = subprocess.run(["git", "rev-parse", "--local-env-vars"], capture_output=True, text=True, check=True).stdout
    assert set(named.split()) - GIT_SAYS_MORE <= set(GIT_VARIABLES)
