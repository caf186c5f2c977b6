"""Which TIFF files are odd but sound?"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageCms

from .drawings import HEIGHT, WIDTH, line_of_text, saved, slip
from .outcomes import READ, Completed, HostileFile, named
from .tiff_bytes import PHOTOMETRIC, SAMPLE_FORMAT, gray_tags, tiff_bytes


def tiff_fax_black_is_zero() -> HostileFile:
    data = saved(slip().convert("1"), "TIFF", compression="group4", tiffinfo={PHOTOMETRIC: 1})
    return HostileFile("fax1.tif", data, READ, "Group 4 fax, 0 is black")


def tiff_fax_white_is_zero() -> HostileFile:
    data = saved(slip().convert("1"), "TIFF", compression="group4", tiffinfo={PHOTOMETRIC: 0})
    return HostileFile("fax0.tif", data, READ, "Group 4 fax, 0 is white")


def tiff_fax_with_flat_pixels() -> HostileFile:
    flat = slip().resize((WIDTH, HEIGHT // 2)).point(lambda value: 255 if value > 127 else 0).convert("1")
    data = saved(flat, "TIFF", compression="group3", dpi=(204, 98))
    return HostileFile("fax-flat.tif", data, READ, "A fax in standard resolution: half as many dots down as across")


def tiff_gray_white_is_zero() -> HostileFile:
    data = saved(slip(), "TIFF", tiffinfo={PHOTOMETRIC: 0})
    return HostileFile("gray0.tif", data, READ, "8-bit gray, 0 is white")


def tiff_16_bit_gray() -> HostileFile:
    pixels = np.where(light() > 127, 60000, 9000).astype("<u2")
    return HostileFile("gray16.tif", numbers(pixels, depth=16, sample=1), READ, "16 bits a pixel")


def tiff_float_to_one() -> HostileFile:
    pixels = (light() / 255).astype("<f4")
    return HostileFile("float1.tif", numbers(pixels, depth=32, sample=3), READ, "32-bit floats from 0 to 1")


def tiff_float_to_255() -> HostileFile:
    return HostileFile("float255.tif", numbers(light().astype("<f4"), depth=32, sample=3), READ, "Floats from 0 to 255")


def tiff_float_with_nan() -> HostileFile:
    pixels = (light() / 255).astype("<f4")
    pixels[:3, :3] = np.nan
    pixels[5, 5] = np.inf
    return HostileFile("nan.tif", numbers(pixels, depth=32, sample=3), READ, "Floats, a few of which are no number")


def tiff_lab() -> HostileFile:
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    image = ImageCms.profileToProfile(slip().convert("RGB"), srgb, lab, outputMode="LAB")
    assert image is not None
    return HostileFile("lab.tif", saved(image, "TIFF"), READ, "Lightness and two colour axes")


def tiff_cmyk() -> HostileFile:
    inks = Image.merge("CMYK", [Image.new("L", slip().size, 0)] * 3 + [Image.eval(slip(), lambda value: 255 - value)])
    return HostileFile("cmyk.tif", saved(inks, "TIFF"), READ, "Four inks, as printers want them")


def tiff_jpeg_inside() -> HostileFile:
    data = saved(slip().convert("RGB"), "TIFF", compression="jpeg")
    return HostileFile("jpeg.tif", data, READ, "Packed as JPEG inside")


def tiff_lzw() -> HostileFile:
    return HostileFile("lzw.tif", saved(slip(), "TIFF", compression="tiff_lzw"), READ, "Packed with LZW")


def tiff_turned_by_its_tag() -> HostileFile:
    data = saved(slip().rotate(90, expand=True), "TIFF", tiffinfo={274: 6})
    return HostileFile("turned.tif", data, READ, "Lies on its side; the orientation tag says so")


def tiff_big() -> HostileFile:
    return HostileFile("big.tif", saved(slip(), "TIFF", big_tiff=True), READ, "BigTIFF: addresses of 64 bits")


def tiff_of_three_sizes() -> HostileFile:
    invoice, total = line_of_text("INVOICE 2024"), line_of_text("Total amount due", size=60).convert("RGB")
    third = line_of_text("Thank you", size=120).convert("1")
    data = saved(invoice, "TIFF", save_all=True, append_images=[total, third])
    outcome = Completed(words=("invoice", "2024", "total", "amount", "due", "thank", "you"), pages=3)
    return HostileFile("three.tif", data, outcome, "Three pages of three sizes, gray, colour and one bit")


def light() -> NDArray[np.uint8]:
    """Give the slip as an array, 255 for paper."""
    return np.asarray(slip())


def numbers(pixels: NDArray[np.generic], *, depth: int, sample: int) -> bytes:
    """Write one unpacked strip of numbers; sample format 1 is unsigned, 3 is floating."""
    height, width = pixels.shape
    data = pixels.tobytes()
    return tiff_bytes([gray_tags(width, height, len(data), depth=depth) | {SAMPLE_FORMAT: sample}], data)


MAKERS = named(
    tiff_fax_black_is_zero,
    tiff_fax_white_is_zero,
    tiff_fax_with_flat_pixels,
    tiff_gray_white_is_zero,
    tiff_16_bit_gray,
    tiff_float_to_one,
    tiff_float_to_255,
    tiff_float_with_nan,
    tiff_lab,
    tiff_cmyk,
    tiff_jpeg_inside,
    tiff_lzw,
    tiff_turned_by_its_tag,
    tiff_big,
    tiff_of_three_sizes,
)
