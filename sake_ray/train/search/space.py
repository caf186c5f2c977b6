"""Define what a search may vary: the ranges of the vectorizer's and the model's hyperparameters."""

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
    """Any number between two; `log` where ratios matter, not differences."""

    low: float
    high: float
    log: bool = False


Space = Mapping[str, CategoricalRange | FloatRange]

# Few values each: equal counts are computed once, so the fewer there are, the more trials there is time for.
CHARS: Space = {
    "char_ngram_min": CategoricalRange((2, 3)),
    "char_ngram_max": CategoricalRange((4, 5)),
    "char_max_features": CategoricalRange((30_000, 60_000, 120_000)),
}
TOKENS: Space = {
    "token_ngram_max": CategoricalRange((1, 2, 3)),
    "token_max_features": CategoricalRange((20_000, 40_000, 80_000)),
}
MODEL: Space = {
    "model": CategoricalRange(("logistic", "svm")),
    "c": FloatRange(0.2, 200.0, log=True),
    "char_weight": FloatRange(0.3, 2.0),
    "token_weight": FloatRange(0.0, 2.0),
    "cue_weight": FloatRange(0.02, 0.5, log=True),
    "shrinkage": FloatRange(0.0, 1.5),
}
SPACE: Space = {**CHARS, **TOKENS, **MODEL}
"""All that is varied. What a trial costs (augmentations, n_splits) and its label_smoothing stay as they are."""


def make_space(current: Hyperparameters) -> Space:
    """Make the space, widened where the present hyperparameters are outside of it: they are tried first."""
    return {name: _widen(values, getattr(current, name)) for name, values in SPACE.items()}


def to_trial_parameters(hyperparameters: Hyperparameters) -> dict[str, Any]:
    """Choose the hyperparameters that are varied."""
    return {name: getattr(hyperparameters, name) for name in SPACE}


def to_hyperparameters(parameters: Mapping[str, Any], current: Hyperparameters) -> Hyperparameters:
    """Complete the parameters of a trial by those that are not varied."""
    values = {name: parameters[name] for name in SPACE}
    # Only in a widened space can the shortest n-gram be longer than the longest.
    values["char_ngram_max"] = max(values["char_ngram_min"], values["char_ngram_max"])
    return replace(current, **values)


def _widen(values: CategoricalRange | FloatRange, value: Any) -> CategoricalRange | FloatRange:
    if isinstance(values, CategoricalRange):
        return values if value in values.values else CategoricalRange((*values.values, value))
    low, high = min(values.low, value), max(values.high, value)
    # A weight of zero has no logarithm; the range begins there all the same.
    return replace(values, low=low, high=high, log=values.log and low > 0)
