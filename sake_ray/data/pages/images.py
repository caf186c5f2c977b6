"""Decode image files into upright RGB pixels."""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, TiffImagePlugin

from sake_ray.data.pages import media
from sake_ray.domain.datatypes import Pixels
from sake_ray.domain.limits import Limits
from sake_ray.domain.page_ranges import PageRange
from sake_ray.errors import TooManyPages, TooManyPixels, UnreadableDocument

FORMATS = {
    media.JPEG: ["JPEG", "MPO"],
    media.PNG: ["PNG"],
    media.TIFF: ["TIFF"],
    media.BMP: ["BMP"],
    media.WEBP: ["WEBP"],
    media.GIF: ["GIF"],
    media.HEIC: ["HEIF"],
}
# What Pillow's decoders raise on damaged files.
DAMAGE = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, struct.error, zlib.error)
TIFF_SUBFILE, TIFF_OLD_SUBFILE, TIFF_PHOTOMETRIC = 254, 255, 262
REDUCED, MASK, OLD_REDUCED = 1, 4, 2
MAX_FRAMES_A_PAGE = 3
"""A page, its thumbnail and its transparency."""


def decode_images(
    data: bytes, media_type: str, *, limits: Limits, wanted: PageRange | None = None
) -> Iterator[tuple[int, Pixels]]:
    """Decode the pages in order, or the wanted ones of them, as (number of pages, height × width × 3 pixels).

    Only TIFF has several pages here; of other files with several images the first is used. Sizes are checked before pixels
    are decoded. Raises UnreadableDocument, TooManyPages, TooManyPixels.
    """
    if media_type == media.HEIC:
        import pi_heif  # only phones send it, and it brings codecs that the others need not load

        pi_heif.register_heif_opener()
    try:
        with _open(data, media_type) as image:
            frames = _list_pages(image, limits) if media_type == media.TIFF else [0]
            for number, frame in enumerate(frames, start=1):
                if wanted and number not in wanted:
                    continue
                if media_type == media.TIFF:
                    image.seek(frame)
                yield len(frames), _decode_frame(image, limits)
    except DAMAGE as error:
        raise UnreadableDocument("image-damaged") from error


def count_tiff_pages(data: bytes, *, limits: Limits) -> int:
    """Count the pages of a TIFF without decoding any. Raises UnreadableDocument and TooManyPages."""
    try:
        with _open(data, media.TIFF) as image:
            return len(_list_pages(image, limits))
    except DAMAGE as error:
        raise UnreadableDocument("image-damaged") from error


def _open(data: bytes, media_type: str) -> Image.Image:
    # Our own check names the size; Pillow's would only warn up to twice its limit, and beyond raise what is no damage.
    Image.MAX_IMAGE_PIXELS = None
    return Image.open(BytesIO(data), formats=FORMATS[media_type])


def _list_pages(image: Image.Image, limits: Limits) -> list[int]:
    """List the frames of a TIFF that are pages, not thumbnails of pages, up to the limit: their chain may be endless."""
    pages: list[int] = []
    for frame in range(MAX_FRAMES_A_PAGE * limits.max_pages + 1):
        try:
            image.seek(frame)
        except EOFError:
            return pages or [0]
        if not _is_thumbnail(image):
            pages.append(frame)
        if len(pages) > limits.max_pages:
            break
    raise TooManyPages("more-pages-than-limit", limit=limits.max_pages)


def _is_thumbnail(image: Image.Image) -> bool:
    """Whether a frame says that it is a smaller copy of another, or the transparency of one."""
    tags = image.tag_v2 if isinstance(image, TiffImagePlugin.TiffImageFile) else {}
    kind, old_kind = tags.get(TIFF_SUBFILE, 0), tags.get(TIFF_OLD_SUBFILE, 1)
    return (isinstance(kind, int) and bool(kind & (REDUCED | MASK))) or old_kind == OLD_REDUCED


def _decode_frame(image: Image.Image, limits: Limits) -> Pixels:
    width, height = image.size
    if width < 1 or height < 1:
        raise UnreadableDocument("image-damaged")
    if width * height > limits.max_pixels and not _scale_while_decoding(image, limits):
        raise TooManyPixels(
            "too-many-pixels",
            megapixels=width * height / 1e6,
            width=width,
            height=height,
            limit=limits.max_pixels / 1e6,
        )
    image.load()
    if image.width * image.height > limits.max_pixels:
        raise TooManyPixels("more-pixels-than-declared", limit=limits.max_pixels / 1e6)
    return _to_rgb(image)


def _scale_while_decoding(image: Image.Image, limits: Limits) -> bool:
    """Ask the JPEG decoder for 1/2, 1/4 or 1/8 of the size; no other format here can."""
    if image.format not in {"JPEG", "MPO"}:
        return False
    for factor in (2, 4, 8):
        if (image.width // factor) * (image.height // factor) <= limits.max_pixels:
            image.draft("RGB", (image.width // factor, image.height // factor))
            return image.width * image.height <= limits.max_pixels
    return False


def _to_rgb(image: Image.Image) -> Pixels:
    """Convert any mode to upright RGB: scale deep greys, flatten transparency, apply the camera's orientation."""
    upright = _apply_orientation(image)
    if upright.mode.startswith(("I", "F")):
        grey = _to_eight_bits(np.asarray(upright))
        if image.format == "TIFF" and _tiff_white_is_zero(image):
            grey = 255 - grey
        return np.stack([grey] * 3, axis=-1)
    if "transparency" in upright.info or upright.mode in {"RGBA", "LA", "PA", "La", "RGBa"}:
        return _flatten(upright)
    if upright.mode == "CMYK" and image.format in {"JPEG", "MPO"} and "adobe" not in image.info:
        # Pillow assumes Adobe's inverted inks; a file without Adobe's mark has plain ones, so a mostly dark page is turned back.
        plain = np.asarray(upright.convert("RGB"))
        return (
            plain
            if plain.mean() > 127
            else np.asarray(Image.fromarray(255 - np.asarray(upright), "CMYK").convert("RGB"))
        )
    return np.asarray(upright.convert("RGB"))


def _apply_orientation(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except DAMAGE:
        return image.copy()  # a damaged EXIF block is no reason to refuse the picture


def _to_eight_bits(values: NDArray[Any]) -> Pixels:
    """Scale deep greys to 0–255: 16 and 12 bits by their range, floating point and 32 bits by their values."""
    if values.dtype == np.uint16:
        return np.asarray(values // np.uint16(256 if values.max(initial=0) > 4095 else 16), np.uint8)
    numbers = np.nan_to_num(values.astype(np.float64), posinf=0.0, neginf=0.0)
    low, high = float(numbers.min()), float(numbers.max())
    if low >= 0 and 255 < high <= 65535 and values.dtype.kind == "i":
        return (numbers / 257).astype(np.uint8)
    return ((numbers - low) / (high - low) * 255 if high > low else np.full_like(numbers, 255.0)).astype(np.uint8)


def _tiff_white_is_zero(image: Image.Image) -> bool:
    return isinstance(image, TiffImagePlugin.TiffImageFile) and image.tag_v2.get(TIFF_PHOTOMETRIC) == 0


def _flatten(image: Image.Image) -> Pixels:
    """Flatten a transparent image onto white, or onto black where white would hide it."""
    layer = image.convert("RGBA")
    for paper in ("white", "black"):
        sheet = Image.new("RGBA", layer.size, paper)
        sheet.alpha_composite(layer)
        pixels = np.asarray(sheet.convert("RGB"))
        if int(pixels.max()) - int(pixels.min()) > 30:
            break
    return pixels
