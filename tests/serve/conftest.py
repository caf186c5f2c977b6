"""The HTTP application without Ray: real records, store, accounts and model; only the calls between replicas are direct."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sake_ray.classifier import Classifier
from sake_ray.data.reading import Reader
from sake_ray.registry.versions import ModelVersion
from tests.homes import champion_of
from tests.served_office import ServedOffice, registry_copy
from tests.small_service import SmallService


@pytest.fixture(scope="session")
def trained(home: Path, reader: Reader) -> tuple[ModelVersion, Classifier]:
    """The first model."""
    return champion_of(home, reader)


@pytest.fixture
def open_office(
    home: Path, tmp_path: Path, tables: Path, trained: tuple[ModelVersion, Classifier], reader: Reader
) -> Iterator[Callable[..., ServedOffice]]:
    """Makes offices."""
    opened: list[ServedOffice] = []

    def make(**options: Any) -> ServedOffice:
        shutil.copyfile(tables, tmp_path / "records.db")
        registry = registry_copy(home, tmp_path)
        opened.append(ServedOffice(tmp_path, trained=trained, reader=reader, registry=registry, **options))
        return opened[-1]

    yield make
    for office in opened:
        office.close()


@pytest.fixture
def office(open_office: Callable[..., ServedOffice]) -> ServedOffice:
    """An installation with nobody in it."""
    return open_office()


@pytest.fixture
def small(tmp_path: Path) -> Iterator[SmallService]:
    """A service without a model."""
    service = SmallService(tmp_path)
    yield service
    service.http.close()
