"""Measure the queries of the records with a million documents, on SQLite and PostgreSQL.

    .venv/bin/python -m bench.records [--documents 1000000] [--database sqlite|postgresql|both|URL] [--repeat 100]

Prints the median and the 99th percentile of each query with its limit, and the median of the CPU time, which other work on the
machine hardly changes. Ends with 1 when a 99th percentile is beyond its limit. The PostgreSQL is one of this machine, made for
the purpose, unless the URL of an empty database is given.
"""

import argparse
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from itertools import count
from pathlib import Path
from random import Random
from statistics import median, quantiles
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

TOP = Path(__file__).parents[1]
sys.path[:0] = [str(TOP)]  # for the tests' PostgreSQL

from bench.records_data import COMMON, FREQUENT, LABELS, RARE, Filled, fill, read_size  # noqa: E402
from sake_ray.domain.accounts import Account, Role  # noqa: E402
from sake_ray.domain.answers import Answer  # noqa: E402
from sake_ray.domain.documents import Batch, Document, ReadingSummary, Status  # noqa: E402
from sake_ray.domain.texts import Recipe  # noqa: E402
from sake_ray.domain.verdicts import Policy, Prediction, Verdict  # noqa: E402
from sake_ray.storage.records import AuditFilter, DocumentFilter, Records  # noqa: E402
from sake_ray.storage.records.tables import sessions  # noqa: E402

INTERACTIVE, CLAIM, GAUGES = 50.0, 5.0, 5.0
"""Limits in milliseconds."""
LEASE = timedelta(seconds=30)
PAGE = 50
SESSIONS = 5000


@dataclass(frozen=True)
class Query:
    """Something that is asked of the records, and how many milliseconds it may take; None: nobody waits for it."""

    name: str
    ask: Callable[[], Any]
    limit: float | None = INTERACTIVE


@dataclass(frozen=True)
class Figures:
    """How long a query took, in milliseconds."""

    query: Query
    median: float
    p99: float
    cpu: float

    @property
    def holds(self) -> bool:
        """Whether it is within its limit."""
        return self.query.limit is None or self.p99 <= self.query.limit

    def __str__(self) -> str:
        limit = ("" if self.query.limit is None else f"{self.query.limit:g}") + ("" if self.holds else " BEYOND")
        return f"| {self.query.name} | {self.median:.2f} | {self.p99:.2f} | {self.cpu:.2f} | {limit} |"


def measure(query: Query, *, repeat: int, read_cpu: Callable[[], float] = time.process_time) -> Figures:
    """Ask again and again, once before it counts; what nobody waits for only three times."""
    query.ask()
    taken, worked = [], []
    for _ in range(repeat if query.limit is not None else 3):
        began, cpu = time.perf_counter(), read_cpu()
        query.ask()
        taken.append((time.perf_counter() - began) * 1000)
        worked.append((read_cpu() - cpu) * 1000)
    return Figures(query, median(taken), quantiles(taken, n=100, method="inclusive")[98], median(worked))


def find_cpu_clock(records: Records) -> Callable[[], float]:
    """Find what tells the CPU seconds of this process, and of PostgreSQL's that works for it where that is on this machine."""
    if records.database.is_sqlite:
        return time.process_time
    with records.database.transaction(reads_only=True) as connection:
        backend = connection.execute(sa.select(sa.func.pg_backend_pid())).scalar_one()
    clock = Path(f"/proc/{backend}/schedstat")
    if not clock.exists() or b"postgres" not in Path(f"/proc/{backend}/cmdline").read_bytes():
        return time.process_time
    return lambda: time.process_time() + int(clock.read_text().split()[0]) / 1e9


def list_queries(records: Records, filled: Filled) -> list[Query]:
    """List what is measured."""
    return [
        *_lists(records, filled),
        *_searches(records),
        *_counts(records, filled),
        *_work(records, filled),
        *_accounts(records, filled),
        *_background(records),
    ]


