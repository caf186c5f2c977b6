"""Read the words of a page image; runs in the reader process only."""
