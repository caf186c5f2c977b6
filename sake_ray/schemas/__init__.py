"""What travels over HTTP, with a module for each noun; docs/openapi.json is made from it."""
