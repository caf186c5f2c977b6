"""Keep what those who read at the same time must know of each other: who reads which bytes, and what a document has cost."""

from threading import Lock
from typing import Protocol


class DocumentClaims(Protocol):
    """Claims to documents, by the sha256 of their bytes."""

    def claim(self, sha256: str, index: int) -> bool:
        """Claim a document for the source of that index; False when another source has the same bytes."""
        ...

    def spend(self, sha256: str, seconds: float) -> float:
        """Add CPU seconds to what reading a document has cost in this run; return how much that is."""
        ...

    def give_up(self, sha256: str) -> None:
        """Have nobody read more pages of a document, because one of them failed."""
        ...

    def is_given_up(self, sha256: str) -> bool:
        """Whether a page of the document has failed."""
        ...


class ClaimTable:
    """Claims in the memory of one process; its threads may share them. Lost claims cost a second reading, never a result."""

    def __init__(self) -> None:
        self._indexes: dict[str, int] = {}
        self._seconds: dict[str, float] = {}
        self._given_up: set[str] = set()
        self._lock = Lock()

    def claim(self, sha256: str, index: int) -> bool:
        """Claim a document. The same source may claim it again: a worker that died is replaced."""
        return self._indexes.setdefault(sha256, index) == index

    def spend(self, sha256: str, seconds: float) -> float:
        """Add CPU seconds to what a document has cost."""
        with self._lock:
            self._seconds[sha256] = self._seconds.get(sha256, 0.0) + seconds
            return self._seconds[sha256]

    def give_up(self, sha256: str) -> None:
        """Have nobody read more pages of a document."""
        self._given_up.add(sha256)

    def is_given_up(self, sha256: str) -> bool:
        """Whether a page of the document has failed."""
        return sha256 in self._given_up
