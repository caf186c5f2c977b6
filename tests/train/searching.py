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
from sake_ray.settings import Settings
from sake_ray.train.params import FILE, LESSONS, first_parameters
from sake_ray.train.search.journal import SearchRequest
from sake_ray.train.search.run import SearchOutcome, search
from sake_ray.train.search.search_set import SCHEMA
from sake_ray.train.stages.prepared import CorpusFacts, write_corpus_facts
from sake_ray.train.stages.tables import write_table
from tests.handmade import RECIPE

WISH = SearchRequest(8)


def make_lessons(documents: int = 120, labels: int = 3) -> TrainingSet:
    """Documents that are told apart with some mistakes; the last label has two."""
    random = Random(3)
    words = [f"{chr(97 + number % 26)}{chr(97 + number // 26)}word{number}" for number in range(300)]
    topics = [random.sample(words, 40) for _ in range(labels)]
    names = [f"label{number % labels}" for number in range(documents)] + ["rare", "rare"]
    texts = [
        tuple(random.choice(topics[place % labels] if random.random() < 0.3 else words) for _ in range(20))
        for place in range(documents + 2)
    ]
    glimpses = [
        TextFeatures(text, tuple((word, at) for at, word in enumerate(text)), (1.0, 0.0, 0.0, 0.1)) for text in texts
    ]
    return TrainingSet.build(glimpses, names, [str(place) for place in range(len(names))])


def make_workspace(folder: Path) -> Path:
    """What a search needs of a workspace: params.yaml and the lessons."""
    folder.mkdir(parents=True)
    (folder / FILE).write_text(first_parameters(RECIPE), encoding="utf-8")
    lessons = make_lessons()
    rows = (
        {
            "id": str(place), "label": lessons.labels[number], "language": "en", "words": list(glimpse.words),
            "tokens": [token for token, _ in glimpse.tokens], "token_words": [at for _, at in glimpse.tokens],
            "page_cues": list(glimpse.page_cues), "group": group,
        }
        for place, (glimpse, number, group) in enumerate(zip(lessons.features, lessons.targets, lessons.groups, strict=True))
    )  # fmt: skip
    write_table(folder / LESSONS, rows, SCHEMA)
    sizes = tuple(map(int, np.bincount(lessons.targets)))
    write_corpus_facts(
        folder / "data" / "prepared", CorpusFacts(lessons.labels, sizes, RECIPE, Vocabulary((), ()), None)
    )
    return folder


def search_in(home: Path, wish: SearchRequest = WISH, *, check: Callable[[], None] = lambda: None) -> SearchOutcome:
    """Search as a job does; `check` is called when the process has ended."""
    return search(
        home / "workspace", open_registry(Settings(home=home)), wish, who="a test",
        on_stage=print, on_progress=lambda done, total: None, check=check, words_of_stage=lambda: "",
    )  # fmt: skip


if __name__ == "__main__":
    search_in(Path(sys.argv[1]), SearchRequest(60))  # more than there is time for: it is to be killed
