"""A workspace that is ready to be searched on, and the search as a process of its own that can be killed."""

import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import numpy as np

from sake_ray.classifier.text_features import TextFeatures
from sake_ray.classifier.training_set import TrainingSet
from sake_ray.classifier.vectorizer import Vocabulary
from sake_ray.cli.bootstrap import open_registry
from sake_ray.data.corpus_tables import to_columns, write_table
from sake_ray.settings import Settings
from sake_ray.train.params import make_default_params
from sake_ray.train.search.journal import SearchRequest
from sake_ray.train.search.run import SearchOutcome, search
from sake_ray.train.search.search_set import SEARCH_SET
from sake_ray.train.stages.corpus_blocks import CorpusFacts, write_corpus_facts
from sake_ray.workspace import LAYOUT
from tests.handmade import RECIPE

REQUEST = SearchRequest(8)


def make_search_set(documents: int = 120, labels: int = 3) -> TrainingSet:
    """Make documents that can be told apart with some mistakes; the last label has two."""
    random = Random(3)
    words = [f"{chr(97 + number % 26)}{chr(97 + number // 26)}word{number}" for number in range(300)]
    topics = [random.sample(words, 40) for _ in range(labels)]
    names = [f"label{number % labels}" for number in range(documents)] + ["rare", "rare"]
    texts = [
        tuple(random.choice(topics[row % labels] if random.random() < 0.3 else words) for _ in range(20))
        for row in range(documents + 2)
    ]
    features = [
        TextFeatures(text, tuple((word, at) for at, word in enumerate(text)), (1.0, 0.0, 0.0, 0.1)) for text in texts
    ]
    return TrainingSet.build(features, names, [str(row) for row in range(len(names))])


def make_workspace(folder: Path) -> Path:
    """Make what a search needs of a workspace: params.yaml and the search set."""
    folder.mkdir(parents=True)
    layout, search_set = LAYOUT.at(folder), make_search_set()
    layout.params.write_text(make_default_params(RECIPE), encoding="utf-8")
    documents = zip(search_set.features, search_set.targets, search_set.groups, strict=True)
    rows = (
        {"id": str(row), "label": search_set.labels[target], "language": "en", "group": group, **to_columns(features)}
        for row, (features, target, group) in enumerate(documents)
    )
    write_table(layout.search_set, rows, SEARCH_SET)
    sizes = tuple(map(int, np.bincount(search_set.targets)))
    write_corpus_facts(layout.vectorized, CorpusFacts(search_set.labels, sizes, RECIPE, Vocabulary((), ()), None))
    return folder


def search_in(
    home: Path, request: SearchRequest = REQUEST, *, check_abort: Callable[[], None] = lambda: None
) -> SearchOutcome:
    """Search as a job does; `check_abort` is called when the process has ended."""
    return search(
        home / "workspace", open_registry(Settings(home=home)), request, by="a test",
        on_stage=print, on_progress=lambda done, total: None, check_abort=check_abort, find_failure=lambda: None,
    )  # fmt: skip


if __name__ == "__main__":
    search_in(Path(sys.argv[1]), SearchRequest(60))  # more than there is time for: it is to be killed
