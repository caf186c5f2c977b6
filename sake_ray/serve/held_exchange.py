"""Hold a body back until the gateway wants it, and the end of an answer until the sender can have seen it."""

import asyncio
from contextlib import suppress

from starlette.types import Message, Receive, Scope, Send

from sake_ray.serve.middleware import BODY_HELD, BODY_WANTED
from sake_ray.serve.slow_bodies import BodyTooSlow, Pace

LINGER_SECONDS = 10.0
"""After a refusal the rest of a body is thrown away for a while: a sender that is cut off may never see the answer, and one that
comes again at once keeps the proxy busy."""


class HeldExchange:
    """A request whose body is read when the gateway wants it, and its answer, whose end waits for the sender."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = {**scope, "extensions": {**(scope.get("extensions") or {}), BODY_HELD: {}}}
        self.pace = Pace(receive)
        self.started = False
        self.ending: Message | None = None
        self._wanted = asyncio.Event()
        self._send = send

    async def receive(self) -> Message:
        """Wait until the body is wanted, and give the next piece of it."""
        await self._wanted.wait()
        try:
            return await self.pace.receive()
        except BodyTooSlow:
            return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        """Send a piece of the answer; its end waits in `ending` where the body is not complete."""
        if message["type"] == BODY_WANTED:
            self._wanted.set()
            return
        # What it says of half a body does not go out: the sender is told what is wrong with that.
        if self.pace.too_slow and not self.started:
            return
        if message["type"] == "http.response.start":
            self.started = True
            headers = message.get("headers", [])
            if not self.pace.complete.is_set() and (b"connection", b"close") not in headers:
                message = {**message, "headers": [*headers, (b"connection", b"close")]}
        elif self._is_refusal_end(message):
            # The body itself goes out; the empty end of it closes the connection, and waits for `linger`.
            self.ending = {"type": "http.response.body", "body": b"", "more_body": False}
            message = {**message, "more_body": True}
        await self._send(message)

    def _is_refusal_end(self, message: Message) -> bool:
        is_end = message["type"] == "http.response.body" and not message.get("more_body")
        return is_end and not self.pace.complete.is_set()

    async def linger(self) -> None:
        """Throw away what still comes of the body, for a moment."""
        with suppress(TimeoutError, BodyTooSlow, ConnectionError):
            async with asyncio.timeout(LINGER_SECONDS):
                while not self.pace.complete.is_set():
                    await self.pace.receive()
