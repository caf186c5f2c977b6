"""Ask a Prometheus what it has measured and what fires, within a bounded time."""

import json
import math
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

import httpx

from sake_ray.client.connection import open_http
from sake_ray.domain.measurements import Alert, Points
from sake_ray.errors import Overloaded

ANSWER_SECONDS = 2.0
MAX_BYTES = 2_000_000
PLACES = ("/prometheus", "")
"""Where its API begins: below its name when it lives behind the gateway, else at the top."""
NOT_FOUND = 404

Answer = TypeVar("Answer")


class Prometheus:
    """One Prometheus. Every call ends at its deadline (of the clock) or soon after, and raises Overloaded without an answer."""

    def __init__(self, url: str, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.url, self.clock = url, clock
        self._http = open_http(url, ANSWER_SECONDS)
        self._place: str | None = None

    def list_alerts(self, *, deadline: float) -> tuple[Alert, ...]:
        """List the alerts, those that fire first."""
        found = self._ask(lambda data: [_to_alert(one) for one in data["alerts"]], "alerts", deadline)
        return tuple(sorted(found, key=lambda alert: (not alert.is_firing, alert.since)))

    def query_range(self, expression: str, start: datetime, end: datetime, step: float, *, deadline: float) -> Points:
        """Evaluate an expression that has at most one series, every so many seconds; moments without a value are left out."""
        params: dict[str, str | float] = {"query": expression, "start": start.timestamp(), "end": end.timestamp()}
        return self._ask(_to_points, "query_range", deadline, step=step, **params)

    def query(self, expression: str, *, deadline: float) -> tuple[tuple[Mapping[str, str], float], ...]:
        """Evaluate an expression now: the labels and the value of each series."""
        return self._ask(
            lambda data: tuple((one["metric"], float(one["value"][1])) for one in data["result"]),
            "query",
            deadline,
            query=expression,
        )

    def _ask(self, read: Callable[[Any], Answer], call: str, deadline: float, **params: str | float) -> Answer:
        try:
            for place in PLACES if self._place is None else (self._place,):
                status, body = self._get(f"{place}/api/v1/{call}", deadline, params)
                if status != NOT_FOUND:
                    break
            answer = read(json.loads(body)["data"])
        except (httpx.HTTPError, ValueError, LookupError, TypeError, AttributeError) as error:
            self._place = None
            raise Overloaded("prometheus-unreachable", error=type(error).__name__) from error
        self._place = place
        return answer

    def _get(self, path: str, deadline: float, params: Mapping[str, str | float]) -> tuple[int, bytes]:
        """Read a response piece by piece, so that one that trickles or never ends takes neither time nor memory."""
        body = bytearray()
        with self._http.stream("GET", path, params=params) as response:
            for piece in response.iter_bytes():
                body += piece
                if len(body) > MAX_BYTES or self.clock() > deadline:
                    raise ValueError("too long")
        return response.status_code, bytes(body)


def _to_points(data: Any) -> Points:
    found = data["result"]
    points = ((datetime.fromtimestamp(at, UTC), float(value)) for at, value in (found[0]["values"] if found else ()))
    return tuple((at, value) for at, value in points if math.isfinite(value))


def _to_alert(found: Mapping[str, Any]) -> Alert:
    labels, notes = found["labels"], found.get("annotations", {})
    return Alert(
        labels.get("alertname", ""),
        labels.get("severity", ""),
        notes.get("summary") or notes.get("description", ""),
        notes.get("runbook_url", ""),
        found["state"] == "firing",
        datetime.fromisoformat(found["activeAt"]),
    )
