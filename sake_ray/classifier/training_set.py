"""The labelled documents that a classifier is fitted on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sake_ray.classifier.text_features import TextFeatures
from sake_ray.errors import InputError


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Documents with text; `targets` are the indices of their labels in `labels`, which is sorted.

    Documents of one group (copies of one form, pages of one file) are never split between training and evaluation.
    """

    features: tuple[TextFeatures, ...]
    labels: tuple[str, ...]
    targets: NDArray[np.integer[Any]]
    groups: tuple[str, ...]

    @classmethod
    def build(cls, features: Sequence[TextFeatures], labels: Sequence[str], groups: Sequence[str]) -> "TrainingSet":
        """Leave out documents without text. Raises InputError when too little remains, or nothing of some label."""
        if not len(features) == len(labels) == len(groups):
            raise InputError("training-labels-missing")
        rows = [row for row, document in enumerate(features) if not document.empty]
        names = tuple(sorted({labels[row] for row in rows}))
        if missing := sorted(set(labels) - set(names)):
            raise InputError("label-without-text", label=missing[0])
        if len(names) < 2:
            raise InputError("too-few-labels")
        index = {name: number for number, name in enumerate(names)}
        return cls(
            features=tuple(features[row] for row in rows),
            labels=names,
            targets=np.array([index[labels[row]] for row in rows], dtype=np.int64),
            groups=tuple(groups[row] for row in rows),
        )
