"""What a page says of its place in a document: its number, the numbers and dates of its document, its machine-readable zone."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median

from sake_ray.domain.texts import Page, Word

HEAD, BAND = 0.4, 0.12
"""Shares of the page's height: where a document says what it is, and where running heads and page numbers stand."""
MAX_PAGES = 500
FEW_WORDS, FEW_LETTERS = 3, 12
"""A page with fewer words and letters is blank: specks and streaks are often read as a few strokes."""
SEPARATOR_WORDS = 25

NUMBERED = re.compile(
    r"(?<![^\W\d_])(?:page|pages|pagina|página|pag|pág|pg|seite|blad|feuillet|feuille|sheet|folio|p)\b\.?\s*(?:n\s?[°ºo]\.?)?\s*:?\s*"
    r"(\d{1,3})(?:\s*(?:/|\||of|sur|de|von|di|van)\s*(\d{1,3}))?(?![\d.,/])",
    re.IGNORECASE,
)
"""A page number with its word, in the languages of generated invoices."""
BARE = re.compile(r"[-–—(\[]?\s*(\d{1,3})(?:\s*(?:/|of|sur)\s*(\d{1,3}))?\s*[-–—)\]]?", re.IGNORECASE)
"""A line of nothing but a page number; it counts at the edges of a page only."""
IDENTIFIER = re.compile(
    r"(?:n\s?[°º]|num[ée]ro|number|\bno\b|\bnr\b|\bref\b|réf|référence|reference|#)\s*\.?\s*:?\s*#?"
    r"([A-Z]{0,6}[-/ ]?\d[\w/-]{2,24})",
    re.IGNORECASE,
)
"""The number of a document behind the word that announces it."""
DATE = re.compile(r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d\d)|\d{4}-\d\d-\d\d|\d{1,2}\s+[^\W\d_]{3,9}\.?\s+\d{4})\b")
SEPARATOR = re.compile(
    r"s[ée]parat|intercalaire|patch\s*(?:code|t\b|[i1-6]\b)|trennblatt|(?:document|dossier) suivant|next document"
    r"|nouveau document|new document|start of document",
    re.IGNORECASE,
)
ZONE_LINE = re.compile(r"[A-Z0-9<«‹]*[<«‹]{2}[A-Z0-9<«‹]*")


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The number that a page bears, and of how many; None where it does not say."""

    number: int
    total: int | None = None


@dataclass(frozen=True)
class PageSigns:
    """What can be seen of a page without knowing any class."""

    page: Page

    @cached_property
    def text(self) -> str:
        """Its text, line by line."""
        return self.page.text

    @cached_property
    def is_blank(self) -> bool:
        """Whether it says nothing: the empty back of a sheet."""
        words = [word for word in self.page.words if any(map(str.isalnum, word.text))]
        return len(words) < FEW_WORDS and sum(sum(map(str.isalnum, word.text)) for word in words) < FEW_LETTERS

    @cached_property
    def is_separator(self) -> bool:
        """Whether it is a sheet laid between documents."""
        return len(self.page.words) <= SEPARATOR_WORDS and bool(SEPARATOR.search(self.text))

    @cached_property
    def number(self) -> PageNumber | None:
        """The page number that it bears; None without one that can be told from other numbers."""
        edges = [line for top, bottom, line in self.lines if bottom <= BAND or top >= 1 - BAND]
        for line in [*edges, *(line for _, _, line in self.lines)]:
            if (found := NUMBERED.search(line)) and (number := _to_number(found)):
                return number
        for line in edges:
            if (found := BARE.fullmatch(line.strip())) and (number := _to_number(found)):
                return number
        return None

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """The numbers that its head announces as such, as letters and digits."""
        head = "\n".join(line for top, _, line in self.lines if top <= HEAD)
        found = (re.sub(r"[\W_]", "", match[1]).upper() for match in IDENTIFIER.finditer(head))
        return frozenset(number for number in found if sum(map(str.isdigit, number)) >= 3)

    @cached_property
    def dates(self) -> frozenset[str]:
        """The dates in its head."""
        head = "\n".join(line for top, _, line in self.lines if top <= HEAD)
        return frozenset(re.sub(r"\W+", "", match[0]).lower() for match in DATE.finditer(head))

    @cached_property
    def zone(self) -> str:
        """Its machine-readable zone, empty without one."""
        lines = ("".join(line.split()) for _, _, line in self.lines)
        return "".join(line for line in lines if len(line) >= 20 and ZONE_LINE.search(line) and "<<" in line)

    @cached_property
    def text_height(self) -> float:
        """The median height of its words, as a share of its width; 0 without words."""
        page = self.page
        heights = [_height(word) for word in page.words]
        return median(heights) * page.height / max(1, page.width) if heights else 0.0

    @cached_property
    def headline(self) -> float:
        """How many times as high as the median word the highest word of its head is; 1 without one."""
        heights = [_height(word) for word in self.page.words]
        middle = median(heights) if heights else 0.0
        head = [_height(word) for word in self.page.words if word.box.top <= HEAD and len(word.text) >= 3]
        return max(head) / middle if head and middle > 0 else 1.0

    @cached_property
    def filled(self) -> float:
        """How far down its text goes, 0–1, without what stands at the lower edge."""
        return max((word.box.bottom for word in self.page.words if word.box.top < 1 - BAND), default=0.0)

    @cached_property
    def lines(self) -> tuple[tuple[float, float, str], ...]:
        """Its lines with their upper and lower ends, 0–1."""
        lines: list[list[Word]] = []
        for word in self.page.words:
            if lines and lines[-1][-1].line == word.line:
                lines[-1].append(word)
            else:
                lines.append([word])
        return tuple(_to_line(words) for words in lines)


def _to_line(words: Sequence[Word]) -> tuple[float, float, str]:
    text = " ".join(word.text for word in words)
    return min(word.box.top for word in words), max(word.box.bottom for word in words), text


def _height(word: Word) -> float:
    return word.box.bottom - word.box.top


def _to_number(found: re.Match[str]) -> PageNumber | None:
    number, total = int(found[1]), int(found[2]) if found[2] else None
    sound = 1 <= number <= (total or MAX_PAGES) and (total or 1) <= MAX_PAGES
    return PageNumber(number, total) if sound else None
