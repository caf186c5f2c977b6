"""The gateway: nginx in front of screens, API and tools, as files that are made from values."""
