"""Nobody but its owner can look into a home; what a user asks a command to write somewhere has the user's own rights."""

import os
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from sake_ray.cli.private_home import close_folder
from sake_ray.storage.objects import FolderStore
from tests.command import SAKE, run_sake
from tests.homes import make_tables
from tests.ports import free_port

AS_NOBODY = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can look at a home as another user")


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that everybody may enter, as pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="sake-open-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def open_umask() -> Iterator[None]:
    """The umask of most people: others may read."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.fixture
def open_home(place: Path, open_umask: None) -> Path:
    """A home that others may read, as earlier versions made it."""
    home = place / "home"
    make_tables(f"sqlite:///{home / 'records.db'}")
    FolderStore(home / "objects").put("0a/original_raw/scan.pdf", b"private")
    for name in ("token_key", "jobs/1.log", "workspace/.git/config"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("private")
    return home


def readable_by_nobody(folder: Path) -> list[str]:
    """What another user can list or read in a folder."""
    done = subprocess.run([*AS_NOBODY, "find", folder, "-readable"], capture_output=True, text=True, check=False)
    return done.stdout.split()


def mode(path: Path) -> int:
    """The rights to a file."""
    return stat.S_IMODE(path.lstat().st_mode)


def start_and_fail(home: Path) -> str:
    """What `sake up` says on a home, whose ports are taken."""
    port = free_port(), free_port()
    return run_sake("up", home=home, SAKE_DASHBOARD_PORT=str(port[0]), SAKE_HOST="192.0.2.1").stderr


@needs_root
def test_another_user_sees_what_is_open(open_home: Path) -> None:
    """Otherwise the tests below could not fail."""
    assert {str(open_home / "records.db"), str(open_home / "token_key")} <= set(readable_by_nobody(open_home))


@needs_root
def test_another_user_sees_nothing_of_a_home_that_sake_up_found_open(open_home: Path) -> None:
    said = start_and_fail(open_home)
    assert readable_by_nobody(open_home) == []
    assert said.count(f"could read {open_home}") == 1


@needs_root
def test_another_user_sees_nothing_of_a_new_home(place: Path, open_umask: None) -> None:
    assert run_sake("jobs", home=place / "new").returncode == 0
    assert readable_by_nobody(place) == [str(place)]


def test_everything_in_an_open_home_is_closed(open_home: Path) -> None:
    assert close_folder(open_home).closed == len([open_home, *open_home.rglob("*")])
    assert {mode(path) & 0o077 for path in (open_home, *open_home.rglob("*"))} == {0}


def test_new_home_and_all_in_it_is_private(tmp_path: Path, open_umask: None) -> None:
    run_sake("jobs", home=tmp_path / "new")
    assert {mode(path) & 0o077 for path in (tmp_path / "new").rglob("*")} == {0}


def test_home_in_order_is_not_spoken_of(open_home: Path) -> None:
    close_folder(open_home)
    assert "Others on this machine" not in start_and_fail(open_home)


def test_links_in_a_home_are_not_followed(open_home: Path, place: Path) -> None:
    outside = place / "outside"
    outside.mkdir()
    (outside / "file").write_text("shared on purpose")
    (open_home / "folder").symlink_to(outside)
    (open_home / "objects/file").symlink_to(outside / "file")
    close_folder(open_home)
    assert (mode(outside), mode(outside / "file")) == (0o755, 0o644)


def test_closing_that_was_killed_is_completed(open_home: Path) -> None:
    open_home.chmod(0o700)  # what is done first
    close_folder(open_home)
    assert {mode(path) & 0o077 for path in open_home.rglob("*")} == {0}


def test_what_dvc_keeps_read_only_stays_as_it_is(open_home: Path) -> None:
    (kept := open_home / "workspace/.dvc_cached").write_text("never changes")
    kept.chmod(0o444)
    close_folder(open_home)
    assert mode(kept) == 0o444
    assert mode(open_home / "workspace") == 0o700


def test_objects_elsewhere_that_others_can_read_are_named_and_left(open_home: Path, place: Path) -> None:
    (shared := place / "shared").mkdir()
    said = run_sake("up", home=open_home, SAKE_HOST="192.0.2.1", SAKE_OBJECTS_URL=str(shared)).stderr
    assert f"SAKE_OBJECTS_URL={shared}" in said
    assert mode(shared) == 0o755


def test_output_has_the_rights_that_its_user_gives(tmp_path: Path, open_umask: None) -> None:
    subprocess.run([SAKE, "samples", "--count", "1", "--out", tmp_path / "out"], check=True, capture_output=True)
    assert {mode(path) for path in (tmp_path / "out").rglob("*") if path.is_file()} == {0o644}
