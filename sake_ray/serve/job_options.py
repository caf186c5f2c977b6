"""The kinds of jobs that can be started over HTTP, with their options and the bounds of these."""

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from sake_ray.errors import InputError


class JobOptions(BaseModel):
    """The options of a kind of job; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class TrainOptions(JobOptions):
    """Train on the current images; with `tune`, first search over so many sets of hyperparameters."""

    tune: int = Field(0, ge=0, le=1000)


class TuneOptions(JobOptions):
    """Search for better hyperparameters: how many sets, for how many minutes (0 for no limit), by which metric."""

    trials: int = Field(20, ge=1, le=1000)
    minutes: float = Field(0, ge=0, le=100_000)
    metric: Literal["macro_f1", "accuracy", "log_loss"] = "macro_f1"


class RestoreOptions(JobOptions):
    """The training to restore."""

    target: str = Field(pattern="^[0-9a-f]{4,40}$", description="The id of a run, or a commit of the workspace.")


KINDS: Mapping[str, type[JobOptions]] = {"train": TrainOptions, "tune": TuneOptions, "restore": RestoreOptions}


def validate_options(kind: str, options: Mapping[str, object]) -> dict[str, object]:
    """Validate the options, and fill in the defaults; raises InputError naming what is wrong."""
    if kind not in KINDS:
        raise InputError("job-kind-unknown", kind=kind[:50], kinds=KINDS)
    try:
        return KINDS[kind].model_validate(options).model_dump()
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "options"
        raise InputError("job-option-invalid", option=place[:50], kind=kind, error=first["msg"]) from error
