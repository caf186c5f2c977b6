"""Curate the images that models are trained on."""

from collections.abc import Sequence
from typing import Any

from sake_ray.client.connection import HttpConnection, segment
from sake_ray.schemas.images import ImageOut, ImagesAdded, ImagesOut


class ImageCalls(HttpConnection):
    """Calls about training images."""

    def images(self, label: str | None = None, **criteria: Any) -> ImagesOut:
        """The images models are trained on, of one label or all; a page of them."""
        params = criteria | ({"label": label} if label is not None else {})
        return self._ask(ImagesOut, "GET", "/admin/images", params=params)

    def add_images(self, label: str, files: Sequence[tuple[str, bytes]]) -> ImagesAdded:
        """Add images (name, bytes) under a label; what is there already stays as it is."""
        parts = [("files", (name, data)) for name, data in files]
        return self._ask(ImagesAdded, "POST", "/admin/images", data={"label": label}, files=parts)

    def image_thumbnail(self, sha256: str) -> bytes:
        """A small picture of an image's first page, as JPEG."""
        return self._send("GET", f"/admin/images/{segment(sha256)}/thumbnail").content

    def move_image(self, sha256: str, label: str) -> ImageOut:
        """Give an image another label."""
        return self._ask(ImageOut, "POST", f"/admin/images/{segment(sha256)}/move", json={"label": label})

    def remove_image(self, sha256: str) -> None:
        """Remove an image; until the next training it can be put back."""
        self._send("DELETE", f"/admin/images/{segment(sha256)}")

    def put_back_image(self, sha256: str) -> ImageOut:
        """Put a removed image back."""
        return self._ask(ImageOut, "POST", f"/admin/images/{segment(sha256)}/put-back")
