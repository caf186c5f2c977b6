"""The routes of the HTTP application, with a module for each noun."""
