"""The object store that is a bucket of S3 or of a server that speaks it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sake_ray.errors import ObjectMissing, SetupError, StorageUnavailable
from sake_ray.storage.objects import check_key, check_prefix

CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 3, 60, 3
MISSING = {"404", "NoSuchKey", "NotFound"}


def split_s3_url(url: str) -> tuple[str, str]:
    """Part s3://bucket/prefix; the prefix comes without slashes at its ends. Raises SetupError without a bucket."""
    bucket, _, prefix = url.removeprefix("s3://").partition("/")
    if not url.startswith("s3://") or not bucket:
        raise SetupError(f"The store {url!r} names no bucket; write it as s3://bucket/prefix.")
    return bucket, prefix.strip("/")


class S3Store:
    """A store in a bucket, under a prefix; the client is made in each process when first used."""

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
        self.bucket, self.prefix, self.endpoint, self.region = bucket, prefix, endpoint, region
        self._keys = (access_key, secret_key)
        self._client: Any = None

    def __repr__(self) -> str:
        return f"S3Store({self.bucket!r}, {self.prefix!r}, endpoint={self.endpoint!r})"

    def __getstate__(self) -> dict[str, Any]:
        """Leave the client behind: it holds sockets."""
        return self.__dict__ | {"_client": None}

    def put(self, key: str, data: bytes, *, durable: bool = False) -> None:
        """Store the bytes; S3 answers only when they are durable."""
        with self._faults_as_ours(key):
            self._s3().put_object(Bucket=self.bucket, Key=self._key(key), Body=data)

    def get(self, key: str) -> bytes:
        """Fetch the bytes; raises ObjectMissing."""
        with self._faults_as_ours(key):
            return bytes(self._s3().get_object(Bucket=self.bucket, Key=self._key(key))["Body"].read())

    def exists(self, key: str) -> bool:
        """Tell whether there is an object under this key."""
        try:
            self.size(key)
        except ObjectMissing:
            return False
        return True

    def list(self, prefix: str = "") -> Iterator[str]:
        """Yield the keys that begin with this text, sorted, a thousand at a time."""
        check_prefix(prefix)
        start = f"{self.prefix}/" if self.prefix else ""
        with self._faults_as_ours(prefix):
            pages = self._s3().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=start + prefix)
            for page in pages:
                for entry in page.get("Contents", ()):
                    yield entry["Key"].removeprefix(start)

    def delete(self, key: str) -> None:
        """Remove the object; a missing one is fine."""
        try:
            with self._faults_as_ours(key):
                self._s3().delete_object(Bucket=self.bucket, Key=self._key(key))
        except ObjectMissing:
            pass

    def size(self, key: str) -> int:
        """Count the bytes without fetching them; raises ObjectMissing."""
        with self._faults_as_ours(key):
            return int(self._s3().head_object(Bucket=self.bucket, Key=self._key(key))["ContentLength"])

    def _key(self, key: str) -> str:
        return f"{self.prefix}/{check_key(key)}" if self.prefix else check_key(key)

    def _s3(self) -> Any:
        if self._client is None:
            import boto3  # half a second to import; a folder store never needs it
            from botocore.config import Config

            access_key, secret_key = self._keys
            self._client = boto3.session.Session().client(
                "s3",
                endpoint_url=self.endpoint,
                region_name=self.region,
                aws_access_key_id=access_key,
                aws_secret_access_key=secret_key,
                config=Config(
                    signature_version="s3v4",
                    s3={"addressing_style": "path"},
                    retries={"mode": "standard", "max_attempts": ATTEMPTS},
                    connect_timeout=CONNECT_SECONDS,
                    read_timeout=READ_SECONDS,
                ),
            )
        return self._client

    @contextmanager
    def _faults_as_ours(self, key: str) -> Iterator[None]:
        """Turn botocore's errors into ours; their own words never hold a secret key, and are kept short."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            code = str(error.response.get("Error", {}).get("Code", ""))
            if code in MISSING:
                raise ObjectMissing(f"There is no object {key!r} in the bucket {self.bucket}.") from error
            raise StorageUnavailable(f"The bucket {self.bucket} at {self._where} refuses: {code or 'unknown error'}.") from error
        except BotoCoreError as error:
            raise StorageUnavailable(f"The bucket {self.bucket} at {self._where} cannot be reached: {type(error).__name__}.") from error

    @property
    def _where(self) -> str:
        return self.endpoint or "Amazon S3"
