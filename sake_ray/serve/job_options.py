"""What may be ordered over HTTP: the kinds of jobs, each with its options and their bounds."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sake_ray.errors import InputError


class JobOptions(BaseModel):
    """The options of a kind of job: nothing that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TrainOptions(JobOptions):
    """Train on what the images are now; with `tune` search first: try so many sets of hyperparameters."""

    tune: int = Field(0, ge=0, le=1000)


class TuneOptions(JobOptions):
    """Search for better hyperparameters: so many sets, so many minutes (0 for no limit), the best by this metric."""

    trials: int = Field(20, ge=1, le=1000)
    minutes: float = Field(0, ge=0, le=100_000)
    metric: Literal["macro_f1", "accuracy", "log_loss"] = "macro_f1"


class RestoreOptions(JobOptions):
    """Which training to bring back."""

    target: str = Field(pattern="^[0-9a-f]{4,40}$", description="The id of a run, or a commit of the workspace.")


KINDS: Mapping[str, type[JobOptions]] = {"train": TrainOptions, "tune": TuneOptions, "restore": RestoreOptions}


def check_job(kind: str, options: Mapping[str, object]) -> dict[str, object]:
    """The options with their defaults; raises InputError naming what is wrong."""
    if kind not in KINDS:
        raise InputError(f"There is no kind of job {kind[:50]!r}; there are {', '.join(KINDS)}.")
    try:
        return KINDS[kind].model_validate(options).model_dump()
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "options"
        raise InputError(f"The option {place[:50]!r} of {kind!r}: {first['msg']}.") from error
