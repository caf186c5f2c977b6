"""Read any number of files with Ray Data: fetched beside the driver, read over all free CPUs."""

import pickle
import time
from collections.abc import Sequence

import ray
import ray.data

from sake_ray.data.ray_map import map_rows
from sake_ray.data.reading import Reader, ReadingOptions, read_document
from sake_ray.data.sources import S3Endpoint, fetch_source
from sake_ray.domain.datatypes import Row
from sake_ray.errors import SakeError, SetupError
from sake_ray.files import keep_files_private
from sake_ray.storage.objects import FolderStore, ObjectStore

# One row a block lets every CPU take the next document as soon as it is free; beyond this many blocks it evens out anyway.
MAX_BLOCKS = 4000


class RowFetcher:
    """Fetches the bytes of a source. Runs on the node of the driver: no other node sees its files."""

    def __init__(self, buckets: S3Endpoint, max_bytes: int) -> None:
        self.buckets, self.max_bytes = buckets, max_bytes

    def __call__(self, row: Row) -> Row:
        try:
            return row | {
                "data": fetch_source(row["location"], buckets=self.buckets, max_bytes=self.max_bytes),
                "error": b"",
            }
        except SakeError as error:
            return row | {"data": b"", "error": pickle.dumps(error.message)}


class RowReader:
    """Reads documents, with one reader process per actor; each row is one original."""

    def __init__(self, options: ReadingOptions, store: ObjectStore) -> None:
        keep_files_private()  # on a cluster of others, Ray has another umask
        self.reader, self.store = Reader(options), store

    def __call__(self, row: Row) -> Row:
        started = time.monotonic()
        text, error = b"", row["error"]
        if not error:
            try:
                text = pickle.dumps(read_document(row["data"], reader=self.reader, store=self.store))
            except SakeError as failure:
                error = pickle.dumps(failure.message)
        return {"index": row["index"], "text": text, "error": error, "seconds": time.monotonic() - started}


def read_sources(
    locations: Sequence[bytes], *, fetch: tuple[S3Endpoint, int], options: ReadingOptions, store: ObjectStore
) -> ray.data.Dataset:
    """Read the files at those places over all free CPUs; rows of index, text (pickled DocumentText), error
    (pickled Message, empty when all is well) and seconds.

    `fetch` holds the buckets and the maximum bytes of a file. Raises SetupError when nodes cannot reach the store.
    """
    if isinstance(store, FolderStore) and len([node for node in ray.nodes() if node["Alive"]]) > 1:
        raise SetupError("folder-on-several-nodes")
    rows = [{"index": index, "location": location} for index, location in enumerate(locations)]
    blocks = max(1, min(len(locations), MAX_BLOCKS))
    return map_rows(rows, (RowFetcher, fetch), (RowReader, (options, store)), blocks=blocks, in_order=False)
