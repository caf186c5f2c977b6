"""Turn an original into pages; runs in the reader process only."""
