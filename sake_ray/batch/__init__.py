"""Classify many files at once, with a journal: an interrupted run goes on where it was."""
