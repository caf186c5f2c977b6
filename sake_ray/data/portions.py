"""Divide documents into portions: what one reader reads in one go, worth a few seconds of CPU time."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from sake_ray.data.sources import SourceFile, is_object
from sake_ray.domain.page_ranges import PageRange, Survey

# CPU seconds on a core of 2026, tesseract with French and English; they need only be right by a factor of two.
SCAN_SECONDS, TEXT_PAGE_SECONDS, DOCUMENT_SECONDS = 2.0, 0.05, 0.1
PORTION_SECONDS = 2.0
"""Portions are about so long: short against a run, long against what handing out a portion costs."""
SURVEY_BYTES = 200_000
"""A smaller PDF or TIFF is read in one go: opening it twice would cost more than dividing it gains."""
BYTES_PER_SCAN = 200_000
SEVERAL_PAGES = {".pdf", ".tif", ".tiff"}
ROUNDS = 4
"""Towards the end, portions of several documents get smaller, so that all CPUs end together: each gets so many more."""


@dataclass(frozen=True, slots=True)
class PortionSource:
    """A source by its index among those of the run, and its location."""

    index: int
    location: bytes


@dataclass(frozen=True, slots=True)
class Portion:
    """What one reader reads in one go: whole documents, or `pages` of a single one, which has `count` pages.

    `seconds` estimates the CPU time. One that is `unsurveyed` may have so many pages that it is worth dividing. `digest` is that
    of the document, where it is known already.
    """

    sources: tuple[PortionSource, ...]
    seconds: float
    pages: PageRange | None = None
    count: int = 0
    digest: str = ""
    unsurveyed: bool = False


def are_objects(portions: Iterable[Portion]) -> bool:
    """Whether all sources are objects of buckets, which every node reaches; a portion may have files beside objects."""
    return all(is_object(source.location) for portion in portions for source in portion.sources)


def estimate_source(source: SourceFile, *, max_pages: int) -> float:
    """Estimate the CPU seconds to read a source by its name and size, where nothing else is known of it."""
    if PurePosixPath(source.path).suffix.lower() not in SEVERAL_PAGES:
        return SCAN_SECONDS
    scans = min(max_pages, source.size / BYTES_PER_SCAN)
    return DOCUMENT_SECONDS + SCAN_SECONDS * scans


def estimate_survey(survey: Survey) -> float:
    """Estimate the CPU seconds to read a document that was surveyed."""
    return DOCUMENT_SECONDS + survey.scans * SCAN_SECONDS + (survey.pages - survey.scans) * TEXT_PAGE_SECONDS


def divide_document(source: PortionSource, digest: str, survey: Survey) -> tuple[Portion, ...]:
    """Divide a document: each scan by itself, pages of text many at a time, a short document not at all."""
    seconds = estimate_survey(survey)
    per_page = seconds / survey.pages
    step = max(1, int(PORTION_SECONDS / per_page))
    if survey.pages <= step:
        return (Portion((source,), seconds, digest=digest),)
    ranges = (PageRange(first, min(first + step - 1, survey.pages)) for first in range(1, survey.pages + 1, step))
    return tuple(
        Portion((source,), per_page * len(pages), pages=pages, count=survey.pages, digest=digest) for pages in ranges
    )


def plan_portions(sources: Sequence[tuple[int, SourceFile]], *, cpus: int, max_pages: int) -> list[Portion]:
    """Plan the reading of sources, of which only name and size are known, as (index, source).

    Long ones come first, since whoever begins a long one last is waited for; but before them a few others, which keep the CPUs
    busy while those are surveyed.
    """
    long: list[Portion] = []
    others: list[tuple[float, PortionSource]] = []
    for index, source in sources:
        seconds = estimate_source(source, max_pages=max_pages)
        known = PortionSource(index, source.location)
        if source.size >= SURVEY_BYTES and PurePosixPath(source.path).suffix.lower() in SEVERAL_PAGES:
            long.append(Portion((known,), seconds, unsurveyed=True))
        else:
            others.append((seconds, known))
    long.sort(key=lambda portion: -portion.seconds)
    others.sort(key=lambda pair: -pair[0])
    bundles = list(_bundle(others, cpus))
    return bundles[: 2 * cpus] + long + bundles[2 * cpus :]


def _bundle(sources: Sequence[tuple[float, PortionSource]], cpus: int) -> Iterator[Portion]:
    """Put short documents together, towards the end fewer and fewer."""
    left = sum(seconds for seconds, _ in sources)
    bundle: list[PortionSource] = []
    seconds = 0.0
    for each, source in sources:
        bundle.append(source)
        seconds += each
        if seconds >= min(PORTION_SECONDS, left / (ROUNDS * cpus)):
            yield Portion(tuple(bundle), seconds)
            left -= seconds
            bundle, seconds = [], 0.0
    if bundle:
        yield Portion(tuple(bundle), seconds)
