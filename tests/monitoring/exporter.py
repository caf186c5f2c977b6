"""An exporter of synthetic series over HTTP: healthy ones, some of which a test makes faulty."""

import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.monitoring.series import Level, Missing, Phase, Rise

STEP_SECONDS = 10.0
"""How long a step of the healthy series is."""
TIME = re.compile(r"timestamp_seconds|_at_seconds|node_time_seconds")


class Exporter:
    """Series that are asked for at `port`; times among them are the real time."""

    def __init__(self, series: Mapping[str, Phase]) -> None:
        self.port = 0
        self._healthy: Mapping[str, Phase] = series
        self._phases: dict[str, Phase] = {}
        self._since: dict[str, float] = {}
        self._last: dict[str, float] = {}
        self.inject(series)

    def inject(self, faults: Mapping[str, Phase]) -> None:
        """Make series go otherwise from now on; a rise is by step of ten seconds."""
        for name, phase in faults.items():
            jump = phase.jump if isinstance(phase, Rise) else 0.0
            self._last[name] = (self._value(name) or 0.0) + jump
            self._phases[name], self._since[name] = phase, time.time()

    def heal(self) -> None:
        """Make all as it was."""
        changed = [name for name, phase in self._phases.items() if phase != self._healthy.get(name, Missing())]
        self.inject({name: self._healthy.get(name, Missing()) for name in changed})

    def write(self) -> str:
        """Write what is exported now."""
        values = {name: self._value(name) for name in self._phases}
        # In the order of their names, as the format wants the series of a metric together.
        return "".join(f"{name} {values[name]!r}\n" for name in sorted(values) if values[name] is not None)

    def _value(self, name: str) -> float | None:
        phase = self._phases.get(name, Missing())
        if isinstance(phase, Missing):
            return None
        if TIME.search(name) and phase == self._healthy.get(name):
            return time.time()
        if isinstance(phase, Rise):
            return self._last[name] + phase.step * (time.time() - self._since[name]) / STEP_SECONDS
        return phase.value if isinstance(phase, Level) else float(phase)


@contextmanager
def export(exporter: Exporter, port: int = 0) -> Iterator[Exporter]:
    """Serve what it exports, for the duration of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = exporter.write().encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/plain; version=0.0.4")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    exporter.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield exporter
    finally:
        server.shutdown()
        server.server_close()
