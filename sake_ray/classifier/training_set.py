"""Which documents are there to learn from, and what are they?"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sake_ray.classifier.text_features import TextFeatures
from sake_ray.errors import InputError


@dataclass(frozen=True, slots=True)
class TrainingSet:
    """Documents with text; `numbers` are their labels as places in `labels`, which is sorted.

    Documents of one group (copies of one form, pages of one file) never judge each other.
    """

    glimpses: tuple[TextFeatures, ...]
    labels: tuple[str, ...]
    numbers: NDArray[np.integer[Any]]
    groups: tuple[str, ...]

    @classmethod
    def of(cls, glimpses: Sequence[TextFeatures], labels: Sequence[str], groups: Sequence[str]) -> "TrainingSet":
        """Leave out what has no text. Raises InputError when too little is left, or of one label nothing."""
        if not len(glimpses) == len(labels) == len(groups):
            raise InputError(
                "Each document to train on needs exactly one label and, where groups are given, one group."
            )
        kept = [index for index, glimpse in enumerate(glimpses) if not glimpse.empty]
        names = tuple(sorted({labels[index] for index in kept}))
        if missing := sorted(set(labels) - set(names)):
            raise InputError(f"No document of the label {missing[0]!r} has any text to learn from.")
        if len(names) < 2:
            raise InputError("A classifier needs documents of at least two labels.")
        places = {name: place for place, name in enumerate(names)}
        return cls(
            glimpses=tuple(glimpses[index] for index in kept),
            labels=names,
            numbers=np.array([places[labels[index]] for index in kept], dtype=np.int64),
            groups=tuple(groups[index] for index in kept),
        )
