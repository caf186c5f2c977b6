"""The limits of what a document may cost."""

from dataclasses import dataclass

STARVED = 10
"""A reading may take so many times its CPU seconds by the clock: then it has had less than a tenth of a CPU, or hangs."""
MIN_PATIENCE = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of what a document may cost; checked before decoding where that is possible.

    Seconds are CPU seconds of whatever reads it: how busy the machine is does not count against a document. `page_patience` and
    `document_patience` are seconds by the clock, after which a reading is broken off through no fault of the document.
    """

    max_bytes: int = 20_000_000
    max_pages: int = 50
    max_pixels: int = 40_000_000
    page_seconds: float = 60.0
    document_seconds: float = 300.0
    memory_mb: int = 3072

    @property
    def page_patience(self) -> float:
        """How long a page may take by the clock."""
        return max(MIN_PATIENCE, STARVED * self.page_seconds)

    @property
    def document_patience(self) -> float:
        """How long a document may take by the clock."""
        return max(MIN_PATIENCE, STARVED * self.document_seconds)
