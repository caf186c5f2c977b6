"""Ask a service that was just started: is it ready, does it classify, does it still answer?"""

import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from sake_ray.domain.documents import SETTLED
from sake_ray.errors import Overloaded, SakeError

if TYPE_CHECKING:
    from sake_ray.client import Client

READY_SECONDS, SILENCE_SECONDS = 90.0, 240.0
CHECK_SECONDS = 5.0
TEST_SEED = 20
TEST_SECONDS = 120.0


def wait_until_ready(client: "Client", stop: threading.Event) -> None:
    """Return when the service classifies; raises Overloaded when that takes too long."""
    end = time.monotonic() + READY_SECONDS
    while not stop.is_set():
        try:
            client.system.ready()
            return
        except SakeError as error:
            if time.monotonic() > end:
                raise Overloaded("service-start-unfinished", error=error) from error
        stop.wait(0.2)


def classify_test_document(client: "Client", stop: threading.Event) -> None:
    """Classify a generated scan as a user would, and print what came of it."""
    from sake_ray.synthetic.generate import generate_one

    scan = generate_one(TEST_SEED, seed=TEST_SEED)
    started = time.monotonic()
    accepted = client.batches.submit("sake up", [(scan.name, scan.data)])
    while not stop.is_set():
        (document,) = client.batches.list_documents(accepted.uuid).documents
        if document.status in SETTLED:
            seconds = time.monotonic() - started
            print(  # noqa: T201 - the result
                f"{document.name} → {document.label or document.error}, confidence {document.confidence or 0:.2f}, "
                f"{seconds:.1f} s",
                flush=True,
            )
            return
        if time.monotonic() - started > TEST_SECONDS:
            raise Overloaded("proof-unfinished", status=document.status, seconds=TEST_SECONDS)
        stop.wait(0.2)


def watch(client: "Client", stop: threading.Event) -> None:
    """Stay until told to stop; raises Overloaded when the service has been silent for long."""
    answered = time.monotonic()
    while not stop.wait(CHECK_SECONDS):
        with suppress(SakeError):
            client.system.health()
            answered = time.monotonic()
        if time.monotonic() - answered > SILENCE_SECONDS:
            raise Overloaded("service-silent", seconds=SILENCE_SECONDS)
