"""Make identity documents."""
