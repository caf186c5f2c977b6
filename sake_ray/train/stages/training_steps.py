"""Learn from blocks: all at once, or one after the other where they do not fit into the memory."""

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np

from sake_ray.classifier import Hyperparameters
from sake_ray.classifier.calibration import HoldoutScores, fit_temperature
from sake_ray.classifier.fitting import FittedModel, fit_final_model, score_holdout, select_folds
from sake_ray.classifier.linear_model import compute_class_weights, decision_function, to_coef_rows
from sake_ray.classifier.vectorizer import transform_counts
from sake_ray.train.stages.prepared import CorpusBlock, CorpusFacts, join_blocks

Blocks = Callable[[], Iterator[CorpusBlock]]
EPOCHS = 5
FEW_BLOCKS = 100
"""Corpora of more blocks are gone through fewer times: one pass over a million documents teaches what there is."""
MIN_ALPHA = 1e-7


class TrainingCheckpoints(Protocol):
    """Where a training keeps what it has done, so that another worker can go on."""

    def load(self) -> Any:
        """What was kept last; None at the beginning."""

    def keep(self, state: Any) -> None:
        """Keep what is done."""

    def tell(self, done: int, total: int) -> None:
        """Tell how far it is."""


def learn_at_once(
    corpus: CorpusFacts, blocks: Blocks, parameters: Hyperparameters, *, seed: int, steps: TrainingCheckpoints
) -> FittedModel:
    """Learn as `classifier.fit` does; a step is a fold that was held out."""
    prepared = join_blocks(list(blocks()), corpus.vocabulary)
    held_out: list[HoldoutScores | None] = steps.load() or []
    folds = select_folds(prepared)
    for fold in folds[len(held_out) :]:
        held_out.append(score_holdout(prepared, fold, parameters, seed=seed))
        steps.keep(held_out)
        steps.tell(fold + 1, len(folds) + 1)
    return fit_final_model(prepared, held_out, parameters, seed=seed)


def learn_in_blocks(
    corpus: CorpusFacts, blocks: Blocks, parameters: Hyperparameters, *, seed: int, steps: TrainingCheckpoints
) -> FittedModel:
    """Learn by stochastic gradient descent with averaged weights (Bottou 2010), block by block; a step is one pass over all.

    Fold 0 is not learnt from: it tells the temperature.
    """
    from sklearn.linear_model import SGDClassifier  # seconds, and only workers need it

    assert corpus.weighing is not None
    sizes = np.array(corpus.sizes)
    rows = int(sizes.sum())
    loss = "log_loss" if parameters.model == "logistic" else "hinge"
    alpha = max(MIN_ALPHA, 1 / (parameters.c * rows))
    fresh = SGDClassifier(
        loss=loss, alpha=alpha, fit_intercept=False, average=True, class_weight=compute_class_weights(sizes), random_state=seed,
    )  # fmt: skip
    passes = EPOCHS if rows < FEW_BLOCKS * 1000 else 2
    done, model = steps.load() or (0, fresh)
    for passed in range(done, passes):
        for block in blocks():
            mine = block.folds != 0
            if mine.any():
                matrix = transform_counts(block.counts[mine], corpus.weighing, parameters)
                order = np.random.default_rng(seed + passed).permutation(matrix.shape[0])
                model.partial_fit(matrix[order], block.targets[mine][order], classes=np.arange(len(sizes)))
        steps.keep((passed + 1, model))
        steps.tell(passed + 1, passes + 1)
    weights = to_coef_rows(model)
    held_out: list[HoldoutScores] = []
    for block in blocks():
        tested = block.folds == 0
        if tested.any():
            matrix = transform_counts(block.counts[tested], corpus.weighing, parameters)
            held_out.append((decision_function(matrix, weights), block.targets[tested]))
    temperature = fit_temperature(held_out, parameters.label_smoothing)
    return FittedModel(corpus.vocabulary, corpus.weighing, weights.astype(np.float32), temperature)
