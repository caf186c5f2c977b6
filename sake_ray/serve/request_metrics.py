"""Count uploads and sign-ins by how they end, whoever ends them: the route, a limit before it, or a mistake of ours."""

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


class RequestMetricsMiddleware:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, *, instruments: Instruments) -> None:
        self.app, self._instruments = app, instruments

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, and count how it ended."""
        kind = COUNTED.get(scope.get("path", "")) if scope.get("method") == "POST" else None
        if kind is None:
            await self.app(scope, receive, send)
            return
        status = 0

        async def note_status(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
            await send(message)

        problem_code.set("")
        await self.app(scope, receive, note_status)
        if status:  # otherwise whoever asked has gone
            self._count(kind, status)

    def _count(self, kind: str, status: int) -> None:
        outcome = GOOD[kind] if status < 400 else "refused" if status < 500 else "failed"
        self._instruments.count(REQUESTS[kind], outcome=outcome)
        code = problem_code.get()
        if outcome == "refused" and code not in OF_FILES:
            self._instruments.count(f"{kind}_refused", reason=code)
