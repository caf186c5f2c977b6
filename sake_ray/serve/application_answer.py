"""An answer on its way out of Serve: the application's as it is; what Serve says in its place becomes a problem of ours.

Serve answers by itself, in plain text, when no replica takes a request (503, 429) or one takes too long (408). When a replica
dies under a request it says nothing, and the server would answer with an empty 500.
"""

from collections.abc import Mapping

from starlette.types import Message, Send

from sake_ray import errors
from sake_ray.schemas.problems import MEDIA_TYPE

BY_SERVE: Mapping[int, str] = {408: "request-timed-out", 429: "too-many-requests", 503: "too-many-requests"}
"""The codes of ours for what Serve itself answers with."""


class ApplicationAnswer:
    """What is sent goes on; `started` tells whether the application answered, `instead` what to say where it did not."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.started = False
        self.instead = errors.Message("part-restarting")

    async def send(self, message: Message) -> None:
        """Pass on what the application sends, and keep back what Serve does."""
        if message["type"] == "http.response.start":
            if message["status"] in BY_SERVE and not _is_problem(message):
                self.instead = errors.Message(BY_SERVE[message["status"]])
                return
            self.started = True
        if self.started or not message["type"].startswith("http.response."):
            await self._send(message)


def _is_problem(message: Message) -> bool:
    return any(
        name.lower() == b"content-type" and value.startswith(MEDIA_TYPE.encode())
        for name, value in message.get("headers", [])
    )
