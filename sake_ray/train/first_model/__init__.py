"""The first model, so that there is one from the start, and the texts that it learns from."""
