"""Submit documents together, and follow their progress."""

import time
from collections.abc import Callable, Sequence

from pydantic import TypeAdapter

from sake_ray import errors
from sake_ray.client.connection import HttpConnection, segment
from sake_ray.domain.documents import SETTLED
from sake_ray.domain.parts import SplitMode
from sake_ray.schemas.batches import MAX_BATCHES, BatchDocumentList, BatchList, BatchOut, BatchSummary
from sake_ray.schemas.uploads import PredictOut

BATCHES = TypeAdapter(list[BatchOut])
POLL_SECONDS = 0.25


class BatchCalls:
    """Calls about documents submitted together."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def submit(
        self,
        reference: str,
        files: Sequence[tuple[str, bytes]],
        *,
        uuid: str | None = None,
        split: SplitMode | None = None,
        key: str | None = None,
    ) -> PredictOut:
        """Submit files (name, bytes); retried under one Idempotency-Key until the server has accepted them.

        `split` says what becomes of files that hold several documents; by default as the installation is set.
        """
        fields = {"reference": reference} | ({"uuid": uuid} if uuid else {}) | ({"split": split.value} if split else {})
        parts = [("files", (name, data)) for name, data in files]
        return self._connection.call(PredictOut, "POST", "/predict", data=fields, files=parts, key=key)

    def find(self, name: str) -> list[BatchOut]:
        """Find the batch of a uuid or the batches of a reference, newest first, with at most 1,000 documents in all."""
        return self._connection.poll(BATCHES.validate_json, f"/predict/{segment(name)}", page_size=MAX_BATCHES)

    def get(self, uuid: str) -> BatchSummary:
        """Get how far a batch is, without its documents; cheap to ask for again."""
        return self._connection.poll(BatchSummary.model_validate_json, f"/batches/{segment(uuid)}")

    def list_documents(self, uuid: str, *, cursor: str | None = None, page_size: int = 100) -> BatchDocumentList:
        """List documents of a batch from a cursor on; cheap to ask for again."""
        path = f"/batches/{segment(uuid)}/documents"
        return self._connection.poll(BatchDocumentList.model_validate_json, path, cursor=cursor, page_size=page_size)

    def export(self, uuid: str, *, format: str = "csv") -> bytes:
        """Get all documents of a batch as CSV, or as JSON lines (jsonl)."""
        return self._connection.send("GET", f"/batches/{segment(uuid)}/export", params={"format": format}).content

    def wait(self, uuid: str, *, seconds: float, on_progress: Callable[[int, int], None] | None = None) -> BatchOut:
        """Poll until every document of a batch has ended or needs ops; raises ReadingTimeout."""
        end = time.monotonic() + seconds
        while True:
            batch = self.get(uuid)
            if on_progress:
                on_progress(batch.n_ended + batch.n_needs_ops, batch.n_files)
            if batch.status in SETTLED:
                return self.find(uuid)[0]
            if time.monotonic() > end:
                raise errors.ReadingTimeout("batch-unfinished", batch=uuid, status=batch.status, seconds=seconds)
            time.sleep(POLL_SECONDS)

    def list(
        self, *, mine: bool = False, reference: str | None = None, cursor: str | None = None, page_size: int = 20
    ) -> BatchList:
        """List the newest batches, of one reference or all, with their progress."""
        params = {"mine": mine, "reference": reference, "cursor": cursor, "page_size": page_size}
        return self._connection.call(BatchList, "GET", "/batches", params=params)
