"""The audit log over HTTP."""

from datetime import datetime

from pydantic import Field

from sake_ray.schemas.base import ResponseModel
from sake_ray.schemas.listing import ListOut


class AuditEntryOut(ResponseModel):
    """What was done."""

    number: int
    at: datetime
    by: str = Field(description="The account; at a terminal the user of the machine.")
    peer: str = Field(description="The address it was done from; empty at a terminal.")
    action: str = Field(examples=["original-downloaded"])
    subject: str = Field(description="What it was done to, as `kind:id`.", examples=["document:0f3c"])
    details: dict[str, str | int | bool | None]
    hash: str = Field(description="The sha256 over the hash before and this entry.")


class AuditEntryList(ListOut[AuditEntryOut]):
    """Entries of the audit log, newest first."""
