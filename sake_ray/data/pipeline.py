"""Read any number of documents with Ray Data, over all CPUs and nodes: rows are portions, and bytes do not pass the driver."""

import pickle
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import ray
import ray.data

from sake_ray.data.document_claims import ClaimTable
from sake_ray.data.portion_reader import PortionReader, SourceOutcome
from sake_ray.data.portions import Portion, are_objects
from sake_ray.data.ray_map import make_data_context, measure_cpus, select_driver_node
from sake_ray.data.ray_sources import WorkerFetch, share_driver_files
from sake_ray.data.reading import Reader, ReadingOptions
from sake_ray.data.sources import S3Endpoint
from sake_ray.domain.datatypes import Row
from sake_ray.errors import SetupError
from sake_ray.files import keep_files_private
from sake_ray.storage.objects import FolderStore, ObjectStore

PORTIONS_PER_BLOCK, MAX_BLOCKS = 20, 1000
CPUS_PER_SURVEYOR = 4
"""A survey takes a few hundredths of a second, what is surveyed takes seconds to read."""


def read_portions(
    portions: Sequence[Portion],
    *,
    options: ReadingOptions,
    store: ObjectStore,
    buckets: S3Endpoint,
    known: Mapping[int, frozenset[str]],
    keep_texts: bool,
    reader_type: type[Reader] = Reader,
) -> ray.data.Dataset:
    """Read the portions over the CPUs of the cluster; each row has `outcomes`, a pickled list of SourceOutcome.

    Long documents are divided by their pages first. Without `keep_texts` the texts go to the text cache only. A worker that
    dies is replaced, and its portion is read again. Raises SetupError when nodes cannot reach the store.
    """
    is_folder = isinstance(store, FolderStore)
    if is_folder and len([node for node in ray.nodes() if node["Alive"]]) > 1:
        raise SetupError("folder-on-several-nodes")
    only_objects = are_objects(portions)
    max_bytes = options.limits.max_bytes
    fetch = WorkerFetch(
        buckets,
        max_bytes=max_bytes,
        driver_node=ray.get_runtime_context().get_node_id(),
        driver_files=None if is_folder or only_objects else share_driver_files(max_bytes),
    )
    claims = ClusterClaims()

    def open_reads() -> PortionReader:
        return PortionReader(reader_type(options), store, fetch=fetch, claims=claims, known=known)

    cpus, free = measure_cpus()
    here = {"label_selector": select_driver_node()}
    blocks = max(1, min(len(portions) // PORTIONS_PER_BLOCK, MAX_BLOCKS))
    rows = [{"portion": pickle.dumps(portion)} for portion in portions]
    with ray.data.DataContext.current(make_data_context()):
        planned = ray.data.from_items(rows, override_num_blocks=blocks)
    return planned.flat_map(
        PortionSurveyor,
        fn_constructor_args=(open_reads,),
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=max(1, cpus // CPUS_PER_SURVEYOR)),
        num_cpus=0,
        **({} if only_objects and not is_folder else here),
    ).map(
        PortionWorker,
        fn_constructor_args=(open_reads, keep_texts),
        # One portion in hand and one in reserve: with none, each CPU waits after each page until the driver has its turn, which
        # shares the CPUs with the readers (0.2 s a page on a busy machine). With more, pages wait behind long ones at the end.
        compute=ray.data.ActorPoolStrategy(
            min_size=1, initial_size=max(1, min(free, len(portions))), max_tasks_in_flight_per_actor=2
        ),
        num_cpus=1,
        # A node that joins later has not this folder either.
        **(here if is_folder else {}),
    )


def take_outcomes(read: ray.data.Dataset) -> Iterator[SourceOutcome]:
    """Take the outcomes of `read_portions` as they are done."""
    for rows in read.iter_batches(batch_size=None, batch_format="numpy"):
        for packed in rows["outcomes"]:
            yield from pickle.loads(packed)  # noqa: S301 - by our own workers a moment ago


class ClusterClaims:
    """Claims that all workers share, in an actor beside them."""

    def __init__(self) -> None:
        table = ray.remote(num_cpus=0, max_restarts=-1, max_task_retries=-1)(ClaimTable)
        self._table: Any = table.remote()

    def claim(self, sha256: str, index: int) -> bool:
        """Claim a document for the source of that index."""
        return bool(ray.get(self._table.claim.remote(sha256, index)))

    def spend(self, sha256: str, seconds: float) -> float:
        """Add CPU seconds to what a document has cost."""
        return float(ray.get(self._table.spend.remote(sha256, seconds)))

    def give_up(self, sha256: str) -> None:
        """Have nobody read more pages of a document."""
        ray.get(self._table.give_up.remote(sha256))

    def is_given_up(self, sha256: str) -> bool:
        """Whether a page of the document has failed."""
        return bool(ray.get(self._table.is_given_up.remote(sha256)))


class PortionSurveyor:
    """Divides long documents by their pages, and hands everything else on; takes no CPU of those that read."""

    def __init__(self, open_reads: Callable[[], PortionReader]) -> None:
        self.reads = open_reads()

    def __call__(self, row: Row) -> Iterator[Row]:
        # Pickled by the driver, and here, a moment ago.
        portion: Portion = pickle.loads(row["portion"])  # noqa: S301
        for divided in self.reads.survey(portion) if portion.unsurveyed else (portion,):
            yield {"portion": pickle.dumps(divided)}


class PortionWorker:
    """Reads portions, with one reader process per actor."""

    def __init__(self, open_reads: Callable[[], PortionReader], keep_texts: bool) -> None:
        keep_files_private()  # on a cluster of others, Ray has another umask
        self.reads = open_reads()
        self.keep_texts = keep_texts

    def __call__(self, row: Row) -> Row:
        outcomes = list(self.reads.read(pickle.loads(row["portion"])))  # noqa: S301 - as above
        if not self.keep_texts:
            outcomes = [outcome.without_text() for outcome in outcomes]
        return {"outcomes": pickle.dumps(outcomes)}
