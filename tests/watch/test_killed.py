"""A watcher that is killed at any moment, or that is not the only one, loses no file and hands none in twice."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sake_ray.storage.s3 import S3Store
from tests.command import run_sake
from tests.concurrency import TOP
from tests.storage.databases import tables_on_server as tables_on_server
from tests.storage.databases import url as url
from tests.storage.postgres import postgres as postgres
from tests.storage.s3_servers import BUCKET, Server
from tests.watch.imap_server import PASSWORD, ImapServer
from tests.watch.mails import make_mail
from tests.watch.test_mailbox import done
from tests.watch.watched import Installation, open_installation, put, scan, tree

RECORDS = "sake_ray.storage.records"
ACCEPTED = f"{RECORDS}.documents:Documents.accept:after:1"
BEFORE = f"{RECORDS}.documents:Documents.accept:before:1"
HANDING_IN = [
    f"{RECORDS}.uploads:Uploads.begin:after:1",
    "sake_ray.storage.objects:FolderStore.put:before:1",
    "sake_ray.storage.objects:FolderStore.put:after:2",
    BEFORE,
    ACCEPTED,
    f"{RECORDS}.documents:Documents.accept:before:2",
    "sake_ray.watch.folder:write_file:after:1",
    "sake_ray.watch.folder:move_file:after:1",
    f"{RECORDS}.watched:Watched.record_look:before:1",
]
MOVING = [
    f"{RECORDS}.watched:Watched.find_outcomes:after:1",
    "sake_ray.watch.folder:move_file:before:1",
    "sake_ray.watch.folder:write_file:before:1",
    "sake_ray.watch.folder:write_file:after:1",
    "sake_ray.watch.contained:os.mkdir:after:2",
    "sake_ray.watch.contained:os.rename:before:2",
    "sake_ray.watch.contained:os.rename:after:2",
]
GOOD = [("Durand", "a.png"), ("Durand", "b.png"), ("Martin", "a.png")]


def run_killed(moment: str, *places: str, home: Path, **settings: str) -> None:
    """Have the command die at that moment."""
    environment = os.environ | {"SAKE_HOME": str(home)} | settings
    command = [sys.executable, "-m", "tests.watch.killed_at", moment, *places]
    ended = subprocess.run(command, cwd=TOP, env=environment, capture_output=True, text=True, check=False)
    assert ended.returncode == -signal.SIGKILL, (ended.returncode, ended.stdout, ended.stderr)


def run_once(*places: str, home: Path, **settings: str) -> str:
    """Run the command to its end; return what it says."""
    ended = run_sake("watch", *places, "--every", "0", "--once", home=home, **settings)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def fill(place: Path) -> None:
    for number, (folder, name) in enumerate(GOOD):
        put(place / folder / name, scan(number))
    put(place / "Durand/torn.png", b"no picture")


def end(installation: Installation, look: Callable[[], object]) -> None:
    """Have all that was handed in read, and moved away."""
    look()
    installation.read_all(failing={"b.png"})
    look()


END = [
    "done/Durand/a.png", "done/Martin/a.png", "failed/Durand/b.png", "failed/Durand/b.png.txt", "failed/Durand/torn.png",
    "failed/Durand/torn.png.txt",
]  # fmt: skip


@pytest.mark.parametrize("moment", HANDING_IN)
def test_a_watcher_killed_while_it_hands_in_loses_and_doubles_nothing(
    moment: str, place: Path, tmp_path: Path, tables: Path
) -> None:
    installation = open_installation(tmp_path / "home", tables)
    fill(place)
    run_killed(moment, str(place), home=tmp_path / "home")
    end(installation, installation.watch_folder(place).look)
    assert (installation.handed_in, tree(place)) == (GOOD, END)
    installation.check_originals()


@pytest.mark.parametrize("moment", MOVING)
def test_a_watcher_killed_while_it_moves_files_away_loses_and_doubles_nothing(
    moment: str, place: Path, tmp_path: Path, tables: Path
) -> None:
    installation = open_installation(tmp_path / "home", tables)
    fill(place)
    installation.watch_folder(place).look()
    installation.read_all(failing={"b.png"})
    run_killed(moment, str(place), home=tmp_path / "home")
    end(installation, installation.watch_folder(place).look)
    assert (installation.handed_in, tree(place)) == (GOOD, END)
    installation.check_originals()


@pytest.mark.parametrize("moment", [BEFORE, ACCEPTED])
def test_a_watcher_that_leaves_files_killed_at_this_moment_hands_in_once(
    moment: str, place: Path, tmp_path: Path, tables: Path
) -> None:
    installation = open_installation(tmp_path / "home", tables)
    fill(place)
    run_killed(moment, str(place), home=tmp_path / "home", SAKE_WATCH_DONE="leave")
    for _ in range(2):
        installation.watch_folder(place, moves=False).look()
    assert installation.handed_in == GOOD
    assert tree(place) == [
        "Durand/a.png", "Durand/b.png", "Martin/a.png", "failed/Durand/torn.png", "failed/Durand/torn.png.txt",
    ]  # fmt: skip
    installation.check_originals()


@pytest.mark.parametrize(
    ("moment", "reads_before"),
    [
        (ACCEPTED, False),
        ("sake_ray.storage.s3:S3Store.move:before:1", True),
        ("sake_ray.storage.s3:S3Store.find_version:after:3", True),
    ],
)
def test_a_watcher_of_a_bucket_killed_at_this_moment_hands_in_once(
    moment: str, reads_before: bool, moto: Server, tmp_path: Path, tables: Path
) -> None:
    installation = open_installation(tmp_path / "home", tables)
    prefix = f"killed/{tmp_path.name}"
    bucket = S3Store(BUCKET, prefix, endpoint=moto.endpoint, access_key=moto.access_key, secret_key=moto.secret_key)
    for number, (folder, name) in enumerate(GOOD):
        bucket.put(f"{folder}/{name}", scan(number))
    keys = {"AWS_ACCESS_KEY_ID": moto.access_key, "AWS_SECRET_ACCESS_KEY": moto.secret_key}
    settings = {"SAKE_S3_ENDPOINT": moto.endpoint, **keys}

    def look() -> None:
        run_once(f"s3://{BUCKET}/{prefix}", home=tmp_path / "home", **settings)

    if reads_before:
        look()
        installation.read_all()
    run_killed(moment, f"s3://{BUCKET}/{prefix}", home=tmp_path / "home", **settings)
    look()
    installation.read_all()
    look()
    assert installation.handed_in == GOOD
    assert list(bucket.list()) == ["done/Durand/a.png", "done/Durand/b.png", "done/Martin/a.png"]
    installation.check_originals()


@pytest.mark.parametrize(
    ("moment", "reads_before"), [(ACCEPTED, False), ("sake_ray.watch.imap:ImapFolder.move:after:1", True)]
)
def test_a_watcher_of_a_mailbox_killed_at_this_moment_hands_in_once(
    moment: str, reads_before: bool, imap: ImapServer, user: str, tmp_path: Path, tables: Path
) -> None:
    installation = open_installation(tmp_path / "home", tables)
    (tmp_path / "password").write_text(PASSWORD + "\n", encoding="utf-8")
    first = make_mail("Durand", ("a.png", scan(0)), ("b.png", scan(1)))
    imap.deliver(user, first, make_mail("Martin", ("a.png", scan(2))))
    settings = {"SAKE_WATCH_PASSWORD_FILE": str(tmp_path / "password")}

    def look() -> None:
        run_once(imap.address(user), home=tmp_path / "home", **settings)

    if reads_before:
        look()
        installation.read_all()
    run_killed(moment, imap.address(user), home=tmp_path / "home", **settings)
    look()
    installation.read_all()
    look()
    assert installation.handed_in == GOOD
    assert (len(imap.list_mails(user)), len(done(imap, user))) == (0, 2)
    installation.check_originals()


def test_two_watchers_of_one_place_hand_in_each_file_once(
    url: str, place: Path, tmp_path: Path, start_sake: Callable[..., "subprocess.Popen[str]"]
) -> None:
    for number in range(60):
        put(place / f"person {number % 6}/{number}.png", scan(number))
    put(place / "person 1/torn.png", b"no picture")
    words = ("watch", str(place), "--every", "0", "--once")
    started = [start_sake(*words, home=tmp_path / "home", SAKE_RECORDS_URL=url) for _ in range(2)]
    ended = [process.communicate() for process in started]
    assert [process.returncode for process in started] == [0, 0], ended
    installation = Installation(tmp_path / "home", url)
    assert sorted(name for _, name in installation.handed_in) == sorted(f"{number}.png" for number in range(60))
    assert len(tree(place)) == 62
    installation.check_originals()
    installation.records.database.close()
