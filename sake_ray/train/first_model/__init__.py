"""The first model, so that a new home has one, and the texts that it is fitted on."""

from pathlib import Path

CORPUS = Path(__file__).parent / "corpus.jsonl.gz"
CORPUS_COUNT, CORPUS_SEED = 800, 2026
# The library brings its own Tesseract, the same on every machine; the program is whatever the system has.
CORPUS_ENGINE = "tesserocr"
