"""Measure pages that are many times as long as wide, such as till receipts and long screenshots, by sheets of paper."""

LONG = 2.5
"""A page so many times as long as wide counts as several sheets, one after the other."""


def measure_sheet(width: float, height: float) -> float:
    """Measure the longer side of a page; of a long one that of a sheet, so that its print is as large as that of others."""
    return min(max(width, height), LONG * min(width, height))
