"""Killing every part of the service while documents are handed in: each ends COMPLETED, once.

The short form is part of `make test`; `make faults` is the hard one.
"""

import os
import random
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest
import sqlalchemy as sa

from sake_ray.client import Client
from sake_ray.domain.documents import Status
from sake_ray.storage.records.tables import attempts, documents, predictions
from tests.pages import letter, png
from tests.service import Service, processes_of, run_service
from tests.waiting import wait_until

FULL = os.environ.get("SAKE_FAULTS") == "full"
COUNT = 100 if FULL else 8
ROUNDS = 4 if FULL else 1
PACE = 3.5
"""Seconds between uploads, so that they go on through all the killing."""
RESTARTS, STEPS = (2, 3) if FULL else (1, 1)
PARTS = (
    "ServeReplica:sake:Etl",
    "ServeReplica:sake:Orchestrator",
    "ServeReplica:sake:Gateway",
    "ProxyActor",
    "ServeController",
)


class Sender(threading.Thread):
    """A client as documented: it sends again what was not answered, under the same key."""

    def __init__(self, client: Client, count: int) -> None:
        super().__init__(daemon=True)
        self.client, self.count = client, count
        self.uuids: list[str] = []
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            for number in range(self.count):
                scan = png(letter((f"Invoice {number}", "Total amount due on Monday")).render(80))
                time.sleep(PACE)
                self.uuids.append(self.client.batches.submit(f"storm {number}", [(f"{number}.png", scan)]).uuid)
        except Exception as error:
            self.error = error


@pytest.mark.timeout(3600)
def test_killed_parts_lose_no_document_and_do_none_twice(home: Path, tmp_path: Path) -> None:
    choose = random.Random(7)
    with run_service(home, tmp_path) as service:
        # A day's work may outlast a restart: the token counts on.
        client = service.client(patience=900)
        sender = Sender(client, COUNT)
        sender.start()
        killed: list[str] = []
        for step in range(STEPS):
            for part in choose.sample(PARTS, len(PARTS)) * ROUNDS:
                killed += kill_part(service, part)
                time.sleep(choose.uniform(1, 10) if FULL else 1.0)
            if step < RESTARTS:
                service.kill()
                killed.append("sake up")
                service.start()
                service.wait_until_ready()
        sender.join(1800)
        assert not sender.is_alive()
        assert sender.error is None, sender.error
        print(
            f"killed {len(killed)}: {', '.join(killed)}; the client was told to come again {client.connection.retries} times"
        )
        wait_until_all_ended(service, client, sender.uuids)
        told = {uuid: client.batches.find(uuid)[0] for uuid in sender.uuids}
        check_records(service, sender.uuids)
        assert len(set(sender.uuids)) == COUNT
        assert {batch.status for batch in told.values()} == {Status.COMPLETED}
        assert {document.status for batch in told.values() for document in batch.documents} == {Status.COMPLETED}
        assert all(batch.n_files == 1 for batch in told.values())
        service.stop()
    assert processes_of(service.home) == []


def kill_part(service: Service, part: str) -> list[str]:
    """kill -9 every process of that part; tell which there were."""
    victims = service.find(part)
    for victim in victims:
        try:
            victim.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
    return [part.rpartition(":")[2]] * bool(victims)


def wait_until_all_ended(service: Service, client: Client, uuids: list[str], seconds: float = 800) -> None:
    waiting = list(uuids)

    def ended() -> bool:
        waiting[:] = [
            uuid for uuid in waiting if client.batches.find(uuid)[0].status not in {Status.COMPLETED, Status.FAILED}
        ]
        return not waiting

    assert service.process
    wait_until(ended, timeout=seconds, interval=0.5, process=service.process, log=lambda: (waiting, service.log()))


def check_records(service: Service, uuids: list[str]) -> None:
    """One row and one prediction a document; every attempt accounted for."""
    with service.records.database.transaction(reads_only=True) as connection:
        mine = sa.select(documents.c.id).where(documents.c.batch.in_(uuids))
        assert connection.execute(sa.select(sa.func.count()).select_from(mine.subquery())).scalar_one() == len(uuids)
        per_document = connection.execute(
            sa.select(predictions.c.document, sa.func.count())
            .where(predictions.c.document.in_(mine))
            .group_by(predictions.c.document)
        ).all()
        assert [count for _, count in per_document] == [1] * len(uuids)
        ended = connection.execute(
            sa.select(attempts.c.outcome, sa.func.count())
            .where(attempts.c.document.in_(mine))
            .group_by(attempts.c.outcome)
        ).all()
        outcomes = {row[0]: row[1] for row in ended}
        print("attempts:", outcomes)
        assert outcomes["completed"] == len(uuids)
        named = connection.execute(
            sa.select(documents.c.batch, documents.c.name).where(documents.c.batch.in_(uuids))
        ).all()
        assert len({name for _, name in named}) == len(uuids)
