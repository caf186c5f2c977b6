"""The limits of what a document may cost."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of what a document may cost; checked before decoding where that is possible."""

    max_bytes: int = 20_000_000
    max_pages: int = 50
    max_pixels: int = 40_000_000
    page_seconds: float = 60.0
    document_seconds: float = 300.0
    memory_mb: int = 3072
