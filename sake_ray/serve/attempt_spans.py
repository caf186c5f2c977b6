"""Record the attempts at a document in its trace, also those whose worker was killed."""

import time
from contextlib import AbstractContextManager

from sake_ray.domain.documents import Claim
from sake_ray.domain.retries import Cause
from sake_ray.domain.traces import TraceContext, make_span_id
from sake_ray.tracing.spans import SpanKind, TraceSpan, record_span, span


def open_attempt(claim: Claim) -> AbstractContextManager[TraceSpan]:
    """Record an attempt for the duration of the block, under an id that any other worker can compute."""
    document = claim.document
    return span(
        "attempt",
        kind=SpanKind.CONSUMER,
        id=make_span_id(document.id, claim.attempt),
        document=document.id,
        batch=document.batch,
        attempt=claim.attempt,
    )


def record_waiting(claim: Claim, above: TraceContext) -> float:
    """Record how long the document waited for this attempt, and the one before of which only the records know; return seconds."""
    document = claim.document
    now = claim.claimed_at.timestamp() if claim.claimed_at else time.time()
    since = claim.waiting_since.timestamp() if claim.waiting_since else now
    if claim.lost_since:
        record_span(
            "attempt",
            claim.lost_since.timestamp(),
            since,
            kind=SpanKind.CONSUMER,
            parent=above,
            id=make_span_id(document.id, claim.attempt - 1),
            failed=True,
            document=document.id,
            batch=document.batch,
            attempt=claim.attempt - 1,
            cause=Cause.LOST.name,
            outcome="put-back",
        )
    record_span("wait", since, now, parent=above, document=document.id, attempt=claim.attempt)
    return max(0.0, now - since)
