"""Classify any number of documents with Ray Data: workers fetch and read them, others classify what was read."""

import pickle
from collections.abc import Iterator, Mapping, Sequence

import ray.data

from sake_ray.batch.classification import ClassifiedSource, classify_outcomes
from sake_ray.classifier import Classifier
from sake_ray.data.pipeline import read_portions
from sake_ray.data.portions import Portion
from sake_ray.data.ray_map import measure_cpus
from sake_ray.data.reading import ReadingOptions
from sake_ray.data.sources import S3Endpoint
from sake_ray.domain.datatypes import Row
from sake_ray.domain.verdicts import Policy
from sake_ray.storage.objects import ObjectStore

CPUS_PER_CLASSIFIER = 4
"""Classifying takes some milliseconds, reading a text layer at least some hundredths of a second."""


def classify_portions(
    portions: Sequence[Portion],
    classifier: Classifier,
    *,
    policy: Policy,
    options: ReadingOptions,
    store: ObjectStore,
    buckets: S3Endpoint,
    known: Mapping[int, frozenset[str]],
) -> Iterator[ClassifiedSource]:
    """Classify the documents of the portions, giving what came of each as it is done; path and model are the caller's to add.

    Needs a connected Ray. A bad file is a FAILED result. A killed worker loses nothing: its portion is read again, and what it
    had finished comes from the text cache. A document may come twice. Raises SetupError when nodes cannot reach the store.
    """
    read = read_portions(portions, options=options, store=store, buckets=buckets, known=known, keep_texts=True)
    classified = read.map(
        OutcomeClassifier,
        fn_constructor_args=(classifier, policy),
        compute=ray.data.ActorPoolStrategy(min_size=1, max_size=max(1, measure_cpus()[0] // CPUS_PER_CLASSIFIER)),
        num_cpus=0,
    )
    for rows in classified.iter_batches(batch_size=None, batch_format="numpy"):
        for packed in rows["classified"]:
            yield from pickle.loads(packed)  # noqa: S301 - by OutcomeClassifier a moment ago, inside our own cluster


class OutcomeClassifier:
    """Classifies what a portion gave."""

    def __init__(self, classifier: Classifier, policy: Policy) -> None:
        self.classifier, self.policy = classifier, policy

    def __call__(self, row: Row) -> Row:
        outcomes = pickle.loads(row["outcomes"])  # noqa: S301 - by PortionWorker, as above
        return {"classified": pickle.dumps(list(classify_outcomes(outcomes, self.classifier, self.policy)))}
