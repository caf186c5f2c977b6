"""Health and readiness of the service."""

from sake_ray.schemas.base import ResponseModel


class HealthOut(ResponseModel):
    """The gateway answers."""

    status: str = "ok"


class ReadyOut(ResponseModel):
    """Documents are being classified."""

    status: str = "ready"
    model_version: str
    labels: list[str]
