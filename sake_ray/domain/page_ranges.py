"""Say which pages of a document are meant, and what it consists of."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageRange:
    """Pages of a document from `first` to `last`, both among them, numbered from 1."""

    first: int
    last: int

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last

    def __len__(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Survey:
    """What a document consists of, told without reading it: how many pages, and how many of them are likely scans."""

    pages: int
    scans: int
