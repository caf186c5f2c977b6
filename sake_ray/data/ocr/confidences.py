"""Put the confidences of the neural reader on Tesseract's scale: at the same confidence both are right equally often."""

import numpy as np

# Measured on generated pages with known text (bench/ocr_confidences.py): how often words of three letters and more are right where
# the models say so much, and the confidence at which Tesseract is right as often. The models are hardly ever below 0.8, even where they guess.
SURENESS = (0.0, 0.80, 0.90, 0.93, 0.96, 0.98, 0.99, 0.998, 1.0)
CONFIDENCE = (0.0, 30.0, 50.0, 60.0, 75.0, 85.0, 88.0, 91.0, 96.5)


def to_common_scale(sureness: float) -> float:
    """Translate how sure the models are of a word (0–1) to Tesseract's confidence (0–100)."""
    return float(np.interp(sureness, SURENESS, CONFIDENCE))
