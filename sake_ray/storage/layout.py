"""The folders of the store. What documents have is below their batch, `uuid/folder/id.ending`; all else belongs to bytes."""

ORIGINALS = "original_raw"
EXPORTED = ("ocr_raw", "cleaned")
"""Texts that are exported of documents."""
OF_DOCUMENTS = (ORIGINALS, *EXPORTED)
TEXTS = ("texts", "loose-pages")
"""What was read of bytes, with one folder for each recipe, as those of PAGES and READINGS."""
PAGES, READINGS, PREVIEWS = "pages", "readings", "previews"
OF_BYTES = (*TEXTS, PAGES, READINGS, PREVIEWS)
