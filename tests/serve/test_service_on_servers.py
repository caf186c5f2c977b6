"""The service on PostgreSQL and S3 instead of SQLite and a folder."""

import time
from pathlib import Path

import pytest

from sake_ray.domain import Status
from sake_ray.storage.s3 import S3Store
from tests.conftest import letter, png
from tests.service import run_service
from tests.storage.conftest import BUCKET, Server, moto
from tests.storage.postgres import PASSWORD, Postgres, postgres

__all__ = ["moto", "postgres"]  # fixtures
KINDS = {"original_raw", "ocr_raw", "cleaned", "prediction"}


@pytest.mark.timeout(400)
def test_service_keeps_everything_in_postgresql_and_s3(
    home: Path, tmp_path: Path, postgres: Postgres, moto: Server
) -> None:
    store = S3Store(BUCKET, "office", endpoint=moto.endpoint, access_key=moto.access_key, secret_key=moto.secret_key)
    with postgres.empty_database() as url:
        servers = {
            "SAKE_RECORDS_URL": url,
            "SAKE_OBJECTS_URL": f"s3://{BUCKET}/office",
            "SAKE_S3_ENDPOINT": moto.endpoint,
            "AWS_ACCESS_KEY_ID": moto.access_key,
            "AWS_SECRET_ACCESS_KEY": moto.secret_key,
        }
        with run_service(home, tmp_path, **servers) as service:
            client = service.client()
            scan = png(letter().render(100))
            uuid = client.predict("Durand", [(f"{n}.png", scan) for n in range(3)]).uuid
            batch = client.wait(uuid, seconds=100)
            assert batch.status is Status.COMPLETED
            first = batch.documents[0].id
            assert client.picture(first, 1)[:2] == b"\xff\xd8"
            assert client.original(first) == scan
            assert client.answer(first, "facture").by == "admin"
            service.kill()
            service.start()
            service.wait_until_ready()
            assert client.batches("Durand")[0].documents[0].answer == "facture"
            # Exports follow the records by about a second, and by a restart when a kill came between.
            end = time.monotonic() + 30
            while (kinds := {key.split("/")[1] for key in store.list(f"{uuid}/")}) != KINDS:
                assert time.monotonic() < end, kinds
                time.sleep(0.2)
            assert service.stop() < 20
            logs = "\n".join(path.read_text() for path in (service.home / "logs").glob("*.log"))
            assert PASSWORD not in logs + service.log()
            assert not (service.home / "records.db").exists()
            assert not (service.home / "objects").exists()
