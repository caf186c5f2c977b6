"""Part what we send from what we are sent."""

from pydantic import BaseModel, ConfigDict


class ResponseModel(BaseModel):
    """What we send."""

    model_config = ConfigDict(frozen=True)


class RequestModel(BaseModel):
    """What we are sent: nothing that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