def _lists(records: Records, filled: Filled) -> Iterator[Query]:
    month = filled.now - timedelta(days=30)
    for name, criteria in {
        "all": DocumentFilter(),
        "a team": DocumentFilter("paris"),
        "a team, a label": DocumentFilter("paris", label="invoice"),
        "a team, a rare label": DocumentFilter("brest", label="rib"),
        "a team, to review": DocumentFilter("paris", needs_review=True),
        "a team, not to review": DocumentFilter("paris", needs_review=False),
        "a team, failed": DocumentFilter("paris", Status.FAILED),
        "a team, another language": DocumentFilter("paris", language="unknown"),
        "a team, this month": DocumentFilter("paris", since=month),
        "a label": DocumentFilter(label="passport"),
        "to review": DocumentFilter(needs_review=True),
        "what needs ops": DocumentFilter(status=Status.NEEDS_OPS),
        "my own": DocumentFilter("lyon", owner="lyon 3"),
        "a reference": DocumentFilter("paris", reference=filled.references[0]),
        "a team, two criteria": DocumentFilter("paris", label="rib", language="unknown"),
        "a team, a label, to review": DocumentFilter("paris", label="invoice", needs_review=True),
    }.items():
        yield Query(f"list documents: {name}", partial(records.documents.list, criteria, limit=PAGE))
    some = iter(_again(filled.documents))
    yield Query("get a document", lambda: records.documents.get(next(some), team=None))
    for team in ("paris", None):
        yield Query(f"list batches: {team or 'all'}", partial(records.batches.list, team=team, limit=PAGE))
    batches, references = iter(_again(filled.batches)), iter(_again(filled.references))
    yield Query("count a batch", lambda: records.batches.count(next(batches)))
    yield Query("labels of a batch", lambda: records.batches.count_labels(next(batches)))
    yield Query("ETag of a batch", lambda: records.etags.of_batch(next(batches)))
    yield Query("answers of a batch", lambda: records.answers.list_of_batch(next(batches)))
    yield Query("labels of a reference", lambda: records.references.count_labels(next(references), team="paris"))
    yield Query("review: least sure", lambda: records.reviews.list_least_sure(100))
    yield Query("review: at random", lambda: records.reviews.sample(4, random=Random(time.monotonic_ns())))
    yield Query("review: how many are left", records.reviews.count_unanswered)


def _searches(records: Records) -> Iterator[Query]:
    questions: dict[str, tuple[Sequence[str], DocumentFilter]] = {
        "half of a large team": ([COMMON], DocumentFilter("paris")),
        "half of a small team": ([COMMON], DocumentFilter("brest")),
        "half of all": ([COMMON], DocumentFilter()),
        "a tenth of a team": ([FREQUENT], DocumentFilter("paris")),
        "two words": ([COMMON, FREQUENT], DocumentFilter("lille")),
        "a rare word": ([RARE], DocumentFilter("paris")),
        "a rare and a common word": ([RARE, COMMON], DocumentFilter("paris")),
        "a name": ([COMMON, "n17"], DocumentFilter("paris")),
        "nothing": (["nowhere", COMMON], DocumentFilter("paris")),
        "half of a team, mine": ([COMMON], DocumentFilter("lyon", owner="lyon 3")),
        "half of a team, a language": ([COMMON], DocumentFilter("paris", language="en")),
        "half of a team, a label": ([COMMON], DocumentFilter("paris", label="invoice")),
        "half of a team, to review": ([COMMON], DocumentFilter("paris", needs_review=True)),
    }
    for name, (words, criteria) in questions.items():
        sets = [{f"x{word}", f"f{word}"} for word in words]
        yield Query(f"search: {name}", partial(records.search.find, sets, criteria, limit=20))
    first = records.search.find([{f"x{COMMON}"}], DocumentFilter("paris"), limit=20)
    after = first.next_cursor
    yield Query(
        "search: next page",
        lambda: records.search.find([{f"x{COMMON}"}], DocumentFilter("paris"), limit=20, after=after),
    )


def _counts(records: Records, filled: Filled) -> Iterator[Query]:
    now, monitoring = filled.now, records.monitoring

    def gauges() -> None:
        records.counts.fold()
        records.queue.measure_depth()
        records.exports.count_failing()

    yield Query("gauges, every five seconds", gauges, GAUGES)
    yield Query("is an export due", lambda: records.exports.has_due(now))
    for ask in (
        monitoring.count_documents,
        monitoring.count_ended_by_hour,
        monitoring.count_review_rate,
        monitoring.count_corrections,
        monitoring.count_failed_attempts,
    ):
        yield Query(f"monitoring: {ask.__name__}", partial(ask, now))
    yield Query("imported answers", records.answers.count_imported)


def _work(records: Records, filled: Filled) -> Iterator[Query]:
    moments = (filled.now + timedelta(milliseconds=number) for number in count())
    claimed: list[Any] = []
    labels = iter(_again(list(LABELS)))
    recipe = Recipe("tesseract", "5.3.0", "fra+eng", 3, 2)

    def complete() -> None:
        if not claimed:
            claimed.extend(records.queue.claim("bench", limit=50, lease=LEASE * 100, now=next(moments)))
        label, now = next(labels), next(moments)
        prediction = Prediction(Verdict(label, 0.9, {label: 0.9, "other": 0.1}, False), "1", "ab" * 32, 1)
        terms = [("xtotal", "ftotal"), *((f"xw{number}",) for number in range(60))]
        records.queue.complete(claimed.pop(), ReadingSummary(1, "fr", 90.0, recipe), prediction, terms=terms, now=now)

    def accept() -> None:
        now = next(moments)
        batch = Batch(str(uuid4()), "bench", "paris", "paris 1", now)
        records.documents.accept(batch, [_new_document(batch, now) for _ in range(5)])

    ids = iter(_again(filled.documents))
    yield Query("is there something to claim", lambda: records.queue.has_claimable(next(moments)), CLAIM)
    yield Query("claim a document", lambda: claimed.extend(_claim(records, next(moments))), CLAIM)
    yield Query("complete a document", complete)
    yield Query("accept five documents", accept)
    yield Query("answer", lambda: records.answers.add(Answer(next(ids), next(labels), "paris 1", next(moments))))
    yield Query("ledger: the next ten documents", lambda: records.ledger.list_documents(after=next(ids), limit=10))


