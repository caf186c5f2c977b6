"""Installations to be backed up: served ones, with everything in them, and small ones on each kind of database and store."""

from pathlib import Path

import pytest

from sake_ray.registry import Registry
from tests.backup.small import Small, make_small
from tests.ledger.bureau import Bureau
from tests.ledger.conftest import registry as registry
from tests.serve.conftest import trained as trained
from tests.storage.databases import tables_on_server as tables_on_server
from tests.storage.postgres import postgres as postgres
from tests.storage.s3_servers import moto as moto


@pytest.fixture
def small(tmp_path: Path, tables: Path, registry: Registry) -> tuple[Small, Bureau]:
    """An installation with four documents."""
    return make_small(tmp_path, tables, registry, "one", "two", "three", "four")
