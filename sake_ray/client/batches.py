"""Hand documents in together, and see how far they are."""

import time
from collections.abc import Callable, Sequence
from uuid import uuid4

from pydantic import TypeAdapter

from sake_ray import errors
from sake_ray.client.connection import HttpConnection, segment
from sake_ray.domain.documents import Status
from sake_ray.schemas.batches import BatchesOut, BatchOut
from sake_ray.schemas.uploads import PredictOut

ENDED = {Status.COMPLETED, Status.FAILED}
BATCHES = TypeAdapter(list[BatchOut])


class BatchCalls(HttpConnection):
    """Calls about documents handed in together."""

    def predict(
        self, reference: str, files: Sequence[tuple[str, bytes]], *, uuid: str | None = None, key: str | None = None
    ) -> PredictOut:
        """Hand in files (name, bytes); sent again under one Idempotency-Key until the server has them."""
        fields = {"reference": reference} | ({"uuid": uuid} if uuid else {})
        parts = [("files", (name, data)) for name, data in files]
        headers = {"Idempotency-Key": key or uuid4().hex}
        return self._ask(PredictOut, "POST", "/predict", data=fields, files=parts, headers=headers, again_on={409})

    def batches(self, name: str) -> list[BatchOut]:
        """The batches of a uuid or reference, newest first."""
        return BATCHES.validate_json(self._send("GET", f"/predict/{segment(name)}").content)

    def newest_batches(self, *, mine: bool = False, page: int = 1, page_size: int = 20) -> BatchesOut:
        """The batches handed in last, each with how far it is."""
        return self._ask(BatchesOut, "GET", "/batches", params={"mine": mine, "page": page, "page_size": page_size})

    def wait(self, uuid: str, *, seconds: float, on_progress: Callable[[int, int], None] | None = None) -> BatchOut:
        """Look until every document of a batch has ended; raises ReadingTimeout."""
        end = time.monotonic() + seconds
        while True:
            (batch,) = self.batches(uuid)
            if on_progress:
                on_progress(sum(document.status in ENDED for document in batch.documents), batch.n_files)
            if batch.status in ENDED:
                return batch
            if time.monotonic() > end:
                raise errors.ReadingTimeout(f"The batch {uuid} is still {batch.status} after {seconds:g} seconds.")
            time.sleep(0.25)
