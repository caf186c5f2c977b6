"""Check batches against their documents, answered uploads against batches, and the numbers of documents against all."""

from collections.abc import Sequence

from sake_ray.errors import Message
from sake_ray.storage.records import Records
from sake_ray.storage.records.faults import Fault
from sake_ray.storage.records.ledger import BatchEntry, RequestEntry

COUNTS = "document_counts"
"""The subject of a fault of the numbers of documents."""


def check_batches(entries: Sequence[BatchEntry]) -> list[Fault]:
    """Find batches that have not as many documents as were accepted into them."""
    return [
        Fault(
            entry.uuid,
            Message("fault-batch-count", batch=entry.uuid, accepted=accepted, documents=entry.documents),
        )
        for entry in entries
        if (accepted := max(entry.accepted, entry.positions)) != entry.documents + entry.erased
        or accepted != entry.accepted
    ]


def check_requests(records: Records, entries: Sequence[RequestEntry]) -> list[Fault]:
    """Find uploads that were answered and whose documents are not all there."""
    there = _count_documents(records, [entry.batch for entry in entries])
    return [
        Fault(
            name_request(entry),
            Message(
                "fault-request-unkept",
                batch=entry.batch,
                account=entry.account,
                accepted=entry.accepted,
                documents=there.get(entry.batch, 0),
            ),
        )
        for entry in entries
        if there.get(entry.batch, 0) < entry.accepted
    ]


def check_requests_again(records: Records, known: Sequence[Fault]) -> list[Fault]:
    """Find which of these faults are still there: answers are deleted after a day, what they promised is not."""
    there = _count_documents(records, [str(fault.message.params["batch"]) for fault in known])
    return [
        fault
        for fault in known
        if there.get(str(fault.message.params["batch"]), 0) < int(str(fault.message.params["accepted"]))
    ]


def check_counts(records: Records) -> list[Fault]:
    """Find whether there are as many documents as the triggers noted; this counts all of them."""
    differing = records.counts.find_differences()
    return [Fault(COUNTS, Message("fault-counts-differ", counts=list(differing)))] if differing else []


def name_request(entry: RequestEntry) -> str:
    """Name a request in one text."""
    return f"{entry.account}/{entry.key}"


def _count_documents(records: Records, uuids: Sequence[str]) -> dict[str, int]:
    return {
        entry.uuid: entry.documents + entry.erased
        for entry in records.ledger.list_batches(uuids=set(uuids), limit=len(uuids))
    }
