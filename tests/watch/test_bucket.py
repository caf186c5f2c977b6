"""A watched bucket, on real S3 servers: as a folder is."""

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from sake_ray.storage.records import WatchedOutcome
from sake_ray.storage.s3 import S3Store
from sake_ray.watch.bucket import WatchedBucket
from sake_ray.watch.watcher import Watcher
from tests.ports import free_port
from tests.storage.s3_servers import BUCKET, Server
from tests.watch.watched import MAX_BYTES, SCAN, Installation, scan


@pytest.fixture(params=["moto", "rclone"])
def bucket(request: pytest.FixtureRequest, tmp_path: Path) -> S3Store:
    """The part of a bucket that is watched, on each server."""
    server: Server = request.getfixturevalue(request.param)
    prefix = f"watch/{tmp_path.name}"
    return S3Store(BUCKET, prefix, endpoint=server.endpoint, access_key=server.access_key, secret_key=server.secret_key)


def watch(installation: Installation, bucket: S3Store, *, moves: bool = True, seconds: float = 0) -> Watcher:
    address = f"s3://{BUCKET}/{bucket.prefix}"
    place = WatchedBucket(
        address, "scans", bucket, moves=moves, seconds=seconds, max_bytes=MAX_BYTES, clock=installation.clock
    )
    return installation.watch(place, address)


def test_the_sub_folder_is_the_reference_and_the_objects_go_to_done(
    installation: Installation, bucket: S3Store
) -> None:
    bucket.put("Durand, Marié/cv.png", SCAN)
    bucket.put("Durand, Marié/a b+c.png", scan(1))
    bucket.put("Durand, Marié/list.csv", b"a;b")
    watcher = watch(installation, bucket)
    outcome = watcher.look()
    assert (outcome.handed_in, outcome.failed, outcome.waiting) == (2, 0, 0)
    installation.read_all()
    watcher.look()
    assert installation.handed_in == [("Durand, Marié", "a b+c.png"), ("Durand, Marié", "cv.png")]
    keys = ["Durand, Marié/list.csv", "done/Durand, Marié/a b+c.png", "done/Durand, Marié/cv.png"]
    assert list(bucket.list()) == keys
    assert bucket.get("done/Durand, Marié/cv.png") == SCAN


def test_what_cannot_be_handed_in_is_moved_aside_with_its_sentence(installation: Installation, bucket: S3Store) -> None:
    bucket.put("Durand/torn.png", b"no picture")
    bucket.put("Durand/large.png", SCAN + b"x" * MAX_BYTES)
    assert watch(installation, bucket).look().failed == 2
    assert list(bucket.list()) == [
        "failed/Durand/large.png", "failed/Durand/large.png.txt", "failed/Durand/torn.png", "failed/Durand/torn.png.txt",
    ]  # fmt: skip
    assert b"1 MB" in bucket.get("failed/Durand/large.png.txt")


def test_what_cannot_be_read_is_moved_aside_with_its_sentence(installation: Installation, bucket: S3Store) -> None:
    bucket.put("Durand/damaged.png", SCAN)
    watcher = watch(installation, bucket)
    watcher.look()
    installation.read_all(failing={"damaged.png"})
    assert watcher.look().failed == 1
    assert list(bucket.list()) == ["failed/Durand/damaged.png", "failed/Durand/damaged.png.txt"]


def test_an_object_rests_as_a_file_does(installation: Installation, bucket: S3Store) -> None:
    watcher = watch(installation, bucket, seconds=10)
    bucket.put("Durand/a.png", SCAN)
    assert watcher.look().waiting == 1
    installation.clock.seconds += 10
    bucket.put("Durand/b.png", scan(1))
    assert watcher.look().handed_in == 0
    installation.clock.seconds += 10
    assert watcher.look().handed_in == 2
    assert len({document.batch for document in installation.documents}) == 1


def test_what_is_left_is_handed_in_once_also_after_a_start(installation: Installation, bucket: S3Store) -> None:
    bucket.put("Durand/a.png", SCAN)
    watcher = watch(installation, bucket, moves=False)
    assert [watcher.look().handed_in, watcher.look().handed_in] == [1, 0]
    installation.read_all()
    assert watch(installation, bucket, moves=False).look().handed_in == 0
    bucket.put("Durand/a.png", scan(1))
    assert watch(installation, bucket, moves=False).look().handed_in == 1
    assert list(bucket.list()) == ["Durand/a.png"]


def test_an_object_that_takes_the_place_of_one_that_was_handed_in_is_not_moved_away(
    installation: Installation, bucket: S3Store
) -> None:
    bucket.put("Durand/a.png", SCAN)
    watcher = watch(installation, bucket)
    watcher.look()
    installation.read_all()
    ended = installation.records.watched.find_outcomes

    def replace(stamps: Sequence[str]) -> Mapping[str, WatchedOutcome]:
        outcomes = ended(stamps)
        bucket.put("Durand/a.png", scan(1))
        return outcomes

    _ = list(watcher.place.look(replace))
    assert list(bucket.list()) == ["Durand/a.png"]
    assert watcher.look().handed_in == 1


def test_an_object_that_is_replaced_while_it_is_handed_in_is_handed_in_whole(
    installation: Installation, bucket: S3Store
) -> None:
    bucket.put("Durand/a.png", SCAN)
    watcher = watch(installation, bucket)
    (arrival,) = watcher.place.look(lambda _: {})
    bucket.put("Durand/a.png", scan(1))
    watcher.hand_in(arrival)
    assert installation.documents == []
    assert watcher.look().handed_in == 1
    installation.read_all()
    watcher.look()
    assert bucket.get("done/Durand/a.png") == scan(1)


def test_what_was_copied_before_a_kill_is_not_copied_again(installation: Installation, bucket: S3Store) -> None:
    bucket.put("Durand/a.png", SCAN)
    watch(installation, bucket, moves=False).look()
    installation.read_all()
    bucket.put("done/Durand/a.png", SCAN)
    assert watch(installation, bucket).look().handed_in == 0
    assert (list(bucket.list()), len(installation.documents)) == (["done/Durand/a.png"], 1)


def test_a_bucket_that_does_not_answer_is_away(installation: Installation, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "sake_ray.watch")
    nobody = f"http://127.0.0.1:{free_port()}"
    watcher = watch(installation, S3Store(BUCKET, "x", endpoint=nobody, access_key="a", secret_key="b"))
    assert all("cannot be reached" in watcher.look().away for _ in range(2))
    assert [record.message for record in caplog.records] == ["place away"]
