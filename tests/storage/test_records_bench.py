"""The bench of the records in its small form: what it puts in is sound, and everything that it measures can be asked."""

import sqlalchemy as sa

from bench.records import list_queries, measure
from bench.records_data import TEAMS, fill
from sake_ray.storage.records import DocumentFilter, Records
from tests.storage.example_records import NOW

DOCUMENTS = 600


def test_bench_puts_in_documents_that_are_as_the_service_makes_them(records: Records) -> None:
    fill(records, DOCUMENTS, now=NOW)
    entries = records.ledger.list_documents(limit=DOCUMENTS + 1)
    assert len(entries) == DOCUMENTS
    assert [entry for entry in entries if entry.differing] == []
    assert [batch for batch in records.ledger.list_batches(limit=DOCUMENTS) if batch.accepted != batch.documents] == []
    assert records.counts.find_differences() == ()
    assert records.search.list_missing() == ()
    found = [records.search.find([{"xtotal"}], DocumentFilter(team), limit=1).counted for team in [*TEAMS, None]]
    assert sum(found[:-1]) == found[-1] > DOCUMENTS / 3


def test_bench_measures_every_query(records: Records) -> None:
    queries = list_queries(records, fill(records, DOCUMENTS, now=NOW))
    for query in queries:
        assert str(measure(query, repeat=2)).startswith(f"| {query.name} |")
    with records.database.transaction(reads_only=True) as connection:
        triggers = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'documents'"
        if not records.database.is_sqlite:
            triggers = "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'documents'::regclass AND NOT tgisinternal"
        assert connection.execute(sa.text(triggers)).scalar_one() >= 2
    assert records.counts.find_differences() == ()
