"""Know where Ray is, and let it do jobs."""
