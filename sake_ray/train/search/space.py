"""What a search may vary: the ranges of the vectoriser and of the classifier, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sake_ray.classifier import Hyperparameters


@dataclass(frozen=True, slots=True)
class CategoricalRange:
    """One of these values."""

    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class FloatRange:
    """Any number between two; `log` where a ratio counts and not a difference."""

    low: float
    high: float
    log: bool = False


Space = Mapping[str, CategoricalRange | FloatRange]

# Few values each: equal vectorisations are computed once, so the fewer there are, the more trials there is time for.
CHARS: Space = {
    "char_ngram_min": CategoricalRange((2, 3)),
    "char_ngram_max": CategoricalRange((4, 5)),
    "char_max_features": CategoricalRange((30_000, 60_000, 120_000)),
}
TOKENS: Space = {
    "token_ngram_max": CategoricalRange((1, 2, 3)),
    "token_max_features": CategoricalRange((20_000, 40_000, 80_000)),
}
CLASSIFIER: Space = {
    "model": CategoricalRange(("logistic", "svm")),
    "c": FloatRange(0.2, 200.0, log=True),
    "char_weight": FloatRange(0.3, 2.0),
    "token_weight": FloatRange(0.0, 2.0),
    "cue_weight": FloatRange(0.02, 0.5, log=True),
    "shrinkage": FloatRange(0.0, 1.5),
}
SPACE: Space = {**CHARS, **TOKENS, **CLASSIFIER}
"""All that is varied. What a trial costs (augmentations, n_splits) and its label_smoothing stay as they are."""


def space_around(now: Hyperparameters) -> Space:
    """The space, widened where the present parameters lie outside of it: they are the first to be tried."""
    return {name: _widen(space, getattr(now, name)) for name, space in SPACE.items()}


def tuned(now: Hyperparameters, found: Mapping[str, Any]) -> Hyperparameters:
    """The present parameters with what a trial has instead."""
    values = {name: found[name] for name in SPACE}
    # Only in a widened space can the shortest n-gram be longer than the longest.
    values["char_ngram_max"] = max(values["char_ngram_min"], values["char_ngram_max"])
    return replace(now, **values)


def values_of(parameters: Hyperparameters) -> dict[str, Any]:
    """The parameters that are varied, as they are."""
    return {name: getattr(parameters, name) for name in SPACE}


def _widen(space: CategoricalRange | FloatRange, value: Any) -> CategoricalRange | FloatRange:
    if isinstance(space, CategoricalRange):
        return space if value in space.values else CategoricalRange((*space.values, value))
    low, high = min(space.low, value), max(space.high, value)
    # A weight of nothing has no logarithm; the range begins there all the same.
    return replace(space, low=low, high=high, log=space.log and low > 0)
