"""Every store keeps the same promises: a folder, and two real S3 servers."""

import os
import pickle
import socket
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sake_ray.errors import InputError, ObjectMissing, SetupError, StorageUnavailable
from sake_ray.storage.objects import UNFINISHED, FolderStore, ObjectStore, check_key, find_key_fault, open_store
from sake_ray.storage.s3 import S3Store, split_s3_url
from tests.concurrency import TOP
from tests.ports import free_port
from tests.storage.s3_servers import BUCKET, Server

BAD_KEYS = [
    "",
    "/etc/passwd",
    "../up",
    "a/../b",
    "a//b",
    "a/",
    ".",
    "a/./b",
    "nul\0",
    "line\nbreak",
    "\ud800",
    "x" * 256,
]
BAD_KEYS += ["a/" * 500 + "b", f"a/{UNFINISHED}1", "é" * 128]


def connect(server: Server, prefix: str, **changes: str) -> S3Store:
    values = {"endpoint": server.endpoint, "access_key": server.access_key, "secret_key": server.secret_key}
    return S3Store(BUCKET, prefix, **{**values, **changes})


@pytest.fixture(params=["folder", "moto", "rclone"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> ObjectStore:
    """An empty store of each kind."""
    if request.param == "folder":
        return FolderStore(tmp_path / "store")
    return connect(request.getfixturevalue(request.param), f"tests/{tmp_path.name}")


class TestEveryStore:
    def test_what_was_put_is_got(self, store: ObjectStore) -> None:
        store.put("originals/ab/é à.pdf", b"\0bytes\xff")
        assert store.get("originals/ab/é à.pdf") == b"\0bytes\xff"

    def test_a_second_put_replaces_the_first(self, store: ObjectStore) -> None:
        store.put("a", b"long old value")
        store.put("a", b"new", durable=True)
        assert store.get("a") == b"new"
        assert store.size("a") == 3

    def test_an_empty_object_is_an_object(self, store: ObjectStore) -> None:
        store.put("empty", b"")
        assert store.exists("empty")
        assert store.get("empty") == b""
        assert store.size("empty") == 0

    def test_an_erased_object_is_gone_and_others_stay(self, store: ObjectStore) -> None:
        for key in ("a/b", "a/bc", "a/d"):
            store.put(key, b"1")
        store.erase("a/b")
        store.erase("a/none")
        assert list(store.list()) == ["a/bc", "a/d"]

    def test_folders_are_listed_without_what_is_below_them(self, store: ObjectStore) -> None:
        for key in ("texts/one/aa/1", "texts/two/bb/2", "texts/two/cc/3", "texts/file", "other/x/y"):
            store.put(key, b"1")
        assert list(store.list_folders("texts/")) == ["one", "two"]
        assert list(store.list_folders("none/")) == []

    def test_object_knows_when_it_was_written(self, store: ObjectStore) -> None:
        before = datetime.now(UTC)
        store.put("a", b"1")
        # S3 gives whole seconds, and a server has a clock of its own.
        assert abs(store.modified("a") - before) < timedelta(minutes=1)
        with pytest.raises(ObjectMissing, match="none"):
            store.modified("none")

    def test_a_range_of_an_object_is_its_bytes_from_there_on(self, store: ObjectStore) -> None:
        store.put("a", bytes(range(100)))
        ranges = [store.get_range("a", *part) for part in ((10, 5), (99, 1), (98, 3), (100, 1), (0, 0))]
        assert ranges == [bytes(range(10, 15)), b"c", b"bc", b"", b""]
        with pytest.raises(ObjectMissing, match="texts/none"):
            store.get_range("texts/none", 5, 1)

    def test_head_of_an_object_is_its_first_bytes(self, store: ObjectStore) -> None:
        store.put("long", b"0123456789")
        store.put("empty", b"")
        assert [store.get_range("long", 0, 4), store.get_range("long", 0, 99), store.get_range("empty", 0, 4)] == [
            b"0123",
            b"0123456789",
            b"",
        ]
        with pytest.raises(ObjectMissing, match="texts/none"):
            store.get_range("texts/none", 0, 4)

    def test_a_missing_object_is_named(self, store: ObjectStore) -> None:
        with pytest.raises(ObjectMissing, match="texts/none"):
            store.get("texts/none")
        with pytest.raises(ObjectMissing, match="texts/none"):
            store.size("texts/none")
        assert not store.exists("texts/none")

    def test_the_folder_of_an_object_is_no_object(self, store: ObjectStore) -> None:
        store.put("a/b/c", b"1")
        assert not store.exists("a/b")
        with pytest.raises(ObjectMissing):
            store.get("a/b")
        with pytest.raises(ObjectMissing):
            store.size("a/b")

    def test_a_deleted_object_is_gone_and_may_be_deleted_again(self, store: ObjectStore) -> None:
        store.put("a/b", b"1")
        store.delete("a/b")
        store.delete("a/b")
        assert not store.exists("a/b")
        assert list(store.list("")) == []

    def test_keys_are_listed_sorted(self, store: ObjectStore) -> None:
        keys = ["a-b", "a/b", "a/b.txt", "a/b-c/d", "a0", "b/é", "b/z", "A"]
        for key in keys:
            store.put(key, b"1")
        assert list(store.list()) == sorted(keys)

    def test_keys_are_listed_with_the_sizes_of_their_objects(self, store: ObjectStore) -> None:
        for key, data in {"a/b": b"", "a/c": b"123", "b": b"1"}.items():
            store.put(key, data)
        assert list(store.list_sizes("a/")) == [("a/b", 0), ("a/c", 3)]

    def test_version_of_an_object_differs_when_it_is_replaced_or_is_not_known_yet(self, store: ObjectStore) -> None:
        def version() -> str:
            ((key, size, version),) = store.list_versions("a/")
            assert (key, size) == ("a/b", 3)
            if isinstance(store, FolderStore):
                assert version == ""  # it is too young to tell
                os.utime(store.root / key, (time.time() - 60 + len(seen),) * 2)
                ((_, _, version),) = store.list_versions("a/")
            return version

        seen: list[str] = []
        for content in (b"one", b"two"):
            store.put("a/b", content)
            seen.append(version())
        assert all(seen)
        assert seen[0] != seen[1]
        assert [version for _, _, version in store.list_versions()] == seen[1:]

    def test_a_prefix_is_the_beginning_of_a_key_not_a_folder(self, store: ObjectStore) -> None:
        for key in ["texts/ab1", "texts/ab2/x", "texts/b", "text"]:
            store.put(key, b"1")
        assert list(store.list("texts/ab")) == ["texts/ab1", "texts/ab2/x"]
        assert list(store.list("text")) == ["text", "texts/ab1", "texts/ab2/x", "texts/b"]
        assert list(store.list("texts/ab2/")) == ["texts/ab2/x"]
        assert list(store.list("nothing/here")) == []

    @pytest.mark.parametrize("key", BAD_KEYS)
    def test_a_bad_key_is_refused_by_every_verb(self, store: ObjectStore, key: str) -> None:
        for verb in (store.get, store.exists, store.delete, store.size, lambda key: store.put(key, b"")):
            with pytest.raises(InputError):
                verb(key)

    @pytest.mark.parametrize("prefix", ["/", "../", "a/../", "a//", "a\0"])
    def test_a_bad_prefix_is_refused(self, store: ObjectStore, prefix: str) -> None:
        with pytest.raises(InputError):
            store.list(prefix)

    def test_a_store_that_has_worked_travels_to_another_process(self, store: ObjectStore) -> None:
        store.put("a", b"here")
        script = (
            "import pickle, sys; store = pickle.load(sys.stdin.buffer); store.put('b', store.get('a') + b' and there')"
        )
        subprocess.run([sys.executable, "-c", script], input=pickle.dumps(store), check=True, cwd="/")
        assert store.get("b") == b"here and there"

    def test_many_threads_share_a_store(self, store: ObjectStore) -> None:
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda i: store.put(f"n/{i:03}", str(i).encode()), range(60)))
            assert list(pool.map(lambda i: store.get(f"n/{i:03}"), range(60))) == [str(i).encode() for i in range(60)]
        assert len(list(store.list("n/"))) == 60

    def test_writers_of_one_key_leave_one_whole_value(self, store: ObjectStore) -> None:
        values = [bytes([65 + i]) * 300_000 for i in range(6)]
        with ThreadPoolExecutor(6) as pool:
            list(pool.map(lambda value: store.put("same", value), values))
        assert store.get("same") in values
        assert list(store.list()) == ["same"]


