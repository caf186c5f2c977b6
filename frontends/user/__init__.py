"""The screens of those who hand documents in."""
