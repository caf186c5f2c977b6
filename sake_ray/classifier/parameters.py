"""The hyperparameters of the classifier, and which values make sense."""

from dataclasses import dataclass

from sake_ray.errors import InputError

MODELS = ("logistic", "svm")


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """The hyperparameters, most of which a search may tune.

    `augmentations` is the number of augmented copies of each document that are added to the training. `shrinkage` pulls the
    scores of a document with little known text towards zero. `label_smoothing` is the probability mass that all labels share
    however much training data there is. `n_splits` folds are held out in turn to calibrate the probabilities.
    """

    model: str = "logistic"
    c: float = 20.0
    char_ngram_min: int = 2
    char_ngram_max: int = 5
    char_max_features: int = 60_000
    char_weight: float = 1.0
    token_ngram_max: int = 2
    token_max_features: int = 40_000
    token_weight: float = 1.0
    cue_weight: float = 0.1
    min_df: int = 2
    augmentations: int = 1
    shrinkage: float = 0.4
    label_smoothing: float = 0.02
    n_splits: int = 3
    vocabulary_rows: int = 20_000

    def __post_init__(self) -> None:
        """Refuse values that make no sense; raises InputError."""
        valid = {
            "model": self.model in MODELS,
            "c": self.c > 0,
            "char_ngram_min": 1 <= self.char_ngram_min <= self.char_ngram_max <= 8,
            "char_max_features": self.char_max_features >= 1,
            "char_weight": self.char_weight > 0,
            "token_ngram_max": 1 <= self.token_ngram_max <= 3,
            "token_max_features": self.token_max_features >= 1,
            "token_weight": self.token_weight >= 0,
            "cue_weight": self.cue_weight >= 0,
            "min_df": self.min_df >= 1,
            "augmentations": 0 <= self.augmentations <= 10,
            "shrinkage": self.shrinkage >= 0,
            "label_smoothing": 0 <= self.label_smoothing < 0.5,
            "n_splits": self.n_splits >= 2,
            "vocabulary_rows": self.vocabulary_rows >= 1,
        }
        wrong = [f"{name}={getattr(self, name)!r}" for name, fine in valid.items() if not fine]
        if wrong:
            raise InputError("hyperparameters-invalid", parameters=wrong)
