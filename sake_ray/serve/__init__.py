"""Serve predictions: accept documents durably, read and classify them, answer for them."""
