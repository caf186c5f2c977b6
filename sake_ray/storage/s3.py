"""Store objects in an S3 bucket."""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import boto3.session
import botocore.exceptions as aws
import botocore.session
from botocore.config import Config

from sake_ray.errors import ObjectMissing, SetupError, StorageUnavailable
from sake_ray.storage.objects import check_key, check_prefix, find_key_fault

DEFAULT_REGION = "us-east-1"
"""What servers other than Amazon's expect when none is set."""

CONNECT_SECONDS = 3
READ_SECONDS = 20
ATTEMPTS = 3

MISSING = {"NoSuchKey", "NotFound", "404"}
UNVERSIONED = {"NotImplemented", "MethodNotAllowed", "501", "405"}
"""What servers answer that keep no versions."""
REFUSED = {"AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "Forbidden", "403", "ExpiredToken"}


def split_s3_url(url: str) -> tuple[str, str]:
    """Split s3://bucket/some/key into the bucket and the key, which may be empty."""
    parts = urlsplit(url)
    key = parts.path.strip("/")
    if parts.scheme != "s3" or not parts.netloc or parts.query or parts.fragment or (key and find_key_fault(key)):
        raise SetupError("s3-address-invalid", address=url)
    return parts.netloc, key


class S3Store:
    """A store that is a bucket, or the part of it below a prefix; every put is durable.

    It is pickled without its client; each process connects when it first needs to.
    """

    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        endpoint: str | None = None,
        region: str | None = None,
        access_key: str | None = None,
        secret_key: str | None = None,
    ) -> None:
        self.bucket = bucket
        self.prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self.endpoint = endpoint or None
        self.region = region or DEFAULT_REGION
        self._access_key = access_key or None
        self._secret_key = secret_key or None
        self._connected: tuple[int, Any] | None = None

    def __repr__(self) -> str:
        return f"S3Store({self.bucket!r}, {self.prefix!r}, at {self._where})"

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "_connected": None}

    def put(self, key: str, data: bytes, *, durable: bool = False) -> None:  # noqa: ARG002
        with self._translate_errors(key):
            self._client.put_object(Bucket=self.bucket, Key=self._name(key), Body=data)

    def get(self, key: str) -> bytes:
        with self._translate_errors(key):
            found = self._client.get_object(Bucket=self.bucket, Key=self._name(key))
            return bytes(found["Body"].read())

    def get_range(self, key: str, start: int, length: int) -> bytes:
        if not length:
            return b""
        part = f"bytes={start}-{start + length - 1}"
        try:
            with self._translate_errors(key):
                found = self._client.get_object(Bucket=self.bucket, Key=self._name(key), Range=part)
                if start and "ContentRange" not in found:  # a server that knows no ranges sends all of it
                    found["Body"].read(start)
                return bytes(found["Body"].read(length))
        except StorageUnavailable:
            if self.size(key) <= start:  # there is no such range
                return b""
            raise

    def exists(self, key: str) -> bool:
        try:
            self.size(key)
        except ObjectMissing:
            return False
        return True

    def list(self, prefix: str = "") -> Iterator[str]:
        return (key for key, _ in self.list_sizes(prefix))

    def list_sizes(self, prefix: str = "") -> Iterator[tuple[str, int]]:
        return (
            (found["Key"].removeprefix(self.prefix), int(found["Size"])) for found in self._pages(check_prefix(prefix))
        )

    def delete(self, key: str) -> None:
        try:
            with self._translate_errors(key):
                self._client.delete_object(Bucket=self.bucket, Key=self._name(key))
        except ObjectMissing:
            return

    def erase(self, key: str) -> None:
        self.delete(key)
        with self._translate_errors(key):
            try:
                paginator = self._client.get_paginator("list_object_versions")
                for page in paginator.paginate(Bucket=self.bucket, Prefix=self._name(key)):
                    for found in [*page.get("Versions", []), *page.get("DeleteMarkers", [])]:
                        if found["Key"] == self._name(key):
                            self._client.delete_object(
                                Bucket=self.bucket, Key=found["Key"], VersionId=found["VersionId"]
                            )
            except aws.ClientError as error:
                if error_code(error) not in UNVERSIONED:
                    raise

    def list_folders(self, folder: str) -> Sequence[str]:
        prefix = self.prefix + check_prefix(folder)
        with self._translate_errors(folder):
            paginator = self._client.get_paginator("list_objects_v2")
            pages = paginator.paginate(Bucket=self.bucket, Prefix=prefix, Delimiter="/")
            found = [entry["Prefix"] for page in pages for entry in page.get("CommonPrefixes", [])]
        return sorted(name.removeprefix(prefix).rstrip("/") for name in found)

    def size(self, key: str) -> int:
        with self._translate_errors(key):
            return int(self._client.head_object(Bucket=self.bucket, Key=self._name(key))["ContentLength"])

    def modified(self, key: str) -> datetime:
        with self._translate_errors(key):
            found: datetime = self._client.head_object(Bucket=self.bucket, Key=self._name(key))["LastModified"]
        return found.astimezone(UTC)

    def list_versions(self, prefix: str = "") -> Iterator[tuple[str, int, str]]:
        """Yield keys as `list` does, each with the bytes of its object and its ETag, which differs when it is replaced."""
        for found in self._pages(check_prefix(prefix)):
            yield found["Key"].removeprefix(self.prefix), int(found["Size"]), _read_etag(found)

    def get_version(self, key: str, length: int) -> tuple[bytes, str]:
        """Fetch at most so many bytes of an object, and its ETag; raises ObjectMissing."""
        with self._translate_errors(key):
            found = self._client.get_object(Bucket=self.bucket, Key=self._name(key))
            with closing(found["Body"]) as body:
                return bytes(body.read(length)), _read_etag(found)

    def find_version(self, key: str) -> str:
        """Find the ETag of an object; empty without one."""
        try:
            with self._translate_errors(key):
                return _read_etag(self._client.head_object(Bucket=self.bucket, Key=self._name(key)))
        except ObjectMissing:
            return ""

    def move(self, key: str, target: str, *, version: str) -> bool:
        """Move an object of that ETag within the bucket; False when it was replaced or is gone."""
        source, condition = {"Bucket": self.bucket, "Key": self._name(key)}, f'"{version}"'
        if self.find_version(key) != version:
            return False
        with self._translate_errors(key):
            self._client.copy_object(
                CopySource=source, CopySourceIfMatch=condition, Bucket=self.bucket, Key=self._name(target)
            )
        # Not every server checks the condition of a deletion: so we look once more, as late as we can.
        if self.find_version(key) != version:
            return False
        with self._translate_errors(key):
            self._client.delete_object(**source, IfMatch=condition)
        return True

    def _name(self, key: str) -> str:
        return self.prefix + check_key(key)

    def _pages(self, prefix: str) -> Iterator[dict[str, Any]]:
        with self._translate_errors(prefix):
            paginator = self._client.get_paginator("list_objects_v2")
            for page in paginator.paginate(Bucket=self.bucket, Prefix=self.prefix + prefix):
                for found in page.get("Contents", []):
                    # Other programs mark folders by empty objects named "folder/".
                    if not find_key_fault(found["Key"].removeprefix(self.prefix)):
                        yield found

    @property
    def _client(self) -> Any:
        # Connections must not be shared with a forked child.
        if self._connected is None or self._connected[0] != os.getpid():
            self._connected = (os.getpid(), self._connect())
        return self._connected[1]

    def _connect(self) -> Any:
        session = botocore.session.Session()
        if self.endpoint:
            # Only Amazon's own machines answer this one; elsewhere missing credentials would take seconds to fail.
            session.get_component("credential_provider").remove("iam-role")
        # Not boto3.client: its shared session is not safe between threads.
        return boto3.session.Session(botocore_session=session).client(
            "s3",
            endpoint_url=self.endpoint,
            region_name=self.region,
            aws_access_key_id=self._access_key,
            aws_secret_access_key=self._secret_key,
            config=Config(
                signature_version="s3v4",
                s3={"addressing_style": "path"},
                retries={"mode": "standard", "total_max_attempts": ATTEMPTS},
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                tcp_keepalive=True,
                # Servers other than Amazon's refuse the checksums boto3 adds by default.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    @contextmanager
    def _translate_errors(self, key: str) -> Iterator[None]:
        try:
            yield
        except aws.ClientError as error:
            if error_code(error) in MISSING:
                raise ObjectMissing("object-missing-in-bucket", key=key, bucket=self.bucket) from error
            raise self._unavailable(error) from error
        except (aws.BotoCoreError, ValueError) as error:
            raise self._unavailable(error) from error

    def _unavailable(self, error: Exception) -> StorageUnavailable:
        return StorageUnavailable("bucket-unusable", bucket=self.bucket, url=self._where, error=describe_error(error))

    @property
    def _where(self) -> str:
        """The endpoint as it may be shown: an address can carry a password."""
        return (self.endpoint or "Amazon").rpartition("@")[2].removeprefix("http://").removeprefix("https://")


def _read_etag(found: dict[str, Any]) -> str:
    """The ETag without the quotes that some servers leave out in lists."""
    return str(found["ETag"]).strip('"')


def error_code(error: aws.ClientError) -> str:
    """Return the server's error code, or the HTTP status without one."""
    return str(error.response.get("Error", {}).get("Code", "unknown"))


def describe_error(error: Exception) -> str:
    """Describe why a store cannot be used, in our own words: a foreign message might contain credentials."""
    match error:
        case aws.ClientError():
            code = error_code(error)
            if code == "NoSuchBucket":
                return "there is no such bucket"
            return f"it refuses the credentials ({code})" if code in REFUSED else f"it answers {code}"
        case aws.NoCredentialsError() | aws.PartialCredentialsError():
            return "no complete credentials were found; set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        case aws.ReadTimeoutError() | aws.ConnectTimeoutError():
            return "it does not answer in time"
        case aws.SSLError():
            return "its certificate is not trusted, or it does not speak TLS"
        case aws.ConnectionClosedError() | aws.ResponseStreamingError() | aws.IncompleteReadError():
            return "the connection broke off"
        case aws.ConnectionError():
            return "it cannot be reached"
        case ValueError():
            return "its address or region is not valid"
    return type(error).__name__
