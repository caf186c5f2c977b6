"""What Prometheus has measured in the last day and what fires now, asked once for all who look."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from sake_ray.domain.measurements import Alert, AskedPart, Course, Measurements
from sake_ray.errors import Overloaded
from sake_ray.serve.auth import utc_now
from sake_ray.serve.measures import MEASURES
from sake_ray.serve.prometheus import Prometheus

log = logging.getLogger(__name__)

FRESH_SECONDS = 30.0
"""So long an answer is shown to others too, also that there was none."""
TOTAL_SECONDS = 6.0
"""After so many seconds what is missing is left out."""
SPAN, STEP = timedelta(hours=24), timedelta(minutes=15)


class Measuring:
    """Asks Prometheus for all who look at the same time, and never for longer than a few seconds."""

    def __init__(self, prometheus: Prometheus, *, now: Callable[[], datetime] = utc_now) -> None:
        self._prometheus, self._now = prometheus, now
        self._lock = threading.Lock()
        self._known: Measurements | None = None
        self._fresh_until = 0.0

    def get(self) -> Measurements:
        """Get what was found in the last half minute, or ask; while somebody else asks, what was found before."""
        known = self._known
        if known is not None and (self._prometheus.clock() < self._fresh_until or self._lock.locked()):
            return known
        with self._lock:
            if self._known is known or self._known is None:
                self._known = self._ask()
                self._fresh_until = self._prometheus.clock() + FRESH_SECONDS
            return self._known

    def _ask(self) -> Measurements:
        prometheus, now = self._prometheus, self._now()
        deadline = prometheus.clock() + TOTAL_SECONDS
        alerts, parts, courses = tuple[Alert, ...](), tuple[AskedPart, ...](), list[Course]()
        try:
            alerts = prometheus.list_alerts(deadline=deadline)
            parts = _list_parts(prometheus, deadline)
            for measure in MEASURES:
                points = prometheus.query_range(
                    measure.expression, now - SPAN, now, STEP.total_seconds(), deadline=deadline
                )
                courses.append(Course(measure, points))
        except Overloaded as error:
            log.warning("prometheus not reached", extra={"error": error.message.params.get("error", "")})
            return Measurements(now, False, alerts, parts, tuple(courses))
        return Measurements(now, True, alerts, parts, tuple(courses))


def _list_parts(prometheus: Prometheus, deadline: float) -> tuple[AskedPart, ...]:
    counted = {one["job"]: int(n) for one, n in prometheus.query("count by (job) (up)", deadline=deadline)}
    answering = {one["job"]: int(n) for one, n in prometheus.query("sum by (job) (up)", deadline=deadline)}
    return tuple(AskedPart(job, answering.get(job, 0), counted[job]) for job in sorted(counted))
