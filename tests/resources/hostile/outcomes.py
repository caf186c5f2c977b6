"""What must come of a hostile or odd file?"""

from collections.abc import Callable
from dataclasses import dataclass

from sake_ray.errors import MemoryExceeded, ReadingTimeout, SakeError, TooManyPixels, UnreadableDocument

WORDS = ("invoice", "2024", "total", "amount", "due")
"""The words of the usual page, as they are compared: in small letters, without punctuation."""


@dataclass(frozen=True, slots=True)
class Completed:
    """The file is read: these words are in its text, and it has this number of pages (None: any).

    A `blank` document has no word at all.
    """

    words: tuple[str, ...] = WORDS
    pages: int | None = None
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The file is refused with one of these errors or a subclass; its sentence holds every fragment of `says`.

    ReadingCrashed counts only where it is named itself: it also hides mistakes of ours behind three crashes.
    """

    errors: tuple[type[SakeError], ...]
    says: tuple[str, ...] = ()


Outcome = Completed | Refused


@dataclass(frozen=True, slots=True)
class HostileFile:
    """One file as a user would send it, and what must come of it: one outcome, or any of a few."""

    name: str
    data: bytes
    outcome: Outcome | tuple[Outcome, ...]
    why: str

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """The allowed outcomes, always as a tuple."""
        return self.outcome if isinstance(self.outcome, tuple) else (self.outcome,)


Maker = Callable[[], HostileFile]

READ = Completed(pages=1)
BLANK = Completed(words=(), pages=1, blank=True)
UNREADABLE = Refused((UnreadableDocument,))
BY_A_LIMIT = Refused((TooManyPixels, MemoryExceeded, ReadingTimeout))
BY_PIXELS = Refused((TooManyPixels,), says=("40",))


def named(*makers: Maker) -> dict[str, Maker]:
    """Name each maker by its function."""
    return {maker.__name__: maker for maker in makers}
