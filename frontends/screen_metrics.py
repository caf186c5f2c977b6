"""Count what happens in the screens, for the metrics of this process."""

import logging

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sake_ray.metrics import Instruments

STREAMLIT_ERRORS = "streamlit.error_util"
"""Streamlit's logger of what a page fails at."""


class ScreenMetricsMiddleware:
    """ASGI middleware around the whole application: how requests end, and how many pages are open."""

    def __init__(self, app: ASGIApp, *, instruments: Instruments) -> None:
        self.app, self._instruments = app, instruments
        self._open = 0
        self._set_open(0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        if scope["type"] == "websocket":
            await self._keep_open(scope, receive, send)
        elif scope["type"] == "http":
            await self._count(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _keep_open(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on the connection of a page, which lasts as long as the page is open."""
        self._set_open(1)
        try:
            await self.app(scope, receive, send)
        finally:
            self._set_open(-1)

    async def _count(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def note_status(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._instruments.count("screens_requests", status=f"{int(message['status']) // 100}xx")
            await send(message)

        await self.app(scope, receive, note_status)

    def _set_open(self, change: int) -> None:
        self._open += change
        self._instruments.set("screens_sessions", self._open)


class ErrorCount(logging.Filter):
    """Counts the pages that fail, as Streamlit logs them."""

    def __init__(self, instruments: Instruments) -> None:
        super().__init__()
        self._instruments = instruments

    def filter(self, record: logging.LogRecord) -> bool:
        """Count it, and let it pass."""
        if record.exc_info:
            self._instruments.count("screens_errors")
        return True
