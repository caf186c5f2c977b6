"""Does the reader do with hostile and odd files what is written down for them, and go on?"""

import os
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from sake_ray.data.reading import Reader, ReadingOptions
from sake_ray.domain.limits import Limits
from sake_ray.domain.texts import DocumentText
from sake_ray.errors import ReadingCrashed, SakeError
from tests.resources.hostile import Completed, Outcome, hostile_file, makers, sent_over_http
from tests.resources.hostile.outcomes import WORDS
from tests.resources.hostile.pdf_bytes import WORDS_SHOWN, one_page

LIMITS = Limits(page_seconds=20.0, document_seconds=60.0, memory_mb=2048)
"""As the defaults, but a bomb is given up earlier."""
SLACK_SECONDS = 60.0  # to end a stuck process, on a machine that does other things too
SLOW = {"jpeg_of_100000_scans", "pdf_of_nested_drawings", "page_of_noise"}
"""Each takes as long as it may: `pdf_of_endless_content` stands for them in `make test`, `make faults` has all."""
FULL = os.environ.get("SAKE_FAULTS") == "full"
KINDS = tuple(kind for kind in makers() if FULL or (kind not in SLOW and kind not in sent_over_http()))
"""`make test` sends some to the service and reads the others here; `make faults` reads all."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What came of a file, how long that took, and whether the reader then read a good page."""

    end: DocumentText | SakeError
    seconds: float
    reads_on: bool


Read = Callable[[str], Reading]


@pytest.fixture(scope="module")
def read() -> Iterator[Read]:
    """Read the file of a kind with one reader for all; what was read before is not made and read again."""
    readings: dict[str, Reading] = {}
    with Reader(ReadingOptions(limits=LIMITS)) as reader:

        def read(kind: str) -> Reading:
            if kind not in readings:
                readings[kind] = read_and_go_on(reader, hostile_file(kind).data)
            return readings[kind]

        yield read


@pytest.mark.parametrize("kind", KINDS)
def test_file_ends_as_written(kind: str, read: Read) -> None:
    file = hostile_file(kind)
    end = read(kind).end
    assert any(fits(end, outcome) for outcome in file.outcomes), f"{file.why}: {describe(end)}"


@pytest.mark.parametrize("kind", KINDS)
def test_file_takes_no_longer_than_allowed(kind: str, read: Read) -> None:
    assert read(kind).seconds < LIMITS.document_patience + SLACK_SECONDS


@pytest.mark.parametrize("kind", KINDS)
def test_reader_goes_on_after_the_file(kind: str, read: Read) -> None:
    assert read(kind).reads_on


@pytest.mark.parametrize("kind", KINDS)
def test_refusal_is_one_sentence_for_people(kind: str, read: Read) -> None:
    end = read(kind).end
    if isinstance(end, SakeError):
        sentence = str(end)
        assert sentence.strip()
        assert sentence.isprintable()  # which no line break is
        assert len(sentence) < 400
        assert not re.search(r"Traceback|Error\b|0x[0-9a-f]{4}|<\w+\.|(^|[\s'\"(])/\w+/", sentence)


@pytest.mark.parametrize("kind", KINDS)
def test_words_lie_on_their_page(kind: str, read: Read) -> None:
    end = read(kind).end
    if isinstance(end, DocumentText):
        assert [page.number for page in end.pages] == list(range(1, len(end.pages) + 1))
        assert all(page.width > 0 and page.height > 0 for page in end.pages)
        for word in end.words:
            assert 0 <= word.box.left <= word.box.right <= 1
            assert 0 <= word.box.top <= word.box.bottom <= 1
            assert 0 <= word.confidence <= 100
            assert word.text
            assert not any(map(str.isspace, word.text))


def test_collection_is_wide() -> None:
    files = [hostile_file(kind) for kind in KINDS]
    certain = [file for file in files if all(isinstance(outcome, Completed) for outcome in file.outcomes)]
    assert len(files) >= 60
    assert len(certain) >= 24
    assert all(file.why and file.why.isprintable() for file in files)


def test_limits_are_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs" / "accepted-files.md").read_text(encoding="utf-8")
    limits = Limits()
    figures = {
        "megabytes": limits.max_bytes / 1e6,
        "pages": limits.max_pages,
        "megapixels": limits.max_pixels / 1e6,
        "seconds a page": limits.page_seconds,
        "seconds a document": limits.document_seconds,
        "MB of memory": limits.memory_mb,
    }
    missing = [f"{figure:g} {unit}" for unit, figure in figures.items() if f"{figure:g} {unit}" not in text]
    assert not missing


def read_and_go_on(reader: Reader, data: bytes) -> Reading:
    started = time.monotonic()
    end: DocumentText | SakeError
    try:
        end = reader.read(data)
    except SakeError as error:
        end = error
    seconds = time.monotonic() - started
    return Reading(end, seconds, reads_on=set(WORDS) <= words_of(reader.read(one_page(WORDS_SHOWN))))


def fits(end: DocumentText | SakeError, outcome: Outcome) -> bool:
    """Say whether what came of a file is what was written down."""
    if isinstance(outcome, Completed):
        return (
            isinstance(end, DocumentText)
            and set(outcome.words) <= words_of(end)
            and not (outcome.blank and end.words)
            and outcome.pages in {None, len(end.pages)}
        )
    if isinstance(end, ReadingCrashed) and ReadingCrashed not in outcome.errors:
        return False
    return isinstance(end, outcome.errors) and all(part in str(end) for part in outcome.says)


def words_of(text: DocumentText) -> set[str]:
    return set(re.findall(r"\w+", text.text.casefold()))


def describe(end: DocumentText | SakeError) -> str:
    if isinstance(end, DocumentText):
        return f"{len(end.pages)} pages: {end.text[:300]!r}"
    return f"{type(end).__name__}: {end}"