@pytest.mark.parametrize("store", ["folder", "rclone"], indirect=True)
def test_twenty_five_hundred_keys_are_listed_completely(store: ObjectStore) -> None:
    keys = [f"many/{i % 7}/{i:05}" for i in range(2500)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda key: store.put(key, b"1"), keys))
    assert list(store.list("many/")) == sorted(keys)
    assert len(list(store.list("many/3/"))) == len([key for key in keys if key.startswith("many/3/")])


class TestFolder:
    def test_a_writer_killed_anywhere_leaves_the_old_or_the_new_value(self, tmp_path: Path) -> None:
        store, size = FolderStore(tmp_path), 8_000_000
        whole = {letter * size for letter in (b"A", b"B")}
        store.put("a/value", b"A" * size)
        for round_ in range(15):
            writer = subprocess.Popen(
                [sys.executable, "-m", "tests.storage.programs.overwrite_object", str(tmp_path), str(size)],
                stdout=subprocess.PIPE,
                cwd=TOP,
            )
            assert writer.stdout is not None
            writer.stdout.readline()
            time.sleep(0.001 + 0.0037 * round_)
            writer.kill()
            writer.wait()
            writer.stdout.close()
            assert store.get("a/value") in whole
            assert list(store.list()) == ["a/value"]
        assert list((tmp_path / "a").glob(f"{UNFINISHED}*")), "no kill fell into a put; the test shows nothing"

    def test_readers_never_see_a_part(self, tmp_path: Path) -> None:
        store, stop = FolderStore(tmp_path), threading.Event()
        values = (b"A" * 400_000, b"B" * 900_000)
        store.put("k", values[0])

        def write() -> None:
            while not stop.is_set():
                for value in values:
                    store.put("k", value)

        writer = threading.Thread(target=write)
        writer.start()
        try:
            assert all(store.get("k") in values for _ in range(200))
        finally:
            stop.set()
            writer.join()

    def test_a_durable_put_syncs_the_file_and_the_folders_up_to_the_root(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        synced: list[Path] = []
        sync = os.fsync

        def remember(descriptor: int) -> None:
            synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
            sync(descriptor)

        monkeypatch.setattr(os, "fsync", remember)
        store = FolderStore(tmp_path / "root")
        store.put("a/b/c", b"1")
        assert synced == []
        store.put("a/b/c", b"1", durable=True)
        assert synced[0].name.startswith(UNFINISHED)
        root = tmp_path / "root"
        assert synced[1:] == [root / "a/b", root / "a", root, tmp_path]

    def test_nothing_is_made_before_the_first_put(self, tmp_path: Path) -> None:
        store = FolderStore(tmp_path / "store")
        assert list(store.list()) == []
        assert not store.exists("a")
        assert not (tmp_path / "store").exists()

    def test_a_failed_put_leaves_no_file_and_the_old_value(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = FolderStore(tmp_path)
        store.put("a", b"old")

        def full(descriptor: int) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "fsync", full)
        with pytest.raises(StorageUnavailable, match="No space left"):
            store.put("a", b"new", durable=True)
        assert store.get("a") == b"old"
        assert [path.name for path in tmp_path.iterdir()] == ["a"]

    def test_a_key_beyond_another_key_is_refused(self, tmp_path: Path) -> None:
        store = FolderStore(tmp_path)
        store.put("a", b"1")
        store.put("b/c", b"1")
        for key in ("a/b", "a/b/c", "b"):
            with pytest.raises(InputError, match="clashes"):
                store.put(key, b"2")
        assert not store.exists("a/b")
        store.delete("b")
        store.delete("a/b")
        assert list(store.list()) == ["a", "b/c"]

    def test_a_root_that_is_a_file_is_unavailable(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_bytes(b"")
        with pytest.raises(StorageUnavailable, match="not a folder"):
            FolderStore(tmp_path / "file").put("a", b"1")

    def test_files_that_could_not_be_put_are_not_listed(self, tmp_path: Path) -> None:
        store = FolderStore(tmp_path)
        store.put("good", b"1")
        (tmp_path / "line\nbreak").write_bytes(b"")
        (tmp_path / os.fsdecode(b"latin\xe9")).write_bytes(b"")
        (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
        assert [key for key in store.list() if key != "loop"] == ["good"]

    @given(st.text(max_size=40))
    def test_an_accepted_key_never_leaves_the_folder(self, key: str) -> None:
        if not find_key_fault(key):
            root = Path("/store")
            assert Path(os.path.normpath(root / check_key(key))).is_relative_to(root)
            assert str(root / key) == f"/store/{key}"


class TestS3:
    def test_a_wrong_secret_is_unavailable_and_never_shown(self, rclone: Server) -> None:
        store = connect(rclone, "p", secret_key="not-the-secret")
        for verb in (store.get, store.exists, store.size, store.delete, lambda key: list(store.list(key))):
            with pytest.raises(StorageUnavailable, match=f"{BUCKET} at 127.0.0.1.*refuses the credentials") as caught:
                verb("a")
            assert "not-the-secret" not in str(caught.value)
        assert "not-the-secret" not in repr(store)

    def test_a_wrong_access_key_is_unavailable(self, rclone: Server) -> None:
        with pytest.raises(StorageUnavailable, match="refuses the credentials"):
            connect(rclone, "p", access_key="nobody").put("a", b"1")

    def test_a_missing_bucket_is_unavailable(self, moto: Server) -> None:
        store = S3Store("no-such-bucket", endpoint=moto.endpoint, access_key="a", secret_key="b")
        for verb in (store.get, lambda key: store.put(key, b""), lambda key: list(store.list(key))):
            with pytest.raises(StorageUnavailable, match="no such bucket"):
                verb("a")

    def test_a_dead_endpoint_fails_soon(self) -> None:
        store = S3Store("bucket", endpoint=f"http://127.0.0.1:{free_port()}", access_key="a", secret_key="b")
        begun = time.monotonic()
        with pytest.raises(StorageUnavailable, match="cannot be reached"):
            store.put("a", b"1")
        assert time.monotonic() - begun < 60

    def test_an_endpoint_that_accepts_nothing_fails_soon(self) -> None:
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen(0)
            address = silent.getsockname()
            # One waiting connection fills the queue: the kernel then drops every further one in silence.
            with socket.create_connection(address, 1):
                store = S3Store("bucket", endpoint=f"http://127.0.0.1:{address[1]}", access_key="a", secret_key="b")
                begun = time.monotonic()
                with pytest.raises(StorageUnavailable, match="does not answer in time"):
                    store.get("a")
                assert time.monotonic() - begun < 60

    def test_missing_credentials_fail_soon(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
        monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
        store = S3Store("bucket", endpoint=f"http://127.0.0.1:{free_port()}")
        begun = time.monotonic()
        with pytest.raises(StorageUnavailable, match="no complete credentials"):
            store.get("a")
        assert time.monotonic() - begun < 60

    def test_credentials_come_from_the_environment(self, rclone: Server, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", rclone.access_key)
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", rclone.secret_key)
        store = open_store(f"s3://{BUCKET}/environment", endpoint=rclone.endpoint, region="eu-west-3")
        store.put("a", b"1")
        assert list(store.list()) == ["a"]

    def test_an_address_that_is_none_is_unavailable(self) -> None:
        with pytest.raises(StorageUnavailable, match="not valid"):
            S3Store("bucket", endpoint="not an address", access_key="a", secret_key="b").get("a")

    def test_a_password_in_the_endpoint_is_not_shown(self) -> None:
        store = S3Store("bucket", endpoint=f"http://me:hidden@127.0.0.1:{free_port()}", access_key="a", secret_key="b")
        with pytest.raises(StorageUnavailable) as caught:
            store.get("a")
        assert "hidden" not in str(caught.value) + repr(store)

    def test_two_prefixes_of_a_bucket_do_not_meet(self, moto: Server) -> None:
        one, two = connect(moto, "apart"), connect(moto, "apart-2")
        one.put("a", b"1")
        two.put("b", b"2")
        assert (list(one.list()), list(two.list())) == (["a"], ["b"])

    def test_marks_of_folders_are_not_listed(self, moto: Server) -> None:
        store = connect(moto, "marked")
        client = boto3.client("s3", endpoint_url=moto.endpoint, aws_access_key_id="a", aws_secret_access_key="b")
        client.put_object(Bucket=BUCKET, Key="marked/folder/", Body=b"")
        client.put_object(Bucket=BUCKET, Key="marked/", Body=b"")
        store.put("folder/a", b"1")
        assert list(store.list()) == ["folder/a"]


class TestAddresses:
    def test_a_path_and_a_file_address_open_a_folder(self, tmp_path: Path) -> None:
        open_store(str(tmp_path / "a b")).put("k", b"1")
        assert open_store(f"file://{tmp_path}/a%20b").get("k") == b"1"

    def test_a_relative_path_keeps_its_place_when_the_folder_changes(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        store = open_store("var/objects")
        monkeypatch.chdir("/")
        store.put("k", b"1")
        assert (tmp_path / "var/objects/k").read_bytes() == b"1"

    @pytest.mark.parametrize("url", ["", "  ", "gs://bucket/x", "file://host/x", "s3://", "s3:///key", "s3://b/../c"])
    def test_an_address_of_no_store_is_refused(self, url: str) -> None:
        with pytest.raises(SetupError):
            open_store(url)

    def test_an_s3_address_has_a_bucket_and_a_key(self) -> None:
        assert split_s3_url("s3://bucket/some/key.txt") == ("bucket", "some/key.txt")
        assert split_s3_url("s3://bucket/prefix/") == ("bucket", "prefix")
        assert split_s3_url("s3://bucket") == ("bucket", "")

    def test_a_folder_store_does_not_import_boto3(self) -> None:
        script = "import sys; from sake_ray.storage.objects import open_store; open_store('x'); print('boto3' in sys.modules)"
        assert subprocess.check_output([sys.executable, "-c", script], text=True).strip() == "False"


def test_erasing_removes_earlier_versions_in_a_bucket_that_keeps_them(moto: Server) -> None:
    client = boto3.client(
        "s3", endpoint_url=moto.endpoint, region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b"
    )
    client.create_bucket(Bucket="versioned")
    client.put_bucket_versioning(Bucket="versioned", VersioningConfiguration={"Status": "Enabled"})
    store = S3Store("versioned", endpoint=moto.endpoint, access_key="a", secret_key="b")
    for content in (b"1", b"2"):
        store.put("a/b", content)
    store.put("a/bc", b"3")
    store.delete("a/b")
    store.erase("a/b")
    left = client.list_object_versions(Bucket="versioned")
    assert [found["Key"] for found in left["Versions"]] == ["a/bc"]
    assert "DeleteMarkers" not in left


def test_erasing_removes_what_a_killed_put_has_left(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    store.put("a/b", b"1")
    for name, age in (("old", 7200), ("new", 0)):
        part = tmp_path / "a" / f"{UNFINISHED}{name}"
        part.write_bytes(b"1")
        os.utime(part, (time.time() - age,) * 2)
    store.erase("a/b")
    assert [path.name for path in (tmp_path / "a").iterdir()] == [f"{UNFINISHED}new"]
