"""Where the seconds of a request, document or job went: spans, and their export by OpenTelemetry."""
