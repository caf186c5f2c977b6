"""Check a little at a time, round and round: what was never checked, or longest ago, comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sake_ray.ledger import BATCH_KINDS, COUNT_KINDS, DOCUMENT_KINDS, OBJECT_KINDS, REQUEST_KINDS, Installation
from sake_ray.ledger.batches import (
    COUNTS,
    check_batches,
    check_counts,
    check_requests,
    check_requests_again,
    name_request,
)
from sake_ray.ledger.documents import check_document
from sake_ray.ledger.objects import find_orphans, find_orphans_among
from sake_ray.storage.records.faults import CheckState, Fault
from sake_ray.storage.records.ledger import DocumentEntry

ROUND = "round"
DOCUMENTS, BATCHES, REQUESTS = 10, 50, 50
"""How many are checked in a step. With a step a minute, 200,000 documents take two weeks."""
RECHECKED = 10
"""Known faults that are looked at again in a step, to see whether they were mended."""
PREFIXES = 256
"""The objects are listed in so many parts, by the first two digits of their batch."""
CHECKED_KINDS: Mapping[str, str] = DOCUMENT_KINDS | BATCH_KINDS | REQUEST_KINDS | COUNT_KINDS | OBJECT_KINDS
"""Models are left to the whole check and to the predictor, which refuses a wrong one: MLflow takes memory and seconds."""


def check_next(installation: Installation, *, now: datetime) -> CheckState:
    """Check the next few of everything, store what is found, and return how far the round is.

    The place is stored, too, so that a restart goes on there. Raises StorageUnavailable.
    """
    ledger, faults = installation.records.ledger, installation.records.faults
    state = faults.find_check(ROUND) or CheckState(ROUND, now, now)
    if not state.position.get("document"):
        state = replace(state, documents=0, started_at=now)
        # Once a round: it goes over all documents.
        faults.replace(COUNT_KINDS, [COUNTS], check_counts(installation.records), now=now)
    _check_again(installation, now)
    place = dict(state.position)
    _check_some_batches(installation, place, now)
    _check_some_requests(installation, place, now)
    _check_some_objects(installation, place, now)
    entries = ledger.list_documents(after=place.get("document", ""), limit=DOCUMENTS)
    place["document"] = entries[-1].id if len(entries) == DOCUMENTS else ""
    state = replace(state, position=place, checked_at=now, documents=state.documents + len(entries))
    if not place["document"]:
        state = replace(state, completed_at=now)
    # Before the documents: one that cannot be checked must not hold up the others.
    faults.save_check(state)
    _check_documents(installation, [entry.id for entry in entries], entries, now)
    return state


def _check_documents(
    installation: Installation, ids: Sequence[str], entries: Sequence[DocumentEntry], now: datetime
) -> None:
    """Check these documents; one whose row is gone has no faults of its own."""
    found = [fault for entry in entries for fault in check_document(installation, entry)]
    installation.records.faults.replace(DOCUMENT_KINDS, ids, found, now=now)


def _check_some_batches(installation: Installation, place: dict[str, str], now: datetime) -> None:
    ledger, faults = installation.records.ledger, installation.records.faults
    entries = ledger.list_batches(after=place.get("batch", ""), limit=BATCHES)
    faults.replace(BATCH_KINDS, [entry.uuid for entry in entries], check_batches(entries), now=now)
    place["batch"] = entries[-1].uuid if len(entries) == BATCHES else ""


def _check_some_requests(installation: Installation, place: dict[str, str], now: datetime) -> None:
    ledger, faults = installation.records.ledger, installation.records.faults
    after = place.get("account", ""), place.get("key", "")
    entries = ledger.list_requests(after=after, limit=REQUESTS)
    found = check_requests(installation.records, entries)
    faults.replace(REQUEST_KINDS, list(map(name_request, entries)), found, now=now)
    last = entries[-1] if len(entries) == REQUESTS else None
    place["account"], place["key"] = (last.account, last.key) if last else ("", "")


def _check_some_objects(installation: Installation, place: dict[str, str], now: datetime) -> None:
    part = int(place.get("objects", "0")) % PREFIXES
    for prefix in list_prefixes(part):
        for keys, orphans in find_orphans(installation.records, installation.store, prefix, now=now):
            installation.records.faults.replace(OBJECT_KINDS, keys, orphans, now=now)
    place["objects"] = str(part + 1)


def list_prefixes(part: int) -> list[str]:
    """List the prefixes of a part of the objects."""
    return [f"{part:02x}"]


def _check_again(installation: Installation, now: datetime) -> None:
    """Look again at the known faults that were not looked at for longest."""
    ledger, faults = installation.records.ledger, installation.records.faults
    known = faults.list(kinds=CHECKED_KINDS, oldest_seen=True, limit=RECHECKED)
    ids = _subjects(known, DOCUMENT_KINDS)
    _check_documents(installation, ids, ledger.list_documents(ids=ids), now)
    uuids = _subjects(known, BATCH_KINDS)
    faults.replace(BATCH_KINDS, uuids, check_batches(ledger.list_batches(uuids=uuids)), now=now)
    if any(fault.kind in COUNT_KINDS for fault in known):
        faults.replace(COUNT_KINDS, [COUNTS], check_counts(installation.records), now=now)
    unkept = [fault for fault in known if fault.kind in REQUEST_KINDS]
    names, still = [fault.subject for fault in unkept], check_requests_again(installation.records, unkept)
    faults.replace(REQUEST_KINDS, names, still, now=now)
    keys = _subjects(known, OBJECT_KINDS)
    faults.replace(
        OBJECT_KINDS, keys, find_orphans_among(installation.records, installation.store, keys, now=now), now=now
    )


def _subjects(known: Sequence[Fault], kinds: Mapping[str, str]) -> list[str]:
    return [fault.subject for fault in known if fault.kind in kinds]
