"""The first model, so that a new home has one, and the texts that it is fitted on; `make corpus` makes both."""

from pathlib import Path

CORPUS = Path(__file__).parent / "corpus.jsonl.gz"
CORPUS_COUNT, CORPUS_SEED = 800, 2026
# The library brings its own Tesseract, the same on every machine; the program is whatever the system has.
CORPUS_ENGINE, CORPUS_SECOND_ENGINE = "tesserocr", "rapidocr"
NUMBERS = Path(__file__).parent / "numbers"
"""The folder of the fitted model, as `Classifier.save` writes it, and of what it was fitted on (`SOURCE_FILE`)."""
