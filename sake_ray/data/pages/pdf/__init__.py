"""Read PDF files with PDFium; runs in the reader process only."""
