"""Read the words of a page image; runs in the reading child only."""
