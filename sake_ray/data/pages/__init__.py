"""Turn an original into pages; runs in the reading child only."""
