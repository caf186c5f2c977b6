"""Write page images and sheets as the files people hand in; the same pages give the same bytes."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from io import BytesIO
from types import MappingProxyType

from fpdf import FPDF
from PIL import Image

PDF, JPEG, PNG, TIFF = "application/pdf", "image/jpeg", "image/png", "image/tiff"
BMP, WEBP = "image/bmp", "image/webp"

SUFFIXES: Mapping[str, str] = MappingProxyType(
    {PDF: ".pdf", JPEG: ".jpg", PNG: ".png", TIFF: ".tif", BMP: ".bmp", WEBP: ".webp"}
)

TURNS_FOR_ORIENTATION = MappingProxyType(
    {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
)
"""How a phone held so stores the pixels; the EXIF tag tells the reader to turn them back."""

EXIF_ORIENTATION = 0x0112
PDF_DATE = datetime(2024, 1, 1, tzinfo=UTC)


def write_jpeg(image: Image.Image, *, quality: int = 85, dpi: int = 72, orientation: int = 1) -> bytes:
    """Write a JPEG; with an orientation of 3, 6 or 8 the pixels are stored turned and the EXIF tag says so."""
    exif = Image.Exif()
    if orientation in TURNS_FOR_ORIENTATION:
        image = image.transpose(TURNS_FOR_ORIENTATION[orientation])
        exif[EXIF_ORIENTATION] = orientation
    return save_image(image, "JPEG", quality=quality, dpi=(dpi, dpi), exif=exif.tobytes() if exif else b"")


def write_png(image: Image.Image, *, dpi: int = 200) -> bytes:
    """Write a PNG."""
    # Grain hardly compresses: level 6 takes four times as long as 2 for the last few per cent.
    return save_image(image, "PNG", compress_level=2, dpi=(dpi, dpi))


def write_bmp(image: Image.Image) -> bytes:
    """Write a BMP."""
    return save_image(image, "BMP")


def write_webp(image: Image.Image, *, quality: int = 80) -> bytes:
    """Write a WebP."""
    return save_image(image, "WEBP", quality=quality, method=2)


def write_tiff(pages: Sequence[Image.Image], *, compression: str = "tiff_lzw", dpi: int = 200) -> bytes:
    """Write one TIFF of all pages; compression as Pillow names it; "group4" makes them black and white."""
    if compression == "group4":
        pages = [page if page.mode == "1" else make_black_and_white(page) for page in pages]
    rest = list(pages[1:])
    return save_image(
        pages[0], "TIFF", save_all=bool(rest), append_images=rest, compression=compression, dpi=(dpi, dpi)
    )


def write_scanned_pdf(pages: Sequence[Image.Image], *, quality: int = 80, dpi: int = 200) -> bytes:
    """Write a PDF of one image a page, without any text; colour and grey as JPEG, black and white as fax code."""
    pdf = FPDF(unit="mm")
    pdf.set_auto_page_break(False)
    pdf.set_creation_date(PDF_DATE)
    for page in pages:
        width, height = page.width / dpi * 25.4, page.height / dpi * 25.4
        pdf.add_page(format=(width, height))
        image = page if page.mode == "1" else BytesIO(write_jpeg(page, quality=quality, dpi=dpi))
        pdf.image(image, 0, 0, width, height)
    return bytes(pdf.output())


def make_black_and_white(image: Image.Image) -> Image.Image:
    """Keep ink and paper only, without dithering."""
    return image.convert("L").point([0] * 150 + [255] * 106, mode="1")


def save_image(image: Image.Image, form: str, **options: object) -> bytes:
    """Save through Pillow, which adds no time to any of these formats."""
    buffer = BytesIO()
    image.save(buffer, form, **options)
    return buffer.getvalue()
