"""Several documents in one file: the parts that it seems to have, and those that it was split into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from sake_ray.domain.page_ranges import PageRange
from sake_ray.errors import InputError

SURE = 0.98
"""A boundary that is at least so sure splits a file by itself, where that is wanted; on generated stacks one in 700 is wrong."""
PROPOSED = 0.5
"""A boundary that is at least so sure is shown to people."""


class SplitMode(StrEnum):
    """What becomes of a file that seems to hold several documents."""

    NEVER = "never"
    """It stays whole; where its pages are of several classes it goes to people."""
    PROPOSE = "propose"
    """People are shown the parts."""
    AUTO = "auto"
    """It is split where that is sure; people are shown the rest."""


@dataclass(frozen=True, slots=True)
class ProposedPart:
    """Pages that seem to be a document of their own.

    `sureness` (0–1) and `reason` speak of the boundary before it; the first part has 1 and none.
    """

    pages: PageRange
    label: str | None
    confidence: float | None
    sureness: float
    reason: str

    def to_json(self) -> dict[str, object]:
        """Convert to JSON values."""
        return {
            "first_page": self.pages.first,
            "last_page": self.pages.last,
            "label": self.label,
            "confidence": self.confidence,
            "sureness": self.sureness,
            "reason": self.reason,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, object]) -> "ProposedPart":
        """Restore what `to_json` made."""
        kept = dict(values)
        pages = PageRange(int(str(kept.pop("first_page"))), int(str(kept.pop("last_page"))))
        return cls(pages, **kept)  # type: ignore[arg-type]


def differ_in_class(parts: Sequence[ProposedPart]) -> bool:
    """Whether the parts are of more than one class."""
    return len({part.label for part in parts if part.label is not None}) > 1


def select_sure(parts: Sequence[ProposedPart]) -> tuple[PageRange, ...]:
    """Join the parts whose boundary is doubtful to the one before; nothing when only one is left."""
    ranges: list[PageRange] = []
    for part in parts:
        if ranges and part.sureness < SURE:
            ranges[-1] = PageRange(ranges[-1].first, part.pages.last)
        else:
            ranges.append(part.pages)
    return tuple(ranges) if len(ranges) > 1 else ()


def check_ranges(ranges: Sequence[PageRange], whole: PageRange) -> None:
    """Raise InputError unless these are at least two parts that follow each other and have all the pages."""
    follow = all(after.first == before.last + 1 for before, after in pairwise(ranges))
    sound = all(one.first <= one.last for one in ranges)
    complete = len(ranges) > 1 and (ranges[0].first, ranges[-1].last) == (whole.first, whole.last)
    if not (follow and sound and complete):
        raise InputError("split-pages-invalid", first=whole.first, last=whole.last)
