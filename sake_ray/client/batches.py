"""Submit documents together, and follow their progress."""

import time
from collections.abc import Callable, Sequence
from uuid import uuid4

from pydantic import TypeAdapter

from sake_ray import errors
from sake_ray.client.connection import HttpConnection, segment
from sake_ray.domain.documents import SETTLED
from sake_ray.schemas.batches import BatchesOut, BatchOut
from sake_ray.schemas.uploads import PredictOut

BATCHES = TypeAdapter(list[BatchOut])
POLL_SECONDS = 0.25


class BatchCalls:
    """Calls about documents submitted together."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def submit(
        self, reference: str, files: Sequence[tuple[str, bytes]], *, uuid: str | None = None, key: str | None = None
    ) -> PredictOut:
        """Submit files (name, bytes); retried under one Idempotency-Key until the server has accepted them."""
        fields = {"reference": reference} | ({"uuid": uuid} if uuid else {})
        parts = [("files", (name, data)) for name, data in files]
        headers = {"Idempotency-Key": key or uuid4().hex}
        return self._connection.call(
            PredictOut, "POST", "/predict", data=fields, files=parts, headers=headers, retry_on={409}
        )

    def find(self, name: str) -> list[BatchOut]:
        """Find the batches of a uuid or reference, newest first."""
        return BATCHES.validate_json(self._connection.send("GET", f"/predict/{segment(name)}").content)

    def wait(self, uuid: str, *, seconds: float, on_progress: Callable[[int, int], None] | None = None) -> BatchOut:
        """Poll until every document of a batch has ended or needs ops; raises ReadingTimeout."""
        end = time.monotonic() + seconds
        while True:
            (batch,) = self.find(uuid)
            if on_progress:
                on_progress(sum(document.status in SETTLED for document in batch.documents), batch.n_files)
            if batch.status in SETTLED:
                return batch
            if time.monotonic() > end:
                raise errors.ReadingTimeout("batch-unfinished", batch=uuid, status=batch.status, seconds=seconds)
            time.sleep(POLL_SECONDS)

    def list(self, *, mine: bool = False, page: int = 1, page_size: int = 20) -> BatchesOut:
        """List the newest batches with their progress."""
        params = {"mine": mine, "page": page, "page_size": page_size}
        return self._connection.call(BatchesOut, "GET", "/batches", params=params)
