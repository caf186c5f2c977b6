"""Which JPEG files are odd but sound?"""

from functools import lru_cache

import numpy as np
from PIL import Image

from .drawings import line_of_text, saved, slip
from .outcomes import BY_A_LIMIT, READ, UNREADABLE, Completed, HostileFile, named


def cmyk_jpeg() -> HostileFile:
    return HostileFile("cmyk.jpg", saved(ink_page(), "JPEG"), READ, "Four inks, stored inverted as Adobe does")


def cmyk_jpeg_without_adobe_marker() -> HostileFile:
    inverted = Image.eval(ink_page(), lambda ink: 255 - ink)  # Pillow inverts once more: the file holds plain inks
    data = without_segment(saved(inverted, "JPEG"), 0xEE)
    return HostileFile("cmyk-plain.jpg", data, READ, "Four inks stored as they are; no marker says they were inverted")


def cmyk_jpeg_inverted_without_marker() -> HostileFile:
    data = without_segment(saved(ink_page(), "JPEG"), 0xEE)
    return HostileFile("cmyk-stripped.jpg", data, READ, "Inverted inks whose marker was stripped by a careless tool")


def ycck_jpeg() -> HostileFile:
    inks = np.asarray(slip()).astype(np.uint8)
    text = 255 - inks  # cyan, magenta and yellow where the text is, no black
    luma = np.asarray(Image.merge("RGB", [Image.fromarray(text)] * 3).convert("YCbCr"))
    stored = np.dstack([luma, np.full_like(inks, 255)])
    planes = [Image.fromarray(255 - stored[..., plane]) for plane in range(4)]
    data = saved(Image.merge("CMYK", planes), "JPEG", subsampling=0, quality=90)
    start = data.index(b"Adobe")
    data = data[: start + 11] + b"\x02" + data[start + 12 :]
    return HostileFile("ycck.jpg", data, READ, "Four inks as luma, chroma and black, as Photoshop writes them")


def progressive_jpeg() -> HostileFile:
    return HostileFile("progressive.jpg", saved(slip(), "JPEG", progressive=True), READ, "Refined scan after scan")


def jpeg_without_end_marker() -> HostileFile:
    return HostileFile("no-end.jpg", saved(slip(), "JPEG")[:-2], (READ, UNREADABLE), "Only the end marker was lost")


def jpeg_with_junk_after_the_end() -> HostileFile:
    return HostileFile("tail.jpg", saved(slip(), "JPEG") + b"<html>junk</html>" * 200, READ, "A sender added bytes")


def jpeg_with_broken_exif() -> HostileFile:
    exif = b"Exif\x00\x00II*\x00\x08\x00\x00\x00\xff\xff\x12\x01\x03\x00"
    return HostileFile("exif.jpg", saved(slip(), "JPEG", exif=exif), READ, "The EXIF block claims 65,535 entries")


def jpeg_with_broken_colour_profile() -> HostileFile:
    data = saved(slip().convert("RGB"), "JPEG", icc_profile=b"not a profile" * 30)
    return HostileFile("profile.jpg", data, READ, "The colour profile is no profile")


def mpo_photograph() -> HostileFile:
    second = Image.new("RGB", (320, 240), "gray")
    data = saved(slip().convert("RGB"), "MPO", save_all=True, append_images=[second])
    return HostileFile("phone.jpg", data, Completed(), "A phone's photograph with a second picture behind the first")


def big_baseline_jpeg() -> HostileFile:
    return HostileFile("big.jpg", big_jpeg(progressive=False), READ, "90 megapixels, but scaled down while decoding")


def big_progressive_jpeg() -> HostileFile:
    why = "90 megapixels that must be held whole before they can be scaled down"
    return HostileFile("big-progressive.jpg", big_jpeg(progressive=True), (READ, BY_A_LIMIT), why)


def jpeg_claiming_65500_pixels_a_side() -> HostileFile:
    data = bytearray(saved(slip(), "JPEG"))
    size_at = data.index(b"\xff\xc0") + 5
    data[size_at : size_at + 4] = (65500).to_bytes(2, "big") * 2
    why = "Four gigapixels in the header, a slip of paper behind it"
    return HostileFile("claims.jpg", bytes(data), (BY_A_LIMIT, UNREADABLE), why)


def jpeg_thin_as_a_ruler() -> HostileFile:
    image = Image.new("L", (12000, 24), 255)
    image.paste(line_of_text("INVOICE", size=20).crop((30, 26, 140, 50)), (0, 0))
    return HostileFile("ruler.jpg", saved(image, "JPEG"), Completed(words=(), pages=1), "500 times wider than high")


def ink_page() -> Image.Image:
    """Draw the slip with black ink alone: the wrong sign of the inks then leaves nothing but black."""
    black = Image.eval(slip(), lambda light: 255 - light)
    none = Image.new("L", black.size, 0)
    return Image.merge("CMYK", [none, none, none, black])


def without_segment(data: bytes, marker: int) -> bytes:
    """Leave out the first segment of that marker."""
    start = data.index(bytes([0xFF, marker]))
    length = int.from_bytes(data[start + 2 : start + 4], "big")
    return data[:start] + data[start + 2 + length :]


@lru_cache(maxsize=2)
def big_jpeg(*, progressive: bool) -> bytes:
    """Write a JPEG of 10,000 × 9,000 pixels."""
    image = Image.new("L", (1250, 1125), 255)
    image.paste(slip(), (120, 100))
    return saved(image.resize((10000, 9000), Image.Resampling.NEAREST), "JPEG", quality=60, progressive=progressive)


MAKERS = named(
    cmyk_jpeg,
    cmyk_jpeg_without_adobe_marker,
    cmyk_jpeg_inverted_without_marker,
    ycck_jpeg,
    progressive_jpeg,
    jpeg_without_end_marker,
    jpeg_with_junk_after_the_end,
    jpeg_with_broken_exif,
    jpeg_with_broken_colour_profile,
    mpo_photograph,
    big_baseline_jpeg,
    big_progressive_jpeg,
    jpeg_claiming_65500_pixels_a_side,
    jpeg_thin_as_a_ruler,
)
