"""An installation with documents of every kind, on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sake_ray.registry import Registry
from tests.ledger.bureau import Bureau, make_registry
from tests.storage.databases import records as records
from tests.storage.databases import tables_on_server as tables_on_server
from tests.storage.databases import url as url
from tests.storage.postgres import postgres as postgres


@pytest.fixture(scope="session")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """MLflow with one registered version, and nothing in it."""
    return make_registry(tmp_path_factory.mktemp("mlflow"))


@pytest.fixture
def bureau(tmp_path: Path, url: str, registry: Registry) -> Iterator[Bureau]:
    """An installation with nobody in it."""
    bureau = Bureau(tmp_path, url, registry)
    yield bureau
    bureau.records.database.close()
