"""Confine a process that decodes what strangers have made."""
