"""Start queued jobs while there is room, and start those again whose process was killed."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sake_ray.domain.jobs import Job
from sake_ray.errors import SakeError
from sake_ray.storage.records import Records

LOST_AFTER = timedelta(seconds=30)
"""A job that gave no sign of life for so long was killed; it gives one every two seconds."""
PAUSE = timedelta(seconds=15)
"""When our own steps are this far apart, the machine slept or the records were away: nobody could give a sign."""

log = logging.getLogger(__name__)


class Admission:
    """Lets at most so many jobs run at once; several processes may do this at the same time.

    `submit` starts the keeper of a job somewhere. `alive` tells of a submission whether it may still come to something; None
    when that cannot be known.
    """

    def __init__(
        self, records: Records, submit: Callable[[Job], None], alive: Callable[[str], bool | None], *, most: int
    ) -> None:
        self.records = records
        self.submit = submit
        self.alive = alive
        self.most = most
        self._last: datetime | None = None
        self._patient_until: datetime | None = None

    def step(self, now: datetime) -> None:
        """Take back what was killed, and submit what there is room for. Raises StorageUnavailable; step again later."""
        self._take_back(now)
        for job in self.records.jobs.admit(most=self.most, now=now):
            self._submit(job)
        self._last = now

    def _take_back(self, now: datetime) -> None:
        if self._last and now - self._last > PAUSE:
            self._patient_until = now + LOST_AFTER
            self._last = now
        if self._patient_until and now < self._patient_until:
            return
        dead = [submission for submission in self.records.jobs.submissions() if self.alive(submission) is False]
        for job in self.records.jobs.take_back_lost(older_than=LOST_AFTER, now=now, dead=dead):
            log.warning(
                "a lost job was taken back",
                extra={"job": job.number, "attempt": job.attempt, "state": job.state.value, "why": job.why},
            )

    def _submit(self, job: Job) -> None:
        try:
            self.submit(job)
            log.info("a job was submitted", extra={"job": job.number, "attempt": job.attempt})
        except Exception as error:  # one job that cannot be submitted must not hold up the others
            log.exception("a job could not be submitted", extra={"job": job.number, "attempt": job.attempt})
            why = str(error) if isinstance(error, SakeError) else f"It could not be submitted: {type(error).__name__}."
            self.records.jobs.put_back(job.number, job.attempt, why=why)
