"""Renew what this process holds in the records, in a thread of its own, so that no slow store or busy pool starves it."""

import logging
import threading

from sake_ray.errors import SakeError
from sake_ray.storage.records import HeldKey, Records

log = logging.getLogger(__name__)

RENEW_SECONDS = 8.0
"""A lease lasts thirty seconds, so that it survives three renewals that fail."""


class LeaseRenewal:
    """Renews keys and uploads, from `keep` until `drop`. The thread lives only while there is something to renew."""

    def __init__(self, records: Records, *, seconds: float = RENEW_SECONDS) -> None:
        self.records, self.seconds = records, seconds
        self._keys: set[HeldKey] = set()
        self._uploads: set[str] = set()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def keep(self, held: HeldKey | str) -> None:
        """Renew a key, or an upload by its id, from now on."""
        with self._changed:
            if isinstance(held, str):
                self._uploads.add(held)
            else:
                self._keys.add(held)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="lease-renewal", daemon=True)
                self._thread.start()

    def drop(self, held: HeldKey | str) -> None:
        """Renew it no longer."""
        with self._changed:
            self._keys.discard(held)
            self._uploads.discard(held)
            if not (self._keys or self._uploads):
                self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._keys or self._uploads:
                    self._changed.wait(self.seconds)
                keys, uploads = tuple(self._keys), tuple(self._uploads)
                if not (keys or uploads):
                    self._thread = None
                    return
            try:
                self._renew(keys, uploads)
            except SakeError as error:
                log.error("leases not renewed", extra={"error": error.message})
            except Exception:
                log.exception("leases not renewed")  # whatever it is, this thread must not end

    def _renew(self, keys: tuple[HeldKey, ...], uploads: tuple[str, ...]) -> None:
        now = self.records.clock.now()
        if keys:
            self.records.idempotency_keys.renew(keys, now=now)
        if uploads:
            self.records.uploads.renew(uploads, now=now)
