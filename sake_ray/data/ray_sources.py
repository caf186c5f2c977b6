"""Fetch sources in the workers of Ray: objects from their bucket, files of the driver's machine from there."""

import os
from pathlib import Path
from typing import Any

import ray

from sake_ray.data.ray_map import select_driver_node
from sake_ray.data.sources import S3Endpoint, fetch_source, is_object

CALLS_AT_ONCE = 8


class DriverFiles:
    """Hands out the files of the driver's machine, on that machine, to workers on others."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes

    def fetch(self, location: bytes) -> bytes:
        """Fetch a file; raises InputError and StorageError."""
        return fetch_source(location, buckets=S3Endpoint(), max_bytes=self._max_bytes)


class WorkerFetch:
    """Fetches sources in a worker. Can be pickled.

    An object comes straight from its bucket. A file is opened here when this is the driver's node; otherwise it travels once.
    """

    def __init__(self, buckets: S3Endpoint, *, max_bytes: int, driver_node: str, driver_files: Any) -> None:
        """`driver_files` is an actor of `DriverFiles`, None where no worker is on another node."""
        self._buckets, self._max_bytes = buckets, max_bytes
        self._driver_node, self._driver_files = driver_node, driver_files

    def __call__(self, location: bytes) -> bytes:
        """Fetch the bytes at a location; raises InputError and StorageError."""
        is_here = ray.get_runtime_context().get_node_id() == self._driver_node and os.access(
            Path(os.fsdecode(location)), os.R_OK
        )
        if self._driver_files is None or is_object(location) or is_here:
            return fetch_source(location, buckets=self._buckets, max_bytes=self._max_bytes)
        return bytes(ray.get(self._driver_files.fetch.remote(location)))


def share_driver_files(max_bytes: int) -> Any:
    """Start an actor that hands out this machine's files for as long as this process works.

    The driver has it, and no worker: it must not end with a node that is lost.
    """
    files = ray.remote(
        num_cpus=0,
        max_concurrency=CALLS_AT_ONCE,
        max_restarts=-1,
        max_task_retries=-1,
        label_selector=select_driver_node(),
    )(DriverFiles)
    return files.remote(max_bytes)
