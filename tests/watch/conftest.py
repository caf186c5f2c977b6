"""What the tests of watched places share."""

from pathlib import Path

import pytest

from tests.storage.s3_servers import moto as moto
from tests.storage.s3_servers import rclone as rclone
from tests.watch.imap_server import free_users as free_users
from tests.watch.imap_server import imap as imap
from tests.watch.imap_server import user as user
from tests.watch.watched import Installation, open_installation


@pytest.fixture
def installation(tmp_path: Path, tables: Path) -> Installation:
    """An installation with nothing in it."""
    return open_installation(tmp_path / "home", tables)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder that is watched."""
    folder = tmp_path / "scans"
    folder.mkdir()
    return folder