def _claim(records: Records, now: datetime) -> Sequence[Any]:
    return records.queue.claim("bench", limit=1, lease=LEASE * 100, now=now)


def _accounts(records: Records, filled: Filled) -> Iterator[Query]:
    account = Account("bench", Role.ADMIN, "paris")
    records.accounts.add(account, password_hash="", now=filled.now)
    row = {"account": account.name, "tokens_since": account.tokens_since, "peer": "", "created_at": filled.now}
    row |= {"seen_at": filled.now, "expires_at": filled.now + timedelta(days=1)}
    hashes = [sha256(f"{number}".encode()).hexdigest() for number in range(SESSIONS)]
    with records.database.transaction() as connection:
        connection.execute(sessions.insert(), [row | {"id_hash": one} for one in hashes])
    yield Query("who calls", lambda: records.sessions.find_account("7", now=filled.now))
    for name, wanted in {
        "newest": AuditFilter(),
        "of somebody": AuditFilter(by="paris 3"),
        "of a kind": AuditFilter(action="answered"),
        "of a subject": AuditFilter(subject=f"document:{filled.documents[0]}"),
        "of a week": AuditFilter(since=filled.now - timedelta(days=90), until=filled.now - timedelta(days=83)),
        "of somebody, of a kind": AuditFilter(by="paris 3", action="answered"),
        "of somebody, of nothing": AuditFilter(by="paris 3", action="exported"),
    }.items():
        yield Query(f"audit: {name}", partial(records.audit.list, wanted))


def _background(records: Records) -> Iterator[Query]:
    yield Query("preview a policy", lambda: records.policies.count_open(Policy(threshold=0.8)), None)
    yield Query(
        "what the model classified and people answered", lambda: records.policies.list_answered("ab" * 32), None
    )
    yield Query("all answers, for an import", lambda: sum(1 for _ in records.answers.iterate()), None)
    yield Query("compare the numbers with all documents", records.counts.find_differences, None)


def _again(items: Sequence[str]) -> Iterator[str]:
    while True:
        yield from items


def _new_document(batch: Batch, now: datetime) -> Document:
    id = uuid4().hex
    return Document(id, batch.uuid, batch.reference, batch.team, "a.pdf", "application/pdf", 1, id * 2, f"o/{id}", now)


def run(url: str, documents: int, *, repeat: int, now: datetime) -> list[Figures]:
    """Fill an empty database, measure, and print the figures as they come."""
    records = Records(url)
    try:
        records.database.migrate()
        began = time.monotonic()
        filled = fill(records, documents, now=now)
        size = read_size(records) / 2**20
        print(
            f"\n{documents:,} documents, {size:,.0f} MB, filled in {time.monotonic() - began:.0f} s: {records.database!r}"
        )
        print("\n| query | median, ms | p99, ms | CPU, ms | limit |\n|---|---|---|---|---|")
        figures, read_cpu = [], find_cpu_clock(records)
        for query in list_queries(records, filled):
            figures.append(measure(query, repeat=repeat, read_cpu=read_cpu))
            print(figures[-1], flush=True)
        return figures
    finally:
        records.database.close()


@contextmanager
def open_database(kind: str) -> Iterator[str]:
    """The URL of an empty database of that kind, as long as the block runs."""
    folder = Path(tempfile.mkdtemp(prefix="sake-bench-"))
    try:
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'records.db'}"
        elif kind == "postgresql":
            from tests.storage.postgres import find_programs, running

            folder.chmod(0o755)
            with running(find_programs(), folder) as server:
                yield server.url("postgres")
        else:
            yield kind
    finally:
        shutil.rmtree(folder)


def main() -> None:
    """Run and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=1_000_000)
    parser.add_argument("--database", default="both", help="sqlite, postgresql, both, or the URL of an empty database")
    parser.add_argument("--repeat", type=int, default=100)
    options = parser.parse_args()
    kinds = ["sqlite", "postgresql"] if options.database == "both" else [options.database]
    figures = []
    for kind in kinds:
        with open_database(kind) as url:
            figures += run(url, options.documents, repeat=options.repeat, now=datetime.now(UTC))
    beyond = [one.query.name for one in figures if not one.holds]
    print(
        f"\n{len(beyond)} of {len(figures)} queries are beyond their limits{': ' if beyond else '.'}{', '.join(beyond)}"
    )
    sys.exit(1 if beyond else 0)


if __name__ == "__main__":
    main()
