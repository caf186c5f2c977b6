"""Ask a service that was just started: is it ready, does it classify, does it still run?"""

import threading
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sake_ray.cli.apart import run_apart
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
    scan = generate_test_document()
    started = time.monotonic()
    accepted = client.batches.submit("sake up", [scan])
    while not stop.is_set():
        (document,) = client.batches.list_documents(accepted.uuid).items
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


def generate_test_document() -> tuple[str, bytes]:
    """Generate a scan, and return its name and bytes.

    What draws it is a process that ends: this one runs as long as the service, and would hold 80 MB for it.
    """
    with TemporaryDirectory() as folder:
        run_apart("samples", "--count", "1", "--seed", str(TEST_SEED), "--out", folder)
        (scan,) = Path(folder).glob("*/*")
        return scan.name, scan.read_bytes()


def watch(is_running: Callable[[], bool], stop: threading.Event, *, max_silence: float = SILENCE_SECONDS) -> None:
    """Stay until told to stop; raises Overloaded when nobody has said for `max_silence` seconds that the service runs.

    Serve is asked for its replicas and its proxy, never the public address: others may hold all slots there, and are to end
    nothing.
    """
    said, over = time.monotonic(), threading.Event()

    def ask() -> None:
        nonlocal said
        while not over.is_set():
            if is_running():
                said = time.monotonic()
            over.wait(CHECK_SECONDS)

    # On a thread of its own: who is asked may never answer.
    thread = threading.Thread(target=ask, name="watch", daemon=True)
    thread.start()
    try:
        while not stop.wait(CHECK_SECONDS):
            if time.monotonic() - said > max_silence:
                raise Overloaded("service-silent", seconds=max_silence)
    finally:
        over.set()
        thread.join(CHECK_SECONDS)  # it must not ask a Ray that is being ended
