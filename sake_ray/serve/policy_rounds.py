"""Bring open documents under the newest policy, a few at a time, with pauses in which others write."""

import logging
import time

from sake_ray.storage.records import OutdatedDocument, Records

log = logging.getLogger(__name__)

CHUNK = 100
"""Documents of one transaction."""
PAUSE_SECONDS = 0.1
"""At least so long between two transactions, and as long as the last one took. SQLite's writers look every tenth of a second."""
IDLE_SECONDS = 5.0


class PolicyRounds:
    """The rounds of the newest policy. A round finds the next documents without holding anybody up, then writes.

    What a kill leaves undone is found by the index, and so is what a predictor completes under the policy before.
    """

    def __init__(self, records: Records, *, chunk: int = CHUNK) -> None:
        self.records, self.chunk = records, chunk
        self.outdated = 0
        """Open documents that carry an older policy, as far as is known."""
        self._version = 0
        self._last: OutdatedDocument | None = None

    def run_next(self) -> float:
        """Apply the newest policy to the next few documents; return after how many seconds the next round is to begin."""
        policies = self.records.policies
        policy = policies.find_newest()
        if policy is None:
            return IDLE_SECONDS
        if policy.version != self._version:
            self._version, self._last, self.outdated = policy.version, None, policies.count_outdated(policy)
            if self.outdated:
                log.info("policy is being applied", extra={"policy": policy.version, "documents": self.outdated})
        found = policies.list_outdated(policy, after=self._last, limit=self.chunk)
        if not found:
            self._last, self.outdated = None, policies.count_outdated(policy)
            return IDLE_SECONDS
        begun = time.monotonic()
        policies.reapply(policy, found, now=self.records.clock.now())
        self._last, self.outdated = found[-1], max(0, self.outdated - len(found))
        return max(PAUSE_SECONDS, time.monotonic() - begun)
