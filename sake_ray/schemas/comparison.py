"""Two models, compared on the same documents."""

from datetime import datetime
from typing import Any

from pydantic import AliasPath, Field

from sake_ray.domain.promotions import ComparisonOutcome
from sake_ray.schemas.base import ResponseModel


class CandidateOut(ResponseModel):
    """A model that is compared."""

    name: str = Field(examples=["version 3"])
    run: str
    version: int | None = Field(description="None while its run is not registered.")
    started: datetime
    commit: str | None = Field(description="The commit of the workspace; none for the first model.")
    labels: list[str]


class VerdictOut(ResponseModel):
    """How the second model stands against the first, for a client to put into words."""

    standing: ComparisonOutcome
    documents: int = Field(description="How many documents judged both.")
    corrected: int = Field(description="Documents that only the second gets right.")
    broken: int = Field(description="Documents that only the first gets right.")
    chance: float = Field(
        description="How likely so uneven a split is between equals: McNemar's exact test, two-sided."
    )
    at_worst: float = Field(
        description="The lower end of what the difference of the accuracies may be, 95 %, one-sided.", examples=[-0.012]
    )
    remark: str = Field(description="Why nothing is known; empty otherwise.")
    remark_code: str = Field(
        "", validation_alias=AliasPath("remark", "code"), description="What the remark is known by."
    )
    remark_params: dict[str, Any] = Field(
        {}, validation_alias=AliasPath("remark", "json_params"), description="What the remark speaks of."
    )
    against: int | None = Field(description="The version it stands against, where that is the champion.")


class MeasureOut(ResponseModel):
    """A measure of both; the interval is that of the difference (95 %, paired bootstrap), where there is one."""

    before: float
    after: float
    difference: float
    low: float | None
    high: float | None


class LabelScoreOut(ResponseModel):
    """How one label is told by a model, 0-1."""

    precision: float
    recall: float
    f1: float
    documents: int


class LabelChangeOut(ResponseModel):
    """One label under both."""

    before: LabelScoreOut
    after: LabelScoreOut
    corrected: int
    broken: int


class OpinionOut(ResponseModel):
    """What one model said of a document: its label, how sure it was, how likely it held the true label."""

    label: str
    confidence: float
    truth: float


class ChangedOut(ResponseModel):
    """A document that only one of the two gets right."""

    id: str = Field(description="The sha256 of the image.")
    truth: str
    corrected: bool
    before: OpinionOut
    after: OpinionOut


class DataChangeOut(ResponseModel):
    """How the documents that the two learned from differ."""

    before: int
    after: int
    added: int
    removed: int
    relabelled: int


class ConfusionOut(ResponseModel):
    """How often a document of one label was called another, by both: a row for what it is, a column for what it was called."""

    labels: list[str]
    before: list[list[int]]
    after: list[list[int]]


class LeftOutOut(ResponseModel):
    """Documents of the test part that may not judge, and why."""

    documents: int
    reason: str
    reason_code: str
    reason_params: dict[str, Any]


class ComparisonOut(ResponseModel):
    """Two models on the same documents, which neither has learned from."""

    before: CandidateOut
    after: CandidateOut
    verdict: VerdictOut
    measures: dict[str, MeasureOut] = Field(description="Empty when no document may judge both.")
    labels: dict[str, LabelChangeOut]
    confusion: ConfusionOut | None = Field(description="None when no document may judge both.")
    changed: list[ChangedOut] = Field(description="Documents that changed sides, broken ones first; 500 at most.")
    left_out: dict[str, int] = Field(description="Documents of the test part that may not judge, by reason.")
    left_out_reasons: list[LeftOutOut] = Field([], description="The same with the codes of the reasons.")
    parameters: dict[str, tuple[str | None, str | None]] = Field(description="Hyperparameters that differ.")
    data: DataChangeOut | None = Field(description="None where one of them learned from generated documents only.")
