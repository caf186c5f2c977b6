"""Fit on the blocks of a corpus: all at once, or one after the other where they do not fit into the memory."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.calibration import HoldoutScores, fit_temperature
from sake_ray.classifier.fitting import FittedModel, fit_final_model, score_holdout, select_folds
from sake_ray.classifier.linear_model import compute_class_weights, decision_function, to_coef_rows
from sake_ray.classifier.vectorizer import transform_counts
from sake_ray.train.stages.corpus_blocks import CorpusBlock, CorpusFacts, join_blocks

ReadBlocks = Callable[[], Iterator[CorpusBlock]]
"""Reads all blocks, from the first, whenever it is called."""
EPOCHS, EPOCHS_OF_MANY = 5, 2
MANY_BLOCKS = 100
"""From so many blocks on there are fewer epochs: one pass over a million documents teaches what there is."""
MIN_ALPHA = 1e-7


class TrainingCheckpoints(Protocol):
    """Where a training saves what it has done, so that another worker can resume it."""

    def load(self) -> Any:
        """Load what was saved last; None at the beginning."""

    def save(self, state: Any) -> None:
        """Save what is done."""

    def report(self, done: int, total: int) -> None:
        """Report the progress."""


def fit_at_once(
    facts: CorpusFacts,
    read_blocks: ReadBlocks,
    parameters: Hyperparameters,
    *,
    seed: int,
    checkpoints: TrainingCheckpoints,
) -> FittedModel:
    """Fit as `classifier.fit` does; there is a checkpoint for each fold that was held out."""
    corpus = join_blocks(list(read_blocks()), facts.vocabulary)
    held_out: list[HoldoutScores | None] = checkpoints.load() or []
    folds = select_folds(corpus)
    for fold in folds[len(held_out) :]:
        held_out.append(score_holdout(corpus, fold, parameters, seed=seed))
        checkpoints.save(held_out)
        checkpoints.report(fold + 1, len(folds) + 1)
    return fit_final_model(corpus, held_out, parameters, seed=seed)


def fit_by_blocks(
    facts: CorpusFacts,
    read_blocks: ReadBlocks,
    parameters: Hyperparameters,
    *,
    seed: int,
    checkpoints: TrainingCheckpoints,
) -> FittedModel:
    """Fit by stochastic gradient descent with averaged weights (Bottou 2010), block by block, with a checkpoint for each epoch.

    Fold 0 is held out: the temperature is fitted on it.
    """
    from sklearn.linear_model import SGDClassifier  # seconds, and only workers need it

    assert facts.idf is not None
    sizes = np.array(facts.sizes)
    rows = int(sizes.sum())
    loss = "log_loss" if parameters.model == "logistic" else "hinge"
    alpha = max(MIN_ALPHA, 1 / (parameters.c * rows))
    unfitted = SGDClassifier(
        loss=loss,
        alpha=alpha,
        fit_intercept=False,
        average=True,
        class_weight=compute_class_weights(sizes),
        random_state=seed,
    )
    epochs = EPOCHS if rows < MANY_BLOCKS * 1000 else EPOCHS_OF_MANY
    done, model = checkpoints.load() or (0, unfitted)
    for epoch in range(done, epochs):
        for block in read_blocks():
            training = block.folds != 0
            if training.any():
                matrix = transform_counts(block.counts[training], facts.idf, parameters)
                order = np.random.default_rng(seed + epoch).permutation(matrix.shape[0])
                model.partial_fit(matrix[order], block.targets[training][order], classes=np.arange(len(sizes)))
        checkpoints.save((epoch + 1, model))
        checkpoints.report(epoch + 1, epochs + 1)
    coef = to_coef_rows(model)
    held_out: list[HoldoutScores] = []
    for block in read_blocks():
        tested = block.folds == 0
        if tested.any():
            matrix = transform_counts(block.counts[tested], facts.idf, parameters)
            held_out.append((decision_function(matrix, coef), block.targets[tested]))
    temperature = fit_temperature(held_out, parameters.label_smoothing)
    return FittedModel(facts.vocabulary, facts.idf, coef.astype(np.float32), temperature)
