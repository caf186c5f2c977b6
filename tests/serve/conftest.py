"""The HTTP application without Ray: real records, store, accounts and model; only the calls between replicas are direct."""

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from sake_ray.classifier import Classifier
from sake_ray.data.reading import Reader
from sake_ray.domain.verdicts import Policy
from sake_ray.registry.versions import ModelVersion
from sake_ray.serve.admin_services import AdminServices
from sake_ray.serve.auth import Authenticator
from sake_ray.serve.dependencies import Services
from sake_ray.serve.http_app import create_app
from sake_ray.serve.intake import Intake
from sake_ray.serve.thumbnails import ThumbnailMaker
from sake_ray.workspace import Workspace
from tests.homes import champion_of
from tests.office import Office
from tests.served_office import KEY, Model, ServedOffice, Working, registry_copy


@pytest.fixture(scope="session")
def trained(home: Path, reader: Reader) -> tuple[ModelVersion, Classifier]:
    """The first model."""
    return champion_of(home, reader)


@pytest.fixture
def open_office(
    home: Path, tmp_path: Path, tables: Path, trained: tuple[ModelVersion, Classifier], reader: Reader
) -> Iterator[Callable[..., ServedOffice]]:
    """Makes offices."""
    opened: list[tuple[TestClient, AdminServices]] = []

    def make(**limits: int) -> ServedOffice:
        shutil.copyfile(tables, tmp_path / "records.db")
        plain = Office(tmp_path)
        records, store = plain.records, plain.store
        records.policies.apply_settings(Policy(), now=datetime.now(UTC))
        model = Model(*trained, store)
        intake = Intake(records, store, max_bytes=limits.get("max_bytes", 20_000_000))
        admin_services = AdminServices(
            Workspace(tmp_path / "workspace"),
            registry_copy(home, tmp_path),
            reader.recipe,
            tmp_path / "jobs",
            ThumbnailMaker(store, reader.options, reader.recipe),
            tmp_path / "models",
        )
        app = create_app(
            Services(records, store, intake, Authenticator(records, KEY), model, Working(), admin_services)
        )
        opened.append((TestClient(app, raise_server_exceptions=False), admin_services))
        return ServedOffice(tmp_path, model=model, http=opened[-1][0], reader=reader, admin_services=admin_services)

    yield make
    for client, admin_services in opened:
        client.close()
        admin_services.thumbnails.close()


@pytest.fixture
def office(open_office: Callable[..., ServedOffice]) -> ServedOffice:
    """An installation with nobody in it."""
    return open_office()
