"""Jobs: admit them, run them, know where their Ray is."""
