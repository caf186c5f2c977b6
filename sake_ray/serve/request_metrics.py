"""Count uploads and sign-ins by how they end, whoever ends them: a route, a limit, Serve's proxy, or a mistake of ours.

How they end is counted where all answers go out, around the guard: when a replica of the gateway is killed under a request, only
the proxy is left to say so. Why they are refused is known only to whoever refuses: the gateway, or the guard.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sake_ray.metrics import Instruments
from sake_ray.serve.problems import problem_code

UPLOADS, SIGN_INS = "uploads", "sign_ins"
COUNTED = {"/predict": UPLOADS, "/auth/token": SIGN_INS, "/auth/issuer": SIGN_INS}
"""The paths that are counted; on the last one only who signs in, not who asks for the issuer."""
REQUESTS = {UPLOADS: "upload_requests", SIGN_INS: "sign_ins"}
GOOD = {UPLOADS: "accepted", SIGN_INS: "done"}
OF_FILES = {"only-file-refused", "all-files-refused"}
"""What an upload is answered with of which every file was refused: those are counted one by one, with their reasons."""


class OutcomeMetricsMiddleware:
    """ASGI middleware in Serve's proxy, around all else there."""

    def __init__(self, app: ASGIApp, *, instruments: Instruments) -> None:
        self.app, self._instruments = app, instruments

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count how it ended. Who has gone before any answer counts for nothing."""
        kind = find_kind(scope)
        if kind is None:
            await self.app(scope, receive, send)
            return
        status, gone = 0, False

        async def note_disconnect() -> Message:
            nonlocal gone
            message = await receive()
            gone = gone or (message["type"] == "http.disconnect" and not status)
            return message

        async def note_status(message: Message) -> None:
            nonlocal status
            status = status or read_status(message)
            await send(message)

        try:
            await self.app(scope, note_disconnect, note_status)
        except Exception:
            status = status or 500  # as the server answers then
            raise
        finally:
            if status and not gone:
                outcome = GOOD[kind] if status < 400 else "refused" if status < 500 else "failed"
                self._instruments.count(REQUESTS[kind], outcome=outcome)


class RefusalMetricsMiddleware:
    """ASGI middleware around the whole app, and around the guard: each counts what is refused within it."""

    def __init__(self, app: ASGIApp, *, instruments: Instruments) -> None:
        self.app, self._instruments = app, instruments

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count why it was refused."""
        kind = find_kind(scope)
        if kind is None:
            await self.app(scope, receive, send)
            return
        status = 0

        async def note_status(message: Message) -> None:
            nonlocal status
            status = status or read_status(message)
            await send(message)

        problem_code.set("")
        await self.app(scope, receive, note_status)
        code = problem_code.get()
        problem_code.set("")  # of two in one process the inner one has counted it
        if 400 <= status < 500 and code and code not in OF_FILES:
            self._instruments.count(f"{kind}_refused", reason=code)


def find_kind(scope: Scope) -> str | None:
    """Find which kind a request is of; None where it is not counted."""
    return COUNTED.get(scope.get("path", "")) if scope.get("method") == "POST" else None


def read_status(message: Message) -> int:
    """Read the status of an answer from its beginning; 0 from anything else."""
    return int(message["status"]) if message["type"] == "http.response.start" else 0
