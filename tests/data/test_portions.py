"""Portions: about equally long, none lost, the long ones first."""

import pytest

from sake_ray.data.portions import (
    PORTION_SECONDS,
    SCAN_SECONDS,
    SURVEY_BYTES,
    Portion,
    PortionSource,
    are_objects,
    divide_document,
    estimate_survey,
    plan_portions,
)
from sake_ray.data.sources import SourceFile
from sake_ray.domain.page_ranges import PageRange, Survey

SOURCE = PortionSource(3, b"a.pdf")


def file(name: str, size: int) -> SourceFile:
    return SourceFile(name, name.encode(), size)


def test_each_page_of_a_long_scan_is_a_portion() -> None:
    portions = divide_document(SOURCE, "12ab", Survey(50, 50))
    assert [portion.pages for portion in portions] == [PageRange(number, number) for number in range(1, 51)]
    assert {(portion.count, portion.digest, portion.sources) for portion in portions} == {(50, "12ab", (SOURCE,))}


@pytest.mark.parametrize("survey", [Survey(1, 1), Survey(1, 0), Survey(30, 0)])
def test_a_short_document_is_read_in_one_go(survey: Survey) -> None:
    (portion,) = divide_document(SOURCE, "12ab", survey)
    assert portion.pages is None
    assert portion.seconds == estimate_survey(survey)


@pytest.mark.parametrize("survey", [Survey(50, 0), Survey(47, 3), Survey(7, 7), Survey(50, 25)])
def test_portions_of_a_document_have_each_of_its_pages_once(survey: Survey) -> None:
    portions = divide_document(SOURCE, "12ab", survey)
    numbers = [
        number
        for portion in portions
        for number in range(1, survey.pages + 1)
        if portion.pages is None or number in portion.pages
    ]
    assert numbers == list(range(1, survey.pages + 1))
    assert sum(portion.seconds for portion in portions) == pytest.approx(estimate_survey(survey))


def test_every_source_is_in_one_portion_and_long_ones_come_early() -> None:
    scans = [file(f"{number}.png", 1000) for number in range(30)]
    texts = [file(f"{number}.pdf", 10_000) for number in range(300)]
    long = [file("long.pdf", 5 * SURVEY_BYTES), file("longer.TIF", 50 * SURVEY_BYTES)]
    portions = plan_portions(list(enumerate(texts + long + scans)), cpus=2, max_pages=50)
    indexes = [source.index for portion in portions for source in portion.sources]
    assert sorted(indexes) == list(range(332))
    surveyed = [place for place, portion in enumerate(portions) if portion.unsurveyed]
    assert surveyed == [4, 5]  # behind two for each CPU
    assert portions[4].sources[0].location == b"longer.TIF"


def test_short_documents_share_a_portion_and_fewer_so_towards_the_end() -> None:
    portions = plan_portions(
        list(enumerate([file(f"{number}.pdf", 20_000) for number in range(400)])), cpus=2, max_pages=50
    )
    sizes = [len(portion.sources) for portion in portions]
    assert max(sizes) > 4
    assert max(portion.seconds for portion in portions) < 2 * PORTION_SECONDS
    assert sizes[-1] == 1
    assert sizes == sorted(sizes, reverse=True)


def test_a_file_that_is_neither_pdf_nor_tiff_counts_as_a_scan() -> None:
    (portion,) = plan_portions([(0, file("photo", 9_000_000))], cpus=2, max_pages=50)
    assert (portion.seconds, portion.unsurveyed) == (SCAN_SECONDS, False)


def test_files_bundled_behind_an_object_are_seen() -> None:
    """Only the machine with the command has them, so their portion must not be taken for one that any node can fetch."""
    mixed = Portion((PortionSource(0, b"s3://office/x.pdf"), PortionSource(1, b"a.pdf")), seconds=0.2)
    whole = Portion(mixed.sources[:1], seconds=0.1)
    assert not are_objects([whole, mixed])
    assert are_objects([whole, whole])
