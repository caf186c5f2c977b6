"""The figures of the service."""

from datetime import datetime
from typing import Any

from pydantic import Field

from sake_ray.domain.audit import AuditAction
from sake_ray.schemas.base import ResponseModel


class WorkOut(ResponseModel):
    """Is anything lost? Every document that was accepted has a row and stands somewhere."""

    accepted: int = Field(description="All documents there ever were, as their batches counted them when they came.")
    completed: int
    failed: int = Field(description="Through their own fault: damaged, or beyond a limit.")
    needs_ops: int = Field(0, description="Not processed through no fault of their own, and no longer tried.")
    in_work: int
    waiting: int
    lost: int = Field(description="Accepted, and without a row in the records; see also `ledger`.")
    leases_expired: int = Field(description="In work by somebody who was killed; they go on within seconds.")
    oldest_waits_since: datetime | None
    oldest_waits_seconds: float | None


class ServingOut(ResponseModel):
    """Which model answers."""

    version: str | None = Field(description="null: none does.")
    since: datetime | None = Field(description="Since when; null when the newest promotion has not taken effect.")


class ChangeOut(ResponseModel):
    """Something that an account has changed for everybody."""

    at: datetime
    by: str
    action: AuditAction
    subject: str = Field(description="What was changed, as `kind:id`.", examples=["model:3"])
    kind: str = Field("", description="Of a job that was started: train, tune or restore.")


class HourOut(ResponseModel):
    """How many documents ended in an hour."""

    since: datetime
    ended: int


class SecondsOut(ResponseModel):
    """Where the seconds of the newest documents of the last 24 hours went, 300 at most; averages."""

    documents: int
    waiting: float = Field(description="From the upload to the last attempt.")
    working: float = Field(description="In that: reading and classifying.")
    most: float = Field(description="19 of 20 documents took less than this, from the upload on.")


class ToCheckOut(ResponseModel):
    """How much of the last seven days was for a person to check."""

    classified: int
    to_check: int
    share: float | None = Field(description="0-1; null without any.")


class CorrectionsOut(ResponseModel):
    """A week (from Monday, UTC): documents that people answered, and those they gave another label.

    Mostly documents that were to be checked are answered: the share is higher than that of all wrong predictions.
    """

    since: datetime
    answered: int
    corrected: int
    share: float | None = Field(description="0-1; null without any.")


class AttemptsOut(ResponseModel):
    """Attempts of the last 24 hours that failed through no fault of the document."""

    lost: int = Field(description="Whoever worked was killed.")
    put_back: int = Field(
        description="Storage or model failed, the original is missing, or something unforeseen happened."
    )


class JobCountsOut(ResponseModel):
    """Jobs by state; of those that ended only the ones of the last seven days."""

    queued: int
    running: int
    succeeded: int
    failed: int
    stopped: int


class FaultCountOut(ResponseModel):
    """How many faults of a kind are known."""

    kind: str = Field(description="A code; docs/errors.md says what to do.", examples=["fault-original-missing"])
    severity: str = Field(
        description="lost: documents are lost unless somebody acts; to_mend: somebody has to act; remade: made again on demand."
    )
    n: int


class FaultOut(ResponseModel):
    """Something that is not as the records say."""

    kind: str
    subject: str = Field(description="What it is about: a document, batch, upload, object or model version.")
    detail: str
    params: dict[str, Any]
    found_at: datetime
    seen_at: datetime = Field(description="When it was last looked at.")


class LedgerOut(ResponseModel):
    """What was accepted, held against what is there: originals, rows, answered uploads, texts, index, models."""

    checked_at: datetime | None = Field(description="When the service last checked a few documents; null: never yet.")
    checked: int = Field(description="Documents checked in this round.")
    documents: int = Field(description="Documents in the records.")
    round_since: datetime | None
    round_completed_at: datetime | None = Field(description="When the service had last checked all documents.")
    whole_at: datetime | None = Field(description="When `sake check` last checked everything.")
    faults: list[FaultCountOut] = Field(description="By kind, lost documents first; at most 10,000 are counted.")
    examples: list[FaultOut] = Field(description="Up to five of each kind, the newest first.")


class WatchedPlaceOut(ResponseModel):
    """A place whose files are handed in by themselves, as the last look has found it."""

    name: str = Field(description="The last part of its address.")
    team: str
    looked_at: datetime
    handed_in: int = Field(description="Files, since it was first looked at.")
    failed: int = Field(description="Files that could not be processed, since then; they are in its folder `failed`.")
    waiting: int = Field(description="Files that are not handed in.")
    oldest_at: datetime | None = Field(description="Since when the oldest of these waits.")
    away: str = Field(description="Why it could not be looked at; empty when it could.")


class MonitoringOut(ResponseModel):
    """How it goes."""

    at: datetime
    work: WorkOut
    model: ServingOut
    changes: list[ChangeOut] = Field(
        [],
        description="The last fifteen of the audit log that everybody notices: models, policies, jobs, rules; newest first.",
    )
    ended_by_hour: list[HourOut] = Field(description="The last 24 hours, oldest first.")
    seconds: SecondsOut | None = Field(None, description="null: no document was completed in the last 24 hours.")
    to_check: ToCheckOut
    corrections: list[CorrectionsOut] = Field(description="The last eight weeks, oldest first.")
    attempts: AttemptsOut
    jobs: JobCountsOut
    ledger: LedgerOut
    watched: list[WatchedPlaceOut] = Field([], description="The watched places of the last seven days, by name.")
