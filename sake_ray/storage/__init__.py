"""Store bytes (objects) and rows (records)."""
