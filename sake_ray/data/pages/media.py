"""Detect what a file is by its content, never by its name."""

from sake_ray.data.pages.containers import find_container, find_mail
from sake_ray.errors import EmptyFile, PasswordNeeded, UnsupportedType

JPEG, PNG, TIFF, BMP = "image/jpeg", "image/png", "image/tiff", "image/bmp"
WEBP, GIF, HEIC, PDF = "image/webp", "image/gif", "image/heic", "application/pdf"
ENDINGS = {
    JPEG: ".jpg", PNG: ".png", TIFF: ".tif", BMP: ".bmp", WEBP: ".webp", GIF: ".gif", HEIC: ".heic", PDF: ".pdf",
}  # fmt: skip
"""The file name suffix of each type that is read."""

SEVERAL_PAGES = {PDF, TIFF}
"""The types that may have several pages."""
ACCEPTED = "PDF, JPEG, PNG, TIFF, BMP, WebP, GIF or HEIC"
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}

# Types that people send by mistake, each with the code of what to do instead.
REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "rtf-document"),
    (b"version https://git-lfs", "git-lfs-pointer"),
    (b"%!PS", "postscript"),
    (b"8BPS", "photoshop-image"),
)


def detect_media_type(data: bytes) -> str:
    """Detect the media type of a file by its first bytes.

    The very first bytes decide, so that a file valid as two types has one answer. A PDF may have up to
    1,024 bytes of junk before its header (PDF 1.7 implementation note 13). Raises EmptyFile, UnsupportedType and PasswordNeeded.
    """
    if not data:
        raise EmptyFile("empty-file")
    image = _image_type(data)
    if image:
        return image
    if code := next((code for magic, code in REFUSED if data.startswith(magic)), None) or find_container(data):
        raise PasswordNeeded(code) if code == "office-document-locked" else UnsupportedType(code)
    if b"%PDF-" in data[:1024]:
        return PDF
    if code := find_mail(data):
        raise UnsupportedType(code)
    head = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<!doctype html", b"<html", b"<?xml", b"<svg")):
        raise UnsupportedType("web-page-or-xml", types=ACCEPTED)
    raise UnsupportedType("unsupported-type", types=ACCEPTED)


def _image_type(data: bytes) -> str | None:
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return TIFF
    if data.startswith(b"BM") and len(data) > 26 and data[6:10] == b"\0\0\0\0":
        return BMP
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return WEBP
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if data[4:8] == b"ftyp":
        brands = {data[8:12]} | {data[start : start + 4] for start in range(16, min(int.from_bytes(data[:4]), 64), 4)}
        if brands & {b"avif", b"avis"}:
            raise UnsupportedType("avif-image")
        if brands & HEIF_BRANDS:
            return HEIC
    return None
