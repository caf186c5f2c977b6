"""Which knobs does the classifier have?"""

from dataclasses import dataclass

from sake_ray.errors import InputError

MODELS = ("logistic", "svm")


@dataclass(frozen=True, slots=True)
class Hyperparameters:
    """The hyperparameters a search may tune.

    `copies` worn copies of each document are trained on as well; `shrink` is how much the scores of a document with
    little known text are drawn to zero; `doubt` is the share of the belief that no amount of training data removes.
    """

    model: str = "logistic"
    c: float = 20.0
    char_shortest: int = 2
    char_longest: int = 5
    char_features: int = 60_000
    char_weight: float = 1.0
    token_longest: int = 2
    token_features: int = 40_000
    token_weight: float = 1.0
    cue_weight: float = 0.1
    min_df: int = 2
    copies: int = 1
    shrink: float = 0.4
    doubt: float = 0.02
    folds: int = 3
    vocabulary_rows: int = 20_000

    def __post_init__(self) -> None:
        """Refuse values that make no sense; raises InputError."""
        sane = {
            "model": self.model in MODELS,
            "c": self.c > 0,
            "char_shortest": 1 <= self.char_shortest <= self.char_longest <= 8,
            "char_features": self.char_features >= 1,
            "char_weight": self.char_weight > 0,
            "token_longest": 1 <= self.token_longest <= 3,
            "token_features": self.token_features >= 1,
            "token_weight": self.token_weight >= 0,
            "cue_weight": self.cue_weight >= 0,
            "min_df": self.min_df >= 1,
            "copies": 0 <= self.copies <= 10,
            "shrink": self.shrink >= 0,
            "doubt": 0 <= self.doubt < 0.5,
            "folds": self.folds >= 2,
            "vocabulary_rows": self.vocabulary_rows >= 1,
        }
        wrong = [f"{name}={getattr(self, name)!r}" for name, fine in sane.items() if not fine]
        if wrong:
            raise InputError(f"These parameters of the classifier make no sense: {', '.join(wrong)}.")
