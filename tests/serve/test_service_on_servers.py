"""The service on PostgreSQL and S3 and a cluster of two nodes, instead of SQLite, a folder and a Ray of its own."""

from pathlib import Path

import pytest

from sake_ray.cli.startup import check_shared_storage
from sake_ray.domain.documents import Status
from sake_ray.errors import SetupError
from sake_ray.settings import Settings
from sake_ray.storage.s3 import S3Store
from tests.cluster.nodes import run_nodes
from tests.command import run_sake
from tests.pages import letter, png
from tests.ports import free_port
from tests.service import run_service
from tests.storage.postgres import PASSWORD, Postgres, postgres
from tests.storage.s3_servers import BUCKET, Server, moto
from tests.waiting import wait_until

__all__ = ["moto", "postgres"]  # fixtures
KINDS = {"original_raw", "ocr_raw", "cleaned", "prediction"}


def test_files_that_other_nodes_cannot_see_are_refused(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, objects_url=str(tmp_path))
    with pytest.raises(SetupError, match=r"3 nodes.*SAKE_RECORDS_URL=postgresql://… and SAKE_OBJECTS_URL=s3://bucket"):
        check_shared_storage(settings, 3)
    check_shared_storage(Settings(home=tmp_path, records_url="postgresql://db", objects_url="s3://office"), 3)


@pytest.mark.timeout(1200)
def test_service_keeps_everything_in_postgresql_and_s3_and_reads_on_another_node(
    home: Path, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, postgres: Postgres, moto: Server
) -> None:
    """That node has another disk, where the machine lets it: the head has no CPU, so what is read is read there."""
    hidden = tmp_path_factory.getbasetemp().parent
    store = S3Store(BUCKET, "office", endpoint=moto.endpoint, access_key=moto.access_key, secret_key=moto.secret_key)
    with postgres.empty_database() as url:
        servers = {
            "SAKE_RECORDS_URL": url,
            "SAKE_OBJECTS_URL": f"s3://{BUCKET}/office",
            "SAKE_S3_ENDPOINT": moto.endpoint,
            "AWS_ACCESS_KEY_ID": moto.access_key,
            "AWS_SECRET_ACCESS_KEY": moto.secret_key,
        }
        with (
            run_nodes(tmp_path_factory.mktemp("nodes"), hidden, ("one",), **servers) as nodes,
            run_service(home, tmp_path, **servers, **(cluster := nodes.settings)) as service,
        ):
            other = run_sake("up", home=tmp_path / "other", SAKE_PORT=str(free_port()), **servers, **cluster)
            assert (other.returncode, "Another `sake up`" in other.stderr) == (5, True), other.stderr
            client = service.client()
            scan = png(letter().render(100))
            uuid = client.batches.submit("Durand", [(f"{n}.png", scan) for n in range(3)]).uuid
            batch = client.batches.wait(uuid, seconds=400)
            assert batch.status is Status.COMPLETED
            first = batch.documents[0].id
            assert client.documents.page_image(first, 1)[:2] == b"\xff\xd8"
            assert client.documents.original(first) == scan
            assert client.documents.answer(first, "facture").by == "admin"
            service.kill()
            service.start()
            service.wait_until_ready()
            assert client.batches.find("Durand")[0].documents[0].answer == "facture"
            # Exports follow the records by about a second, and by a restart when a kill came between.
            wait_until(lambda: {key.split("/")[1] for key in store.list(f"{uuid}/")} == KINDS, interval=0.2)
            service.stop()
            logs = "\n".join(path.read_text() for path in (service.home / "logs").glob("*.log"))
            assert PASSWORD not in logs + service.log()
            assert not (service.home / "records.db").exists()
            assert not (service.home / "objects").exists()
