"""Have a body come at a pace: a sender may pause for a while, and must send so many bytes a second over time."""

import asyncio
import time

from starlette.types import Message, Receive

PATIENCE_SECONDS = 20.0
"""How long a sender may send nothing at all."""
MIN_BYTES_A_SECOND = 2_000
"""So many bytes earn a second of it back: a line of 16 kbit/s is enough."""


class BodyTooSlow(Exception):
    """The patience for a sender is used up."""


class Pace:
    """The body of one request, as it comes. Only the time counts in which somebody waits for it."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._left = PATIENCE_SECONDS
        self.too_slow = False
        self.complete = asyncio.Event()

    async def receive(self) -> Message:
        """Receive the next part; raises BodyTooSlow. After the end of the body it waits for the end of the connection."""
        if self.complete.is_set():
            return await self._receive()
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._left):
                message = await self._receive()
        except TimeoutError as error:
            self.too_slow = True
            raise BodyTooSlow from error
        earned = len(message.get("body", b"")) / MIN_BYTES_A_SECOND
        self._left = min(self._left - (time.monotonic() - began) + earned, PATIENCE_SECONDS)
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            self.complete.set()
        return message
