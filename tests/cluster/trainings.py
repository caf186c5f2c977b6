"""What a training and a search on several nodes begin with, and what they must come to."""

from pathlib import Path

import numpy as np

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.fitting import FittedModel
from sake_ray.classifier.training_set import TrainingSet
from sake_ray.classifier.vectorized_corpus import vectorize_corpus
from sake_ray.train.search.journal import TrialJournal
from sake_ray.train.stages.corpus_blocks import (
    CorpusFacts,
    find_blocks,
    pack_block,
    to_blocks,
    unpack_block,
    write_block,
    write_corpus_facts,
)
from sake_ray.train.stages.train_loop import fit_at_once
from tests.handmade import RECIPE

PARAMETERS = Hyperparameters(augmentations=0)


def write_corpus(folder: Path, documents: TrainingSet) -> CorpusFacts:
    """Write a vectorized corpus, as preprocessing does."""
    corpus = vectorize_corpus(documents.features, documents.targets, documents.groups, PARAMETERS, seed=1)
    sizes = tuple(int(size) for size in np.bincount(documents.targets))
    facts = CorpusFacts(documents.labels, sizes, RECIPE, corpus.vocabulary, None)
    write_corpus_facts(folder, facts)
    for number, block in enumerate(to_blocks(corpus)):
        write_block(folder, number, pack_block(block))
    return facts


class Unkept:
    """Checkpoints of a training that is not interrupted."""

    def load(self) -> None:
        """Load none."""

    def save(self, state: object) -> None:
        """Save none."""

    def report(self, done: int, total: int) -> None:
        """Report nothing."""


def fit_here(folder: Path, facts: CorpusFacts) -> FittedModel:
    """Fit on a corpus in this process."""
    blocks = [path.read_bytes() for path in find_blocks(folder)]
    return fit_at_once(facts, lambda: map(unpack_block, blocks), PARAMETERS, seed=1, checkpoints=Unkept())


def make_journal(folder: Path) -> TrialJournal:
    """The journal of a search that begins."""
    journal = TrialJournal(folder / "search")
    journal.begin("a search", "a question")
    return journal
