"""Document classification an office can run itself."""
