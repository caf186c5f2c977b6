"""The service: accept documents durably, read and classify them, and serve the results over HTTP."""
