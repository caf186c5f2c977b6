"""Fetch sources in the workers of Ray: objects from their bucket, files of the driver's machine from there."""

import os
from pathlib import Path

import ray
from ray.exceptions import RayActorError

from sake_ray.data.sources import S3Endpoint, fetch_source, is_object
from sake_ray.errors import InputError

ATTEMPTS = 3
CALLS_AT_ONCE = 8


class DriverFiles:
    """Hands out the files of the driver's machine, on that machine, to workers on others."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes

    def fetch(self, location: bytes) -> bytes:
        """Fetch a file."""
        return fetch_source(location, buckets=S3Endpoint(), max_bytes=self._max_bytes)


class WorkerFetch:
    """Fetches sources in a worker. Plain values only, so that it can be pickled.

    An object comes straight from its bucket. A file is opened here when this is the driver's node; otherwise it travels once.
    """

    def __init__(self, buckets: S3Endpoint, *, max_bytes: int, driver_node: str) -> None:
        self._buckets, self._max_bytes, self._driver_node = buckets, max_bytes, driver_node

    def __call__(self, location: bytes) -> bytes:
        """Fetch the bytes at a location; raises InputError and StorageError."""
        is_here = ray.get_runtime_context().get_node_id() == self._driver_node and os.access(
            Path(os.fsdecode(location)), os.R_OK
        )
        if is_object(location) or is_here:
            return fetch_source(location, buckets=self._buckets, max_bytes=self._max_bytes)
        return self._fetch_from_driver(location)

    def _fetch_from_driver(self, location: bytes) -> bytes:
        for _ in range(ATTEMPTS):
            try:
                return bytes(ray.get(self._find_driver_files().fetch.remote(location)))
            except RayActorError:  # it ends with the worker that started it; then the next one does
                continue
        raise InputError("source-unreadable", error="the node of the command does not answer")

    def _find_driver_files(self) -> "ray.actor.ActorHandle[DriverFiles]":
        return (
            ray.remote(DriverFiles)
            .options(
                name=f"files of {self._driver_node}",
                get_if_exists=True,
                num_cpus=0,
                max_concurrency=CALLS_AT_ONCE,
                label_selector={"ray.io/node-id": self._driver_node},
            )
            .remote(self._max_bytes)
        )
