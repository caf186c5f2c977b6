"""Part what we send from what we are sent."""

from pydantic import BaseModel, ConfigDict


class Sent(BaseModel):
    """What we send."""

    model_config = ConfigDict(frozen=True)


class Received(BaseModel):
    """What we are sent: nothing that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)
