"""Whether the service answers and classifies."""

from sake_ray.schemas.base import Sent


class HealthOut(Sent):
    """The gateway answers."""

    status: str = "ok"


class ReadyOut(Sent):
    """Documents are being classified."""

    status: str = "ready"
    model_version: str
    labels: list[str]
