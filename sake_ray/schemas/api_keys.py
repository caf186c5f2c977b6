"""API keys."""

from datetime import datetime

from pydantic import Field

from sake_ray.domain.api_keys import Scope
from sake_ray.schemas.base import RequestModel, ResponseModel
from sake_ray.schemas.listing import ListOut

NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$"


class ApiKeyIn(RequestModel):
    """A key to make."""

    name: str = Field(pattern=NAME, description="Which program has it; never given twice.", examples=["payroll"])
    team: str = Field("office", min_length=1, max_length=100, description="The team for which it acts, as a user does.")
    scopes: list[Scope] = Field(min_length=1, max_length=20, description="What it opens.")
    days: int = Field(365, ge=1, le=3650, description="After how many days it expires.")


class ApiKeyOut(ResponseModel):
    """A key, without its secret."""

    name: str
    team: str
    scopes: list[Scope]
    created_by: str
    created_at: datetime
    expires_at: datetime
    seen_at: datetime | None = Field(description="When it was last used, to five minutes; null if never.")
    revoked_at: datetime | None = Field(description="Since when it counts no more; null while it does.")


class ApiKeyMade(ApiKeyOut):
    """The key that was made."""

    key: str = Field(description="To send as `Authorization: Bearer …`; shown this once.", examples=["sake_…"])


class ApiKeyList(ListOut[ApiKeyOut]):
    """API keys, by name."""
