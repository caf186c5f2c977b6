"""What travels over HTTP, a module for each noun; docs/openapi.json is made from it."""
