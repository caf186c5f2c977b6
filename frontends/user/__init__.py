"""The user's screens: upload, results, search, candidate, document."""
