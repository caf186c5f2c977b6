"""Say what a classification is: one row of the output."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ClassificationResult:
    """One row of the output; `ocr_confidence` is empty where nothing was read by OCR, `notes` are sentences."""

    path: str
    sha256: str
    status: str
    media_type: str = ""
    pages: int = 0
    error: str = ""
    notes: str = ""
    language: str = ""
    ocr_confidence: float | None = None
    label: str | None = None
    confidence: float | None = None
    probabilities: Mapping[str, float] = field(default_factory=dict)
    needs_review: bool = True
    model_version: str = ""
    seconds: float = 0.0
