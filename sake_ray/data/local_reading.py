"""Read portions on this machine without Ray, whose start costs more than a little work: a thread and a reader for each CPU."""

import threading
from collections.abc import Iterator, Sequence
from queue import Empty, SimpleQueue

from sake_ray.data.document_claims import ClaimTable
from sake_ray.data.portion_reader import Fetch, OnPageDone, PortionReader, SourceOutcome, ignore_page_done
from sake_ray.data.portions import Portion
from sake_ray.data.reading import Reader
from sake_ray.storage.objects import ObjectStore


def read_locally(
    portions: Sequence[Portion],
    *,
    reader: Reader,
    cpus: int,
    store: ObjectStore,
    fetch: Fetch,
    on_page: OnPageDone = ignore_page_done,
) -> Iterator[SourceOutcome]:
    """Read the portions, the longest first; outcomes come as they are done.

    `reader` is the first of the readers and stays open; the others have its options. `on_page` is called in several threads.
    """
    waiting: SimpleQueue[Portion] = SimpleQueue()
    for portion in sorted(portions, key=lambda portion: -portion.seconds):
        waiting.put(portion)
    outcomes: SimpleQueue[SourceOutcome | BaseException | None] = SimpleQueue()
    claims, stop = ClaimTable(), threading.Event()

    def work(own: Reader) -> None:
        try:
            reads = PortionReader(own, store, fetch=fetch, claims=claims, known={}, on_page=on_page)
            while not stop.is_set():
                for outcome in reads.read(waiting.get_nowait()):
                    outcomes.put(outcome)
        except Empty:
            pass
        except BaseException as error:  # the caller raises it
            outcomes.put(error)
        finally:
            if own is not reader:
                own.close()
            outcomes.put(None)

    readers = [reader] + [Reader(reader.options) for _ in range(min(cpus, len(portions)) - 1)]
    # Daemons: who is interrupted need not wait for a page. The reader processes end with this one.
    threads = [threading.Thread(target=work, args=(own,), daemon=True) for own in readers]
    for thread in threads:
        thread.start()
    try:
        for _ in threads:
            while (outcome := outcomes.get()) is not None:
                if isinstance(outcome, BaseException):
                    raise outcome
                yield outcome
    finally:
        stop.set()
