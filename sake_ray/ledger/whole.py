"""Check everything, or a sample: chunk by chunk, so that no number of documents fills the memory."""

import secrets
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sake_ray.domain.progress import Progress, ignore_progress
from sake_ray.ledger import (
    BATCH_KINDS,
    COUNT_KINDS,
    DOCUMENT_KINDS,
    MODEL_KINDS,
    OBJECT_KINDS,
    REQUEST_KINDS,
    Installation,
)
from sake_ray.ledger.batches import (
    COUNTS,
    check_batches,
    check_counts,
    check_requests,
    check_requests_again,
    name_request,
)
from sake_ray.ledger.documents import check_document
from sake_ray.ledger.models import check_models, list_versions
from sake_ray.ledger.objects import find_orphans
from sake_ray.storage.records.faults import MAX_FAULTS, CheckState, Fault
from sake_ray.storage.records.ledger import DocumentEntry

THREADS = 8
"""Documents that are checked at the same time; most of it is waiting for the store."""
CHUNK = 200
WHOLE = "whole"
FIRST_DIGITS = "0123456789abcdef"
"""What the uuid of a batch begins with."""
MAX_EXAMPLES = 100
"""Faults of each kind that a report names; the others are counted."""


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was checked, and what was found: counts by kind, and the first faults of each."""

    documents: int
    batches: int
    requests: int
    objects: int
    faults: Mapping[str, int]
    examples: tuple[Fault, ...]


class _Findings:
    """Counts what is found, stores it, and holds the first of each kind."""

    def __init__(self, installation: Installation, now: datetime) -> None:
        self.installation, self.now = installation, now
        self.checked: Counter[str] = Counter()
        self.counts: Counter[str] = Counter()
        self.examples: list[Fault] = []
        self._seen: set[tuple[str, str]] = set()  # requests: they are looked at twice

    def add(self, what: str, kinds: Mapping[str, str], subjects: Sequence[str], found: Sequence[Fault]) -> None:
        self.checked[what] += len(subjects)
        self.store(kinds, subjects, found)

    def store(self, kinds: Mapping[str, str], subjects: Collection[str], found: Sequence[Fault]) -> None:
        for fault in found:
            if (fault.kind, fault.subject) in self._seen:
                continue
            if fault.kind in REQUEST_KINDS:
                self._seen.add((fault.kind, fault.subject))
            self.counts[fault.kind] += 1
            if self.counts[fault.kind] <= MAX_EXAMPLES:
                self.examples.append(fault)
        self.installation.records.faults.replace(kinds, subjects, found, now=self.now)

    def report(self) -> CheckReport:
        return CheckReport(
            documents=self.checked["documents"],
            batches=self.checked["batches"],
            requests=self.checked["requests"],
            objects=self.checked["objects"],
            faults=dict(self.counts),
            examples=tuple(self.examples),
        )


def check_installation(
    installation: Installation, *, sample: int | None = None, now: datetime, on_progress: Progress = ignore_progress
) -> CheckReport:
    """Check everything, or with `sample` so many documents at random and no objects; what is found is stored.

    Raises StorageUnavailable when records or store do not answer.
    """
    findings = _Findings(installation, now)
    _check_requests(installation, findings)
    used = _check_documents(installation, findings, sample, on_progress)
    _check_batches(installation, findings)
    if sample is None:
        findings.store(COUNT_KINDS, [COUNTS], check_counts(installation.records))
        for digit in FIRST_DIGITS:
            for keys, orphans in find_orphans(installation.records, installation.store, digit, now=now):
                findings.add("objects", OBJECT_KINDS, keys, orphans)
    if installation.registry:
        found = check_models(installation.registry, installation.records, used)
        findings.add("models", MODEL_KINDS, [*list_versions(installation.records), *used], found)
    if sample is None:
        installation.records.faults.drop(seen_before=now)
        documents = findings.checked["documents"]
        installation.records.faults.save_check(CheckState(WHOLE, now, now, documents, completed_at=now))
    return findings.report()


def _check_requests(installation: Installation, findings: _Findings) -> None:
    known = installation.records.faults.list(kinds=REQUEST_KINDS, limit=MAX_FAULTS)
    again = check_requests_again(installation.records, known)
    findings.store(REQUEST_KINDS, [fault.subject for fault in known], again)
    after = "", ""
    while entries := installation.records.ledger.list_requests(after=after, limit=CHUNK):
        found = check_requests(installation.records, entries)
        findings.add("requests", REQUEST_KINDS, list(map(name_request, entries)), found)
        after = entries[-1].account, entries[-1].key


def _check_documents(
    installation: Installation, findings: _Findings, sample: int | None, on_progress: Progress
) -> set[str]:
    """Check the documents; return the checksums of the models that classified them."""
    used: set[str] = set()
    documents = installation.records.ledger.count_documents()
    total = documents if sample is None else min(sample, documents)
    with ThreadPoolExecutor(THREADS, "check") as pool:
        for entries in _list_chunks(installation) if total == documents else _draw_chunks(installation, total):
            used |= {entry.model_hash for entry in entries if entry.model_hash}
            found = pool.map(partial(check_document, installation), entries)
            ids = [entry.id for entry in entries]
            findings.add("documents", DOCUMENT_KINDS, ids, [fault for faults in found for fault in faults])
            on_progress(findings.checked["documents"], max(total, findings.checked["documents"]))
    return used


def _list_chunks(installation: Installation) -> Iterator[tuple[DocumentEntry, ...]]:
    after = ""
    while entries := installation.records.ledger.list_documents(after=after, limit=CHUNK):
        yield entries
        after = entries[-1].id


def _draw_chunks(installation: Installation, sample: int) -> Iterator[tuple[DocumentEntry, ...]]:
    """Draw documents at random: from a random id on the next one, since ids are random themselves."""
    ledger = installation.records.ledger
    drawn: set[str] = set()
    for _ in range(10 * sample):
        found = ledger.list_documents(after=secrets.token_hex(16), limit=1) or ledger.list_documents(limit=1)
        new = tuple(entry for entry in found if entry.id not in drawn)
        drawn |= {entry.id for entry in new}
        if new:
            yield new
        if not found or len(drawn) == sample:
            return


def _check_batches(installation: Installation, findings: _Findings) -> None:
    after = ""
    while entries := installation.records.ledger.list_batches(after=after, limit=CHUNK):
        findings.add("batches", BATCH_KINDS, [entry.uuid for entry in entries], check_batches(entries))
        after = entries[-1].uuid
