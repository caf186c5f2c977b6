"""Start queued jobs while there is room, and start jobs again whose process was killed."""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from sake_ray.domain.jobs import Job
from sake_ray.errors import Message, SakeError
from sake_ray.storage.records import Records
from sake_ray.storage.records.clock_watch import ClockWatch, Look

STALLED_AFTER = timedelta(seconds=30)
"""A job without a heartbeat for so long was killed; it sends one every two seconds."""
CLOCK_GAP = timedelta(seconds=15)
"""When our own looks are this far apart, the machine slept or the records were away: no heartbeat could arrive."""

log = logging.getLogger(__name__)


def watch_clock(read: Callable[[], datetime], *, elapsed: Callable[[], float] = time.monotonic) -> ClockWatch:
    """Watch the clock by which jobs stall, read by `read`; what was written while it was ahead, the orchestrator mends."""
    return ClockWatch(read, settling=STALLED_AFTER, longest_gap=CLOCK_GAP, elapsed=elapsed)


class Admission:
    """Run at most `max_running` jobs at once; several processes may do this at the same time.

    `submit` starts the runner of a job somewhere. `is_alive` says of a submission whether it waits or runs; None when that
    cannot be known.
    """

    def __init__(
        self,
        records: Records,
        submit: Callable[[Job], None],
        is_alive: Callable[[str], bool | None],
        *,
        max_running: int,
    ) -> None:
        self.records = records
        self.submit = submit
        self.is_alive = is_alive
        self.max_running = max_running

    def step(self, look: Look) -> None:
        """Requeue stalled jobs, and submit what there is room for. Raises StorageUnavailable; step again later."""
        if look.is_settled:
            self._requeue_stalled(look.now)
        for job in self.records.jobs.admit(max_running=self.max_running, now=look.now):
            self._submit(job)

    def _requeue_stalled(self, now: datetime) -> None:
        dead = [submission for submission in self.records.jobs.list_submissions() if self.is_alive(submission) is False]
        for job in self.records.jobs.requeue_stalled(older_than=STALLED_AFTER, now=now, dead=dead):
            log.warning(
                "stalled job requeued",
                extra={"job": job.number, "attempt": job.attempt, "state": job.state.value, "why": job.why},
            )

    def _submit(self, job: Job) -> None:
        try:
            self.submit(job)
            log.info("job submitted", extra={"job": job.number, "attempt": job.attempt})
        except Exception as error:  # one job that cannot be submitted must not hold up the others
            log.exception("job could not be submitted", extra={"job": job.number, "attempt": job.attempt})
            unforeseen = Message("job-not-submitted", error=type(error).__name__)
            why = error.message if isinstance(error, SakeError) else unforeseen
            self.records.jobs.requeue(job.number, job.attempt, why=why)
