"""Start queued jobs while there is room, and start jobs again whose process was killed."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sake_ray.domain.jobs import Job
from sake_ray.errors import Message, SakeError
from sake_ray.storage.records import Records

STALLED_AFTER = timedelta(seconds=30)
"""A job without a heartbeat for so long was killed; it sends one every two seconds."""
CLOCK_GAP = timedelta(seconds=15)
"""When our own steps are this far apart, the machine slept or the records were away: no heartbeat could arrive."""

log = logging.getLogger(__name__)


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
        self._last_step: datetime | None = None
        self._grace_until: datetime | None = None

    def step(self, now: datetime) -> None:
        """Requeue stalled jobs, and submit what there is room for. Raises StorageUnavailable; step again later."""
        self._requeue_stalled(now)
        for job in self.records.jobs.admit(max_running=self.max_running, now=now):
            self._submit(job)
        self._last_step = now

    def _requeue_stalled(self, now: datetime) -> None:
        if self._last_step and now - self._last_step > CLOCK_GAP:
            self._grace_until = now + STALLED_AFTER
            self._last_step = now
        if self._grace_until and now < self._grace_until:
            return
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
