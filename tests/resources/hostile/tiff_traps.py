"""Which TIFF files are traps?"""

from PIL import Image

from sake_ray.errors import TooManyPages

from .drawings import saved, slip
from .outcomes import BY_A_LIMIT, BY_PIXELS, READ, UNREADABLE, Completed, HostileFile, Refused, named
from .tiff_bytes import COMPRESSION, COUNTS, DEPTH, HEIGHT, OFFSETS, ROWS_PER_STRIP, Tags, gray_tags, tiff_bytes


def tiff_whose_pages_loop() -> HostileFile:
    data = tiff_bytes([slip_tags()], pixels(), next_of_last=1)
    outcome = (READ, UNREADABLE, Refused((TooManyPages,)))
    return HostileFile("loop.tif", data, outcome, "The page that follows the first is the first")


def tiff_whose_pages_loop_late() -> HostileFile:
    data = tiff_bytes([slip_tags()] * 3, pixels(), next_of_last=1)
    outcome = (Completed(pages=3), UNREADABLE, Refused((TooManyPages,)))
    return HostileFile("loop3.tif", data, outcome, "Page 1 follows page 3")


def tiff_whose_next_page_is_outside() -> HostileFile:
    data = tiff_bytes([slip_tags()], pixels(), next_of_last=2**31)
    return HostileFile("outside.tif", data, (READ, UNREADABLE), "A second page is promised beyond the end of the file")


def tiff_of_60_pages() -> HostileFile:
    data = tiff_bytes([slip_tags()] * 60, pixels())
    return HostileFile("sixty.tif", data, Refused((TooManyPages,), says=("50",)), "Sixty pages, all alike")


def tiff_of_20000_pages() -> HostileFile:
    data = tiff_bytes([gray_tags(1, 1, 1)] * 20_000, b"\x00")
    why = "20,000 pages of one pixel: even counting them costs time"
    return HostileFile("many.tif", data, Refused((TooManyPages,), says=("50",)), why)


def tiff_of_41_megapixels() -> HostileFile:
    data = saved(Image.new("1", (6410, 6400), 1), "TIFF", compression="group4")
    return HostileFile("41.tif", data, BY_PIXELS, "A few KB of fax, 41 megapixels")


def tiff_of_41_megapixels_on_page_2() -> HostileFile:
    second = Image.new("1", (6410, 6400), 1)
    data = saved(slip().convert("1"), "TIFF", compression="group4", save_all=True, append_images=[second])
    return HostileFile("41-later.tif", data, BY_PIXELS, "The first page is small, the second is not")


def tiff_of_four_gigapixels() -> HostileFile:
    tags = gray_tags(65000, 65000, 1000) | {COMPRESSION: 5}
    return HostileFile("giga.tif", tiff_bytes([tags], bytes(1000)), BY_PIXELS, "4 gigapixels in the header")


def tiff_with_absurd_strip_count() -> HostileFile:
    data = tiff_bytes([slip_tags() | {COUNTS: 2**32 - 1}], pixels())
    return HostileFile("strip.tif", data, (READ, UNREADABLE, BY_A_LIMIT), "One strip is said to have 4 GB")


def tiff_with_strips_outside() -> HostileFile:
    data = tiff_bytes([slip_tags() | {OFFSETS: 2**31}], pixels())
    return HostileFile("strip-outside.tif", data, UNREADABLE, "The pixels are said to be beyond the end of the file")


def tiff_without_rows_per_strip() -> HostileFile:
    data = tiff_bytes([slip_tags() | {ROWS_PER_STRIP: 0}], pixels())
    return HostileFile("strip-zero.tif", data, (READ, UNREADABLE), "Strips of no rows")


def tiff_of_7_bits() -> HostileFile:
    data = tiff_bytes([slip_tags() | {DEPTH: 7}], pixels())
    return HostileFile("seven.tif", data, UNREADABLE, "Seven bits a pixel, which nothing writes")


def tiff_of_no_height() -> HostileFile:
    data = tiff_bytes([slip_tags() | {HEIGHT: 0}], pixels())
    return HostileFile("flat.tif", data, UNREADABLE, "1,000 × 0 pixels")


def tiff_truncated_in_its_pixels() -> HostileFile:
    data = saved(slip(), "TIFF", compression="tiff_lzw")
    directory = int.from_bytes(data[4:8], "little")
    middle = len(data) // 2
    broken = data[:middle] + bytes(directory - middle) + data[directory:] if directory > middle else data[:middle]
    return HostileFile("half.tif", broken, UNREADABLE, "The second half of the pixels was lost")


def tiff_truncated_before_its_directory() -> HostileFile:
    data = tiff_bytes([slip_tags()], pixels())
    return HostileFile("no-pages.tif", data[:-60], UNREADABLE, "The directory at the end was lost")


def pixels() -> bytes:
    """Give the slip as plain bytes."""
    return slip().tobytes()


def slip_tags() -> Tags:
    """Give the right tags for the slip."""
    return gray_tags(*slip().size, len(pixels()))


MAKERS = named(
    tiff_whose_pages_loop,
    tiff_whose_pages_loop_late,
    tiff_whose_next_page_is_outside,
    tiff_of_60_pages,
    tiff_of_20000_pages,
    tiff_of_41_megapixels,
    tiff_of_41_megapixels_on_page_2,
    tiff_of_four_gigapixels,
    tiff_with_absurd_strip_count,
    tiff_with_strips_outside,
    tiff_without_rows_per_strip,
    tiff_of_7_bits,
    tiff_of_no_height,
    tiff_truncated_in_its_pixels,
    tiff_truncated_before_its_directory,
)
