"""A disk or store that is full or read-only: uploads are refused for now, nothing is half there, and they succeed later."""

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from sake_ray.storage.s3 import S3Store
from tests.faults.servers import Store
from tests.faults.uploading import scan
from tests.small_service import SmallService
from tests.storage.s3_servers import BUCKET
from tests.waiting import wait_until

DISK_BYTES = 24 * 2**20


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=700", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only who may mount a disk of its own can fill one: run it as root")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def filled(disk: Path) -> Iterator[None]:
    """Leave no byte of it."""
    filling = disk / "filling"
    with filling.open("wb") as file:
        file.write(bytes(psutil.disk_usage(str(disk)).free))
    yield
    filling.unlink()


@contextmanager
def read_only(disk: Path) -> Iterator[None]:
    """As a disk becomes whose errors the kernel has noticed."""
    remount = ["mount", "-o", "remount,ro", str(disk)]
    wait_until(lambda: subprocess.run(remount, capture_output=True, check=False).returncode == 0)
    yield
    subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)


class Sending:
    """One user of a service who uploads."""

    def __init__(self, service: SmallService) -> None:
        self.service, self.headers = service, service.sign("ann")

    def send(self, name: str) -> httpx.Response:
        """Upload a document under a key of its own, which is the same when it is sent again."""
        files = [("files", (f"{name}.png", scan(name), "image/png"))]
        key = {"Idempotency-Key": name}
        return self.service.http.post("/predict", headers=self.headers | key, data={"reference": name}, files=files)

    def check(self, accepted: list[str]) -> None:
        """Just these documents are there, and their originals are whole."""
        found = self.service.http.get("/documents", headers=self.headers).json()["items"]
        assert sorted(one["reference"] for one in found) == sorted(accepted)
        for one in found:
            original = self.service.http.get(f"/documents/{one['id']}/original", headers=self.headers)
            assert original.content == scan(one["reference"])


@pytest.mark.parametrize("fault", [filled, read_only])
def test_a_disk_that_takes_nothing_more_refuses_uploads_until_it_does(
    fault: Callable[[Path], AbstractContextManager[None]], disk: Path
) -> None:
    (disk / "home").mkdir()
    service = SmallService(disk / "home")

    def break_disk() -> AbstractContextManager[None]:
        # An open file keeps the kernel from doing on demand what it does by itself; others are opened at once.
        service.records.database.close()
        return fault(disk)

    refuse_and_accept(service, break_disk)


def test_a_store_that_is_full_refuses_uploads_until_it_is_not(disk: Path, tmp_path: Path) -> None:
    outside = Store(disk)
    outside.start()
    try:
        keys = {"access_key": outside.server.access_key, "secret_key": outside.server.secret_key}
        store = S3Store(BUCKET, "office", endpoint=outside.server.endpoint, **keys)
        refuse_and_accept(SmallService(tmp_path, store), lambda: filled(disk))
    finally:
        outside.stop()


def refuse_and_accept(service: SmallService, fault: Callable[[], AbstractContextManager[None]]) -> None:
    sending = Sending(service)
    assert sending.send("before").status_code == 202
    with fault():
        refused = [sending.send("meanwhile") for _ in range(2)]
        assert [answer.status_code for answer in refused] == [503, 503], [answer.text for answer in refused]
        assert all(answer.headers["content-type"] == "application/problem+json" for answer in refused)
    assert [sending.send(name).status_code for name in ("meanwhile", "after", "meanwhile")] == [202, 202, 202]
    sending.check(["before", "meanwhile", "after"])
    service.http.close()
