"""Records without jobs, and the place of a log."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sake_ray.storage.records import Records


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Records]:
    """Records with nothing in them."""
    records = Records(f"sqlite:///{tmp_path / 'records.db'}")
    records.database.migrate()
    yield records
    records.database.close()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """Where the log of the job will be."""
    return tmp_path / "jobs" / "1.log"
