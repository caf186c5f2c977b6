"""Two services on the same PostgreSQL and S3, two gateways before both: one may be replaced or killed at any time."""

import os
import shutil
import ssl
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import httpx
import psutil
import pytest
import sqlalchemy as sa

from sake_ray.cli.bootstrap import find_screens_key, find_token_key
from sake_ray.client import Client
from sake_ray.gateway.render import prove_gateway
from sake_ray.serve.tokens import load_key
from sake_ray.settings import Settings
from sake_ray.storage.records.tables import attempts, documents
from tests.faults.servers import keeping
from tests.faults.uploading import Uploads, check_once, wait_until_ended
from tests.gateway.front import NGINX, Front, listens, make_config, running
from tests.service import Service
from tests.waiting import PATIENCE, wait_until

FULL = os.environ.get("SAKE_FAULTS") == "full"


@pytest.fixture(scope="module")
def services(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Service, Service]]:
    """Two that have the same keys and keep everything in the same places; none is started."""
    folder = tmp_path_factory.mktemp("two")
    first = Path(shutil.copytree(home, folder / "first", ignore=shutil.ignore_patterns("objects")))
    for find in (find_token_key, find_screens_key):
        load_key(find(Settings(home=first)))
    second = Path(shutil.copytree(first, folder / "second"))
    with keeping(folder, home) as (_, settings):
        both = Service(first, **settings), Service(second, **settings, SAKE_SPLIT="never", SAKE_WORKSPACE_HERE="false")
        yield both
        for one in both:
            if one.process and one.process.poll() is None:
                one.stop()


def open_client(front: Front, token: str) -> Client:
    """A client of a gateway, as patient as a restart needs it."""
    client = Client(front.url, token, patience=600)
    trust = ssl.create_default_context(cafile=str(front.certificate))
    headers, timeout = client.connection.http.headers, httpx.Timeout(60, connect=5)
    client.connection.http = httpx.Client(
        base_url=f"{front.url}/api/v1", headers=headers, verify=trust, timeout=timeout, trust_env=False
    )
    return client


def kill_everything(service: Service) -> None:
    """What the loss of a machine is for the others."""
    assert service.process
    family = psutil.Process(service.process.pid).children(recursive=True)
    service.process.kill()
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    service.process.wait()


def find_workers(service: Service, uuids: Sequence[str]) -> set[str]:
    """Which orchestrators have worked on these."""
    mine = sa.select(documents.c.id).where(documents.c.batch.in_(uuids))
    with service.records.database.transaction(reads_only=True) as connection:
        workers = connection.execute(sa.select(attempts.c.worker).where(attempts.c.document.in_(mine))).scalars()
        return set(workers)


@pytest.mark.skipif(not FULL, reason="starts a service three times: `make faults`")
@pytest.mark.timeout(1800)
def test_a_service_is_replaced_and_one_is_killed_while_clients_see_no_failure(
    services: tuple[Service, Service], tmp_path: Path
) -> None:
    first, second = services
    first.start()
    first.wait_until_ready()
    addresses = tuple(f"127.0.0.1:{one.port}" for one in services)
    proof = prove_gateway(load_key(find_screens_key(Settings(home=first.home))))
    token = first.client().connection.http.headers["Authorization"].removeprefix("Bearer ")
    with ExitStack() as stack:
        fronts = [
            stack.enter_context(running(folder, replace(make_config(folder, addresses[0], proof=proof), api=addresses)))
            for folder in (tmp_path / "a", tmp_path / "b")
        ]
        uploads = [Uploads(open_client(front, token), front.folder.name) for front in fronts]
        for one in uploads:
            one.start()
        second.start()
        second.wait_until_ready()
        both_since = [len(one.uuids) for one in uploads]
        wait_until(lambda: all(one.count() > since + 5 for one, since in zip(uploads, both_since, strict=True)))
        seconds = first.stop()
        print(f"replaced: the old one ended in {seconds:.1f} s", describe(uploads))
        wait_for_more(uploads)
        # The first is away: what ends now is the work of the second.
        wait_until_ended(second.records, [one.uuids[-1] for one in uploads])
        first.start()
        first.wait_until_ready()
        wait_for_more(uploads)
        for member in [*psutil.Process(fronts[0].process.pid).children(), psutil.Process(fronts[0].process.pid)]:
            member.kill()
        fronts[0].process.wait()
        kill_everything(second)
        killed = time.monotonic()
        # Another in its place, by the same name and certificate.
        stack.enter_context(replaced(fronts[0], tmp_path / "c"))
        wait_for_more(uploads)
        wait_until_ended(first.records, [uuid for one in uploads for uuid in one.uuids[:-2]])
        print(f"killed: everything of before ended {time.monotonic() - killed:.1f} s later", describe(uploads))
        uuids = [uuid for one in uploads for uuid in one.end()]
    wait_until_ended(first.records, uuids)
    outcomes = check_once(first.records, uuids, len(uuids))
    print(f"{len(uuids)} documents; attempts: {outcomes}; {describe(uploads)}")
    # Two lives of the first, one of the second.
    assert len(find_workers(first, uuids)) >= 3


def wait_for_more(uploads: Sequence[Uploads]) -> None:
    """Return when each has uploaded three more documents."""
    counts = [len(one.uuids) for one in uploads]
    wait_until(
        lambda: all(one.count() > count + 2 for one, count in zip(uploads, counts, strict=True)),
        timeout=PATIENCE,
        log=lambda: [one.uuids for one in uploads],
    )


def describe(uploads: Sequence[Uploads]) -> str:
    """How clients have fared."""
    retries = sum(one.client.connection.retries for one in uploads)
    return f"longest upload {max(one.longest for one in uploads):.1f} s, told to come again {retries} times"


@contextmanager
def replaced(front: Front, folder: Path) -> Iterator[None]:
    """Start the files of a gateway again after its processes were killed."""
    command = [NGINX, "-e", "stderr", "-p", str(front.folder), "-c", str(front.folder / "nginx.conf")]
    folder.mkdir()
    wait_until(lambda: not listens(front.port))
    with (folder / "stderr.log").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
    try:
        wait_until(lambda: listens(front.port), process=process, log=(folder / "stderr.log").read_text)
        yield
    finally:
        process.terminate()
        process.wait(30)
