"""A client as documented, which uploads while things break, and what must be true of its documents in the end."""

import threading
import time
from collections.abc import Sequence

import sqlalchemy as sa

from sake_ray.client import Client
from sake_ray.domain.documents import SETTLED, Status
from sake_ray.storage.records import Records
from sake_ray.storage.records.tables import attempts, documents, predictions
from tests.pages import letter, png
from tests.waiting import wait_until


def scan(text: str) -> bytes:
    """A page that nobody has read before."""
    return png(letter((text, "Total amount due on Monday")).render(80))


class Uploads(threading.Thread):
    """Uploads one document after another until it is told to end; each call is tried again as documented."""

    def __init__(self, client: Client, name: str, *, pause: float = 1.0) -> None:
        super().__init__(daemon=True)
        self.client, self.of, self.pause = client, name, pause
        self.uuids: list[str] = []
        self.longest = 0.0
        """Seconds that the longest upload took, with all that was tried again."""
        self.error: Exception | None = None
        self._over = threading.Event()

    def run(self) -> None:
        """Upload and ask, in turns."""
        try:
            while not self._over.wait(self.pause):
                began, number = time.monotonic(), len(self.uuids)
                batch = self.client.batches.submit(f"{self.of} {number}", [("a.png", scan(f"{self.of} {number}"))])
                self.longest = max(self.longest, time.monotonic() - began)
                self.uuids.append(batch.uuid)
                self.client.batches.get(batch.uuid)
        except Exception as error:
            self.error = error

    def count(self) -> int:
        """How many it has uploaded; raises what ended it, so that nobody waits for more."""
        if self.error:
            raise self.error
        return len(self.uuids)

    def end(self) -> Sequence[str]:
        """End after the one that is under way; return the batches, of which none has failed."""
        self._over.set()
        self.join(900)
        assert not self.is_alive()
        assert self.error is None, self.error
        return self.uuids


def wait_until_ended(records: Records, uuids: Sequence[str], *, seconds: float = 800) -> None:
    """Return when all documents of these batches have ended; without asking the service, which may be in pieces."""
    query = sa.select(documents.c.status, sa.func.count()).where(documents.c.batch.in_(uuids)).group_by("status")

    def read() -> dict[str, int]:
        with records.database.transaction(reads_only=True) as connection:
            return {row[0]: row[1] for row in connection.execute(query)}

    wait_until(lambda: set(read()) <= {status.value for status in SETTLED}, timeout=seconds, interval=0.2, log=read)


def check_once(records: Records, uuids: Sequence[str], count: int) -> dict[str, int]:
    """Each of so many documents is there once, completed, with one prediction; return how many attempts ended how."""
    mine = sa.select(documents.c.id).where(documents.c.batch.in_(uuids))
    of_mine = predictions.c.document.in_(mine)
    with records.database.transaction(reads_only=True) as connection:
        states = connection.execute(sa.select(documents.c.status).where(documents.c.batch.in_(uuids))).scalars().all()
        assert list(states) == [Status.COMPLETED.value] * count
        made = sa.select(sa.func.count()).where(of_mine).group_by(predictions.c.document)
        assert list(connection.execute(made).scalars()) == [1] * count
        ended = sa.select(attempts.c.outcome, sa.func.count()).where(attempts.c.document.in_(mine))
        outcomes = {row[0]: row[1] for row in connection.execute(ended.group_by(attempts.c.outcome))}
    assert outcomes["completed"] == count
    return outcomes
