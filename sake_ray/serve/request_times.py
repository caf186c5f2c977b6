"""Measure how long requests wait for their answer, by what is asked for. Ray's own metrics know one route, /."""

import time
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sake_ray.metrics import Instruments
from sake_ray.metrics.service import LONG, OTHER, ROUTES, UPLOADS

UPLOAD = "submit_documents"
LONG_OPERATIONS = {
    "add_images", "compare_runs", "erase_reference", "export_batch", "export_documents", "get_document_original", "get_job_log",
    "get_measurements", "get_reference_data", "get_searchable_pdf", "import_feedback", "list_audit_entries", "move_image",
    "promote_model", "put_back_image", "register_model", "remove_image", "roll_back_model", "start_job", "stop_job",
}  # fmt: skip
"""What may take long because of what it is: whole files, the workspace, MLflow, Prometheus, jobs."""


class RequestTimesMiddleware:
    """ASGI middleware around the limits: what they refuse was answered as well.

    It measures until an answer begins, because how long sending it takes is a matter of whoever receives it.
    """

    def __init__(self, app: ASGIApp, *, instruments: Instruments) -> None:
        self.app, self._instruments = app, instruments

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on."""
        began = time.perf_counter()

        async def note_answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                seconds = time.perf_counter() - began
                self._instruments.observe("request_seconds", seconds, route=name_route(scope.get("route")))
            await send(message)

        await self.app(scope, receive, note_answer)


def name_route(route: Any) -> str:
    """Name a route as the metrics do."""
    name = getattr(route, "name", "")
    if name == UPLOAD:
        return UPLOADS
    if name in LONG_OPERATIONS:
        return LONG
    first = "/".join(getattr(route, "path", "").split("/", 2)[:2])
    return first if first in ROUTES else OTHER
