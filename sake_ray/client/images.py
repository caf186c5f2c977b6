"""Curate the training images."""

from collections.abc import Sequence
from typing import Any

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.images import ImageList, ImageOut, ImagesAdded


class ImageCalls:
    """Calls about training images."""

    def __init__(self, connection: HttpConnection) -> None:
        self._connection = connection

    def list(self, label: str | None = None, **criteria: Any) -> ImageList:
        """List the training images of one label or all; one page of them."""
        params = criteria | ({"label": label} if label is not None else {})
        return self._connection.call(ImageList, "GET", "/admin/images", params=params)

    def add(self, label: str, files: Sequence[tuple[str, bytes]]) -> ImagesAdded:
        """Add images (name, bytes) under a label; images that exist already are left as they are."""
        parts = [("files", (name, data)) for name, data in files]
        return self._connection.call(ImagesAdded, "POST", "/admin/images", data={"label": label}, files=parts)

    def thumbnail(self, sha256: str) -> bytes:
        """Get a thumbnail of an image's first page, as JPEG."""
        return self._connection.send("GET", f"/admin/images/{segment(sha256)}/thumbnail").content

    def move(self, sha256: str, label: str) -> ImageOut:
        """Give an image another label."""
        return self._connection.call(ImageOut, "POST", f"/admin/images/{segment(sha256)}/move", json={"label": label})

    def remove(self, sha256: str) -> None:
        """Remove an image; it can be put back until the next training."""
        self._connection.send("DELETE", f"/admin/images/{segment(sha256)}")

    def put_back(self, sha256: str) -> ImageOut:
        """Put a removed image back."""
        return self._connection.call(ImageOut, "POST", f"/admin/images/{segment(sha256)}/put-back")
