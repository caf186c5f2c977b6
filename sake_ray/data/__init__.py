"""From an original to its words: pages, OCR, cleaning; generated documents; the Ray Data pipeline."""
