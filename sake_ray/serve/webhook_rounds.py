"""Deliver what webhooks are to be told: at least once each, a few receivers at a time, and none holds the others up."""

import logging
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sake_ray.domain.webhooks import find_pause
from sake_ray.errors import Message, SakeError
from sake_ray.serve.attempts import OrchestratorObserver
from sake_ray.serve.webhook_sending import SendingFailed, post
from sake_ray.serve.webhooks import WebhookParts, make_headers, open_secret, write_payload
from sake_ray.storage.records import DeliveryClaim, Records

log = logging.getLogger(__name__)

THREADS = 8
LEASE = timedelta(minutes=2)
"""Longer than resolving a name and sending take. What a kill leaves is sent again after it: the receiver knows the id."""
IN_A_ROW = 50
"""So many deliveries a webhook gets, as long as they succeed, before the others have their turn."""
IDLE_SECONDS = 1.0
PURGE_SECONDS = 3600.0
DELIVERED, FAILED, DEAD = "delivered", "failed", "dead"


class WebhookRounds:
    """The rounds of deliveries. Each webhook has at most one thread at work, so that what is due to it comes in order."""

    def __init__(self, records: Records, parts: WebhookParts, observer: OrchestratorObserver) -> None:
        self.records, self.parts, self.observer = records, parts, observer
        self._pool = ThreadPoolExecutor(THREADS, "webhooks")
        self._lock, self._busy = threading.Lock(), set[str]()
        self._purged_at = 0.0

    def run_next(self) -> float:
        """Begin to deliver what is due, without waiting for it; return after how many seconds to look again."""
        for webhook in self.records.deliveries.list_due(self.records.clock.now()):
            with self._lock:
                if len(self._busy) >= THREADS:
                    break
                if webhook in self._busy:
                    continue
                self._busy.add(webhook)
            self._pool.submit(self._deliver_some, webhook)
        if time.monotonic() - self._purged_at > PURGE_SECONDS:
            self.records.deliveries.purge(now=self.records.clock.now())
            self._purged_at = time.monotonic()
        return IDLE_SECONDS

    def _deliver_some(self, webhook: str) -> None:
        try:
            for _ in range(IN_A_ROW):
                claim = self.records.deliveries.claim(webhook, lease=LEASE, now=self.records.clock.now())
                # After a failure the others have their turn: the receiver may be away, which takes long to find out.
                if claim is None or not self._deliver(claim):
                    return
        except SakeError as error:
            log.error("delivering failed", extra={"webhook": webhook, "error": error.message})
        finally:
            with self._lock:
                self._busy.discard(webhook)

    def _deliver(self, claim: DeliveryClaim) -> bool:
        """Make one attempt; return whether the receiver has it."""
        status: int | None = None
        try:
            status = self._send(claim)
            reason = Message("webhook-refused", status=status)
        except SendingFailed as error:
            reason = error.reason
        except Exception:
            log.exception("delivery failed", extra=_ids(claim))  # whatever it is, the others go on
            reason = Message("internal-error")
        if status is not None and 200 <= status < 300:
            self.records.deliveries.complete(claim, response=status)
            self.observer.count_delivery(DELIVERED)
            return True
        pause = find_pause(claim.delivery.attempts, random.random())
        not_before = None if pause is None else self.records.clock.now() + pause
        self.records.deliveries.fail(claim, reason, response=status, not_before=not_before)
        self.observer.count_delivery(FAILED if not_before else DEAD)
        log.warning("delivery not made", extra=_ids(claim) | {"error": reason, "dead": not_before is None})
        return False

    def _send(self, claim: DeliveryClaim) -> int:
        secret = open_secret(self.parts, claim.secret)
        if secret is None:
            raise SendingFailed(Message("webhook-secret-unreadable"))
        body = write_payload(claim.delivery)
        headers = make_headers(claim.delivery, secret, body, now=datetime.now(UTC))
        return post(claim.url, body, headers, self.parts.rules)


def _ids(claim: DeliveryClaim) -> dict[str, object]:
    # Never the address: whoever knows some of them may write there.
    delivery = claim.delivery
    return {"delivery": delivery.id, "webhook": delivery.webhook, "attempt": delivery.attempts}
