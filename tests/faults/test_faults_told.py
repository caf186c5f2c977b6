"""Real faults in a real service: people are told of each, and told when it is over."""

import json
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from sake_ray.cli.bootstrap import open_registry
from sake_ray.cli.monitoring_config import find_folder
from sake_ray.client import Client
from sake_ray.domain.verdicts import Policy
from sake_ray.errors import SakeError
from sake_ray.registry.connection import CHECKSUM_TAG, MODEL
from sake_ray.settings import Settings
from sake_ray.synthetic.generate import generate_one
from tests.faults.servers import Store
from tests.receiver import Receiver, receive
from tests.service import Service, run_service
from tests.storage.s3_servers import BUCKET
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(1800)
INVOICE = generate_one(0, seed=1, labels=("facture",))
VERIFIED = 55
"""Documents that people have looked at: of fewer than 50 no alert speaks."""
DISK_BYTES = 700 * 2**20


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk that a test may fill; a plain folder where nobody may mount one."""
    folder = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=700", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    yield folder
    if mounted:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Where the service keeps originals and texts."""
    store = Store(tmp_path_factory.mktemp("store"))
    store.start()
    yield store
    store.stop()


@pytest.fixture(scope="module")
def told() -> Iterator[Receiver]:
    """Who is told."""
    with receive() as running:
        yield running


@pytest.fixture(scope="module")
def service(home: Path, disk: Path, store: Store, told: Receiver) -> Iterator[Service]:
    """A service whose rules wait for seconds where they wait for minutes."""
    settings = {
        "SAKE_OBJECTS_URL": f"s3://{BUCKET}/office",
        "SAKE_S3_ENDPOINT": store.server.endpoint,
        "AWS_ACCESS_KEY_ID": store.server.access_key,
        "AWS_SECRET_ACCESS_KEY": store.server.secret_key,
        "SAKE_ALERT_WEBHOOK_URL": told.url(),
        "SAKE_SCRAPE_SECONDS": "1",
    }
    with run_service(home, disk, "--monitoring", **settings) as service:
        hasten_rules(find_folder(Settings(home=service.home)))
        for program in service.find("--config.file="):
            program.send_signal(signal.SIGHUP)  # they read their files anew
        yield service


def hasten_rules(folder: Path) -> None:
    """Have what takes minutes take seconds; a document waits for long after twenty."""
    for path in (folder / "rules").glob("*.yml"):
        text = re.sub(r"(for|interval): \d+[mhd]", r"\1: 5s", path.read_text())
        text = text.replace("sake:queue_oldest_seconds > 600", "sake:queue_oldest_seconds > 20")
        text = re.sub(r"offset \d+[mhd]", "offset 30s", text)
        path.write_text(re.sub(r"\[\d+[mhd]\]", "[30s]", text))
    told = folder / "alertmanager.yml"
    told.write_text(re.sub(r"(group_wait|group_interval): \S+", r"\1: 1s", told.read_text()))


@pytest.fixture(scope="module")
def client(service: Service) -> Client:
    """Signed in as admin."""
    return service.client(patience=30)


def list_told(told: Receiver, status: str) -> list[str]:
    """The alerts that were told, or told to be over, in order."""
    alerts = [alert for _, body in list(told.received) for alert in json.loads(body)["alerts"]]
    return [alert["labels"]["alertname"] for alert in alerts if alert["status"] == status]


def wait_until_told(told: Receiver, name: str, status: str = "firing") -> None:
    wait_until(lambda: name in list_told(told, status), interval=0.5, log=lambda: list_told(told, status))


def test_a_damaged_model_that_was_promoted_is_told(service: Service, told: Receiver) -> None:
    """As somebody does it in MLflow's own pages: a promotion of ours would refuse it."""
    registry = open_registry(Settings(home=service.home))
    good = registry.champion.get()
    assert good
    damaged = registry.versions.register(good.run_id)
    with registry.connection.open() as (_, client):
        client.set_model_version_tag(MODEL, str(damaged.number), CHECKSUM_TAG, "0" * 64)
    registry.champion.promote(damaged.number)
    wait_until_told(told, "ModelLoadFailing")
    registry.champion.promote(good.number)
    wait_until_told(told, "ModelLoadFailing", "resolved")


def test_wrong_answers_of_the_model_are_told(service: Service, client: Client, told: Receiver) -> None:
    service.records.policies.add(Policy(threshold=0.0, min_tokens=0), by="test", now=datetime.now(UTC))

    def passes() -> bool:
        batch = client.batches.submit("new policy", [(INVOICE.name, INVOICE.data)])
        return client.batches.wait(batch.uuid, seconds=400).documents[0].needs_review is False

    wait_until(passes)  # nobody is asked of any document
    uuids = [client.batches.submit("wrong", [(INVOICE.name, INVOICE.data)]).uuid for _ in range(VERIFIED)]
    for uuid in uuids:
        client.documents.answer(client.batches.wait(uuid, seconds=400).documents[0].id, "resume")
    wait_until_told(told, "AccuracyLow")


def test_readers_that_hang_are_told_and_no_document_is_lost(service: Service, client: Client, told: Receiver) -> None:
    """As a queue that stands still, or, once Serve has found out, as the part that does not work, which silences the other."""
    held: list[psutil.Process] = []
    before = len(list_told(told, "firing"))

    def find_told() -> set[str]:
        # Stopped, since Serve starts others for what is killed; after a while it does so for these, too.
        for reader in service.find("ServeReplica:sake:Etl"):
            with suppress(psutil.NoSuchProcess):
                reader.suspend()
                held.append(reader)
        return set(list_told(told, "firing")[before:]) & {"QueueStuck", "DeploymentDown"}

    find_told()
    uuid = client.batches.submit("queue", [(f"{n}-{INVOICE.name}", INVOICE.data) for n in range(20)]).uuid
    try:
        (name, *_) = wait_until(find_told, interval=0.2, log=lambda: list_told(told, "firing"))
        over = list_told(told, "resolved").count(name)
    finally:
        for reader in held:
            with suppress(psutil.NoSuchProcess):
                reader.resume()
    wait_until(lambda: list_told(told, "resolved").count(name) > over, interval=0.5, log=lambda: told.received[before:])
    assert client.batches.wait(uuid, seconds=400).status == "COMPLETED"


def test_a_store_that_is_gone_is_told(client: Client, store: Store, told: Receiver) -> None:
    before = client.batches.wait(client.batches.submit("before", [(INVOICE.name, INVOICE.data)]).uuid, seconds=400)
    store.stop()

    def was_told() -> bool:
        with suppress(SakeError):
            client.batches.submit("gone", [(INVOICE.name, INVOICE.data)])
        return "StoreUnreachable" in list_told(told, "firing")

    wait_until(was_told, interval=1, log=lambda: list_told(told, "firing"))
    store.start()
    wait_until_told(told, "StoreUnreachable", "resolved")
    assert client.documents.original(before.documents[0].id) == INVOICE.data


def test_a_full_disk_is_told(disk: Path, service: Service, told: Receiver) -> None:
    if not disk.is_mount():
        pytest.skip("only who may mount a disk of its own can fill one: run it as root")
    free = psutil.disk_usage(str(disk)).free
    filling = disk / "filling"
    with filling.open("wb") as file:
        file.write(bytes(free - int(DISK_BYTES * 0.03)))
    try:
        wait_until_told(told, "DiskFull")
    finally:
        filling.unlink()
    wait_until_told(told, "DiskFull", "resolved")
