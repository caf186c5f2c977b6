"""What a service depends on is gone for a while, and parts of it are killed again and again: nothing is lost or done twice."""

import os
import signal
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from statistics import median

import psutil
import pytest
import sqlalchemy as sa

from sake_ray.client import Client
from sake_ray.domain.documents import SETTLED
from sake_ray.storage.records import Records
from sake_ray.storage.records.tables import batches, documents
from tests.faults.servers import Outside, keeping
from tests.faults.uploading import Uploads, check_once, scan, wait_until_ended
from tests.service import Service, run_service
from tests.waiting import wait_until

pytestmark = pytest.mark.timeout(3600)
FULL = os.environ.get("SAKE_FAULTS") == "full"
GONE_SECONDS = 60.0 if FULL else 4.0
DOCUMENTS, MOST_KILLS, KILL_SECONDS = (300, 1000, 5.0) if FULL else (6, 2, 1.0)
SOAK_SECONDS = float(os.environ.get("SAKE_SOAK_SECONDS", "1200"))
SENDERS = 50


@pytest.fixture(scope="module")
def outside(
    home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[dict[str, Outside], dict[str, str]]]:
    """PostgreSQL, S3 and MLflow."""
    with keeping(tmp_path_factory.mktemp("outside"), home) as kept:
        yield kept


@pytest.fixture(scope="module")
def service(
    home: Path, outside: tuple[dict[str, Outside], dict[str, str]], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """A service that keeps everything there."""
    with run_service(home, tmp_path_factory.mktemp("office"), **outside[1]) as service:
        yield service


@pytest.fixture(scope="module")
def client(service: Service) -> Client:
    """Signed in as admin, as patient as the outages of this file need it."""
    return service.client(patience=900)


def test_the_same_upload_fifty_times_at_once_is_one_batch(service: Service, client: Client) -> None:
    data, token = scan("fifty times"), client.connection.http.headers["Authorization"].removeprefix("Bearer ")

    def send(_: int) -> tuple[str, int]:
        with Client(service.url, token, patience=300) as own:
            return own.batches.submit("fifty", [("a.png", data)], key="the same").uuid, own.connection.retries

    began = time.monotonic()
    with ThreadPoolExecutor(SENDERS) as threads:
        sent = list(threads.map(send, range(SENDERS)))
    print(
        f"{SENDERS} at once: {time.monotonic() - began:.1f} s, told to come again {sum(tried for _, tried in sent)} times"
    )
    (uuid,) = {uuid for uuid, _ in sent}
    with service.records.database.transaction(reads_only=True) as connection:
        found = connection.execute(sa.select(batches.c.uuid).where(batches.c.reference == "fifty")).scalars().all()
    assert found == [uuid]
    wait_until_ended(service.records, [uuid])
    check_once(service.records, [uuid], 1)


def test_readers_that_are_killed_all_the_time_lose_no_document_and_do_none_twice(
    service: Service, client: Client
) -> None:
    uuids = [
        client.batches.submit(
            f"killed {first}", [(f"{n}.png", scan(f"killed {n}")) for n in range(first, first + 6)]
        ).uuid
        for first in range(0, DOCUMENTS, 6)
    ]
    began = last = time.monotonic()
    killed = 0
    while count_open(service.records, uuids):
        # In the midst of a reading, or before it, or after it: whatever it was doing.
        if time.monotonic() - last > KILL_SECONDS and killed < MOST_KILLS:
            last = time.monotonic()
            for reader in service.find("ServeReplica:sake:Etl"):
                with suppress(psutil.NoSuchProcess):
                    reader.send_signal(signal.SIGKILL)
                    killed += 1
        assert time.monotonic() - began < 3000
        time.sleep(0.2)
    outcomes = check_once(service.records, uuids, DOCUMENTS)
    print(f"{DOCUMENTS} documents, {killed} readers killed, {time.monotonic() - began:.0f} s; attempts: {outcomes}")
    assert killed


@pytest.mark.parametrize("name", ["PostgreSQL", "S3", "MLflow"])
def test_while_this_is_gone_clients_wait_and_afterwards_everything_goes_on(
    name: str, service: Service, client: Client, outside: tuple[dict[str, Outside], dict[str, str]]
) -> None:
    uploads = Uploads(client, name)
    uploads.start()
    wait_until(lambda: uploads.count() >= 2)
    outside[0][name].stop()
    time.sleep(GONE_SECONDS)
    accepted = len(uploads.uuids)
    outside[0][name].start()
    back = time.monotonic()
    wait_until(lambda: uploads.count() > accepted + 1)
    uploading = time.monotonic() - back
    wait_until_ended(service.records, uploads.uuids[: accepted + 1])
    ended = time.monotonic() - back
    uuids = uploads.end()
    wait_until_ended(service.records, uuids)
    outcomes = check_once(service.records, uuids, len(uuids))
    print(
        f"{name} gone for {GONE_SECONDS:.0f} s: uploads accepted again after {uploading:.1f} s, those of before ended after"
        f" {ended:.1f} s, longest upload {uploads.longest:.1f} s, told to come again {client.connection.retries} times;"
        f" {len(uuids)} documents, attempts: {outcomes}"
    )


@pytest.mark.skipif(not FULL, reason="takes twenty minutes: `make faults`")
def test_memory_stays_flat_under_work_that_goes_on(service: Service, client: Client) -> None:
    uploads = Uploads(client, "soak", pause=0.2)
    uploads.start()
    began, taken = time.monotonic(), list[float]()
    while time.monotonic() - began < SOAK_SECONDS:
        time.sleep(SOAK_SECONDS / 120)
        taken.append(sum_memory(service))
        assert uploads.count()
    uuids = uploads.end()
    wait_until_ended(service.records, uuids)
    check_once(service.records, uuids, len(uuids))
    # The first third warms up.
    early, late = median(taken[40:70]), median(taken[-30:])
    print(
        f"{len(uuids)} documents in {SOAK_SECONDS:.0f} s; MB in the second quarter {early:.0f}, in the last {late:.0f}"
    )
    assert late < early * 1.08


def sum_memory(service: Service) -> float:
    """Megabytes that its processes have for themselves, shared ones by their parts."""
    assert service.process
    total = 0.0
    for process in psutil.Process(service.process.pid).children(recursive=True):
        with suppress(psutil.Error):
            total += process.memory_full_info().pss / 2**20
    return total


def count_open(records: Records, uuids: Sequence[str]) -> int:
    """How many documents have not ended."""
    open_ones = documents.c.batch.in_(uuids) & documents.c.status.not_in([status.value for status in SETTLED])
    with records.database.transaction(reads_only=True) as connection:
        return int(connection.execute(sa.select(sa.func.count()).where(open_ones)).scalar_one())
