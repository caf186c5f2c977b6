"""Training images."""

from datetime import datetime

from pydantic import Field

from sake_ray.schemas.base import RequestModel, ResponseModel
from sake_ray.schemas.listing import ListOut
from sake_ray.schemas.uploads import Refused


class ImageOut(ResponseModel):
    """An image that models are trained on."""

    sha256: str
    label: str
    size: int = Field(description="Bytes.")
    added: datetime


class ImageList(ListOut[ImageOut]):
    """Images, by label, the newest of each first."""

    labels: dict[str, int] = Field(description="Every label with the number of its images.")
    removed: list[ImageOut] = Field(description="Removed since the last training: these can be put back.")
    held_by: str | None = Field(description="Who is changing the images or training just now; others have to wait.")


class ImagesAdded(ResponseModel):
    """What came of an upload of images."""

    images: list[ImageOut]
    refused: list[Refused]


class MoveIn(RequestModel):
    """Another label for an image."""

    label: str = Field(min_length=1, max_length=200, examples=["facture"])
