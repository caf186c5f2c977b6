"""An application that is served over HTTP on a port of this machine, in this process."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from tests.ports import free_port
from tests.waiting import PATIENCE, wait_until


@contextmanager
def serve_app(app: ASGIApp, *, port: int = 0, **options: Any) -> Iterator[int]:
    """Serve it for the duration of a block, with more options of uvicorn; yields the port."""
    port = port or free_port()
    common = {"host": "127.0.0.1", "port": port, "log_level": "error", "proxy_headers": False}
    server = uvicorn.Server(uvicorn.Config(app, **common | {"timeout_graceful_shutdown": 1} | options))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        wait_until(lambda: server.started, interval=0.02)
        yield port
    finally:
        server.should_exit = True
        thread.join(PATIENCE)
