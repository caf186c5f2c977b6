"""What was read of a document: pages of words, tokens, and the recipe of it all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sake_ray.errors import Message


class WordSource(StrEnum):
    """Where the words of a page come from."""

    TEXT_LAYER = "text_layer"
    OCR = "ocr"


class ReadingSource(StrEnum):
    """How a page, or a document, came by its words, for the metrics: by what was used of the machine."""

    TEXT_LAYER = "text_layer"
    TESSERACT = "tesseract"
    NEURAL = "neural"
    BLANK = "blank"
    """There is nothing on it to read."""
    CACHE = "cache"
    """These bytes were read before."""
    NONE = "none"
    """It was not read to the end."""


def combine_sources(sources: Iterable[ReadingSource]) -> ReadingSource:
    """Say how a document came by its words, by its pages: what is dearest counts."""
    found = set(sources)
    dearest = (
        ReadingSource.NEURAL, ReadingSource.TESSERACT, ReadingSource.TEXT_LAYER, ReadingSource.BLANK, ReadingSource.CACHE,
    )  # fmt: skip
    return next((source for source in dearest if source in found), ReadingSource.NONE)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the upright page image; each side 0–1, the origin at the top left."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a page; confidence 0–100 (100 from a text layer), line counted from 0 on its page."""

    text: str
    box: Box
    confidence: float
    line: int


@dataclass(frozen=True, slots=True)
class Page:
    """One upright page: its number from 1, the size of its image in pixels, its words in reading order.

    `colour` is the share of clearly coloured pixels, 0–1. `notes` say what people should know of the page beside its words.
    """

    number: int
    width: int
    height: int
    words: tuple[Word, ...]
    source: WordSource
    colour: float = 0.0
    notes: tuple[Message, ...] = ()

    @property
    def text(self) -> str:
        """The words, one line of the page a line."""
        lines: list[str] = []
        last = None
        for word in self.words:
            if lines and word.line == last:
                lines[-1] += " " + word.text
            else:
                lines.append(word.text)
            last = word.line
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a text was made; part of every cache key and of every model."""

    engine: str
    engine_version: str
    languages: str
    reading_version: int
    cleaning_version: int

    @property
    def reading(self) -> str:
        """The part that decides the words, fit to be part of an object key."""
        return f"{self.engine}-{self.engine_version}-{self.languages}-r{self.reading_version}"

    @property
    def name(self) -> str:
        """The whole recipe in one word."""
        return f"{self.reading}-c{self.cleaning_version}"


@dataclass(frozen=True, slots=True)
class Token:
    """A cleaned word, and the index of its source word counted over all pages."""

    text: str
    word: int


@dataclass(frozen=True, slots=True)
class DocumentText:
    """All that was read of a document; the only input of the classifier.

    `language` is "fr", "en" or "unknown".
    """

    sha256: str
    media_type: str
    pages: tuple[Page, ...]
    tokens: tuple[Token, ...]
    language: str
    recipe: Recipe

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of all pages, in order; what `Token.word` counts."""
        return tuple(word for page in self.pages for word in page.words)

    @property
    def text(self) -> str:
        """The plain text; pages are parted by a form feed."""
        return "\f".join(page.text for page in self.pages)

    def select_pages(self, first: int, last: int) -> "DocumentText":
        """Select the pages from one number to another, both included, numbered from 1 again; tokens stay as they were cleaned."""
        start = sum(len(page.words) for page in self.pages[: first - 1])
        end = start + sum(len(page.words) for page in self.pages[first - 1 : last])
        tokens = tuple(Token(token.text, token.word - start) for token in self.tokens if start <= token.word < end)
        return replace(self, pages=renumber(self.pages[first - 1 : last]), tokens=tokens)

    @property
    def notes(self) -> tuple[Message, ...]:
        """What people should know of the document beside its words, such as text that was ignored."""
        return combine_notes(note for page in self.pages for note in page.notes)

    @property
    def ocr_confidence(self) -> float | None:
        """The mean confidence of the words read by OCR, 0–100, each weighted by its length; None without any."""
        return measure_ocr_confidence(self.pages)


def measure_ocr_confidence(pages: Iterable[Page]) -> float | None:
    """Measure `DocumentText.ocr_confidence`."""
    read = [w for page in pages if page.source is WordSource.OCR for w in page.words]
    letters = sum(len(word.text) for word in read)
    return sum(word.confidence * len(word.text) for word in read) / letters if letters else None


def combine_notes(notes: Iterable[Message]) -> tuple[Message, ...]:
    """Make one note of those with the same code: numbers are added, lists go on."""
    combined: dict[str, Message] = {}
    for note in notes:
        before = combined.get(note.code)
        combined[note.code] = _add_note(before, note) if before is not None else note
    return tuple(combined.values())


def _add_note(before: Message, note: Message) -> Message:
    params: dict[str, object] = dict(before.params)
    for name, value in note.params.items():
        first = before.params.get(name)
        if isinstance(value, int | float) and isinstance(first, int | float):
            params[name] = first + value
        elif isinstance(value, list) and isinstance(first, list):
            params[name] = [*first, *(item for item in value if item not in first)]
    return Message(note.code, **params)


def renumber(pages: Sequence[Page]) -> tuple[Page, ...]:
    """Number pages from 1."""
    return tuple(page if page.number == n else replace(page, number=n) for n, page in enumerate(pages, start=1))
