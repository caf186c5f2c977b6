"""What an OCR engine is: it reads the words of one grey image, within so many CPU seconds."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sake_ray.domain.datatypes import Pixels
from sake_ray.errors import ReadingTimeout

T = TypeVar("T")

FULL_SPEED = 0.9
"""Whoever got this share of a CPU was not kept waiting by others."""
MIN_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class RecognizedWord:
    """A word with its box in pixels of the image; confidence 0–100; line numbers grow in reading order."""

    text: str
    left: int
    top: int
    right: int
    bottom: int
    confidence: float
    line: int


class OcrEngine(Protocol):
    """Reads the words of one grey image.

    Confidences are on Tesseract's scale: words of two engines with the same confidence are right equally often.
    """

    name: str
    version: str

    def read(self, grey: Pixels, *, segmentation: int, seconds: float) -> tuple[RecognizedWord, ...]:
        """Read one image; raises ReadingTimeout after so many CPU seconds and ReadingCrashed when the engine fails."""
        ...


def run_within(seconds: float, run: Callable[[float], T]) -> T:
    """Run the engine, which knows a limit by the clock only, within so many CPU seconds; raises ReadingTimeout.

    On a busy machine its time by the clock is over before it has had the CPU seconds. Then it runs again, with twice the time,
    until it ends, has used them up, or the parent of this process loses patience.
    """
    started, wall = measure_own_cpu(), max(MIN_SECONDS, seconds)
    while True:
        try:
            return run(wall)
        except ReadingTimeout:
            if measure_own_cpu() - started >= FULL_SPEED * seconds:
                raise
            wall *= 2


def measure_own_cpu() -> float:
    """Measure the CPU seconds that this process and its ended children have used."""
    return sum(os.times()[:4])
