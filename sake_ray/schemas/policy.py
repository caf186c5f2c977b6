"""When a document needs review, and the error budget behind it."""

from datetime import datetime

from pydantic import AliasPath, Field

from sake_ray.schemas.base import RequestModel, ResponseModel


class PromiseOut(ResponseModel):
    """What can be promised of a label."""

    label: str
    threshold: float | None = Field(description="Null: too few documents to promise this; all of them go to people.")
    documents: int = Field(description="Verified documents that the model gives this label.")
    accepted: int = Field(description="Those at or above the threshold.")
    wrong: int = Field(description="Those of the accepted that are something else.")
    at_most: float = Field(description="The upper end of the share that may be wrong (Clopper-Pearson).")
    needed: int = Field(description="How many documents, all of them right, this promise takes at least.")


class ProposalOut(ResponseModel):
    """The thresholds that keep a promise, and what they would cost."""

    wrong_in: int = Field(validation_alias=AliasPath("policy", "wrong_in"))
    promises: list[PromiseOut]
    documents: int = Field(description="Verified documents that the champion has not learned from.")
    to_people: int = Field(description="Those of them that would go to people.")
    open_documents: int = Field(description="Classified documents that nobody answered.")
    open_to_people: int = Field(description="Those of them that would go to people.")
    open_to_people_now: int = Field(description="Those of them that do now.")


class PointOut(ResponseModel):
    """What a rule does to the verified documents."""

    threshold: float | None = Field(description="It accepts from this confidence on; null where labels have their own.")
    accepted: int = Field(description="Those that pass without a person.")
    right: int = Field(description="Those of the accepted whose label is right.")
    share: float = Field(description="Coverage: accepted of all, 0-1.")
    precision: float | None = Field(description="Right of the accepted, 0-1; null when none is accepted.")


class CurveOut(ResponseModel):
    """How many verified documents pass, and how many of these are right, as the threshold moves."""

    documents: int = Field(
        validation_alias=AliasPath("now", "documents"),
        description="Verified documents that the champion has not learned from.",
    )
    points: list[PointOut] = Field(description="From the strictest threshold to none; 81 at most.")
    now: PointOut = Field(description="What the policy in force does.")
    wanted: PointOut | None = Field(description="What the promise asked for would do.")


class PolicyOut(ResponseModel):
    """When a document goes to a person."""

    version: int
    since: datetime | None
    threshold: float = Field(description="For every label without a threshold of its own.")
    min_tokens: int = Field(description="Fewer words than this always go to people.")
    thresholds: dict[str, float | None] = Field(description="By label; null sends all documents of it to people.")
    wrong_in: int | None = Field(description="The promise: at most one wrong in so many accepted; null without one.")
    holds: bool = Field(description="False when another model serves than the one the promise was made for.")
    outdated_documents: int = Field(
        description="Classified documents that nobody answered and that still carry an older policy; 0 when it is applied."
    )
    open_documents: int | None = Field(
        description="Of how many: all classified documents that nobody answered; null when none carries an older policy."
    )
    proposal: ProposalOut | None = Field(description="What a promise would be and cost, when asked for.")
    curve: CurveOut | None = Field(description="What moving the threshold does, when asked for.")


class PolicyIn(RequestModel):
    """A promise to keep from now on; null goes back to one threshold for all labels."""

    wrong_in: int | None = Field(ge=2, le=100_000, examples=[200])
