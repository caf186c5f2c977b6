"""Remove what deleting rows leaves behind: entries of the search index, and the bytes in the files of the database.

SQLite overwrites what it deletes (`secure_delete`), but its index keeps a term until its segments are merged, and what was
deleted before is in free pages until VACUUM. PostgreSQL's VACUUM gives the space free, in which the bytes stay until it is used.
"""

import time
from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa

from sake_ray.errors import StorageUnavailable
from sake_ray.storage.records.conflicts import repeatable
from sake_ray.storage.records.database import Database
from sake_ray.storage.records.erasing import CLEARED
from sake_ray.storage.records.search_index import INDEX

INSTANCES = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_instances USING fts5vocab(main, search_index, instance)"
MANY = 5000
MERGED_PAGES = 500
"""Pages of the index that are merged in one transaction, so that others write between two."""
CHECKPOINT_SECONDS, PAUSE_SECONDS = 20.0, 0.1


def forget_entries(database: Database, numbers: Sequence[int]) -> None:
    """Remove these entries from the search index; those that are not there any more are fine.

    SQLite's index holds no texts, and has to be told which terms go: they are read from the index itself, all of which is
    gone through. The entries are no longer used and do not change meanwhile.
    """
    for start in range(0, len(numbers), MANY):
        _forget_some(database, list(numbers[start : start + MANY]))


@repeatable
def _forget_some(database: Database, numbers: list[int]) -> None:
    terms = _read_terms(database, numbers) if database.is_sqlite else {}
    delete = sa.text("INSERT INTO search_index(search_index, rowid, terms) VALUES ('delete', :number, :terms)")
    with database.transaction() as connection:
        if not database.is_sqlite:
            connection.execute(sa.delete(INDEX).where(INDEX.c.rowid.in_(numbers)))
        for number, found in terms.items():
            connection.execute(delete, {"number": number, "terms": " ".join(found)})


def clear_files(database: Database, *, rewrite: bool) -> None:
    """Have nothing that was deleted left in the files, as far as the database can do that.

    With `rewrite` SQLite's file is written anew, for which nobody else can write; without, what was deleted under an older
    version of the program stays in free pages. Raises StorageUnavailable when readers keep it from emptying its log.
    """
    if not database.is_sqlite:
        with database.connect() as connection:
            autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
            for name in sorted({table.name for table in CLEARED} | {"search_index", "erasures"}):
                autocommit.execute(sa.text(f"VACUUM {name}"))
        return
    # Negative begins with all segments, as `optimize` does; what follows goes on with it.
    more = _merge(database, -MERGED_PAGES)
    while more:
        more = _merge(database, MERGED_PAGES)
    with database.connect() as connection:
        sqlite = connection.connection.dbapi_connection
        assert sqlite is not None
        if rewrite:
            sqlite.cursor().execute("VACUUM")
        deadline = time.monotonic() + CHECKPOINT_SECONDS
        # Whoever reads an older state keeps the log from being emptied.
        while sqlite.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
            if time.monotonic() > deadline:
                raise StorageUnavailable("records-log-in-use")
            time.sleep(PAUSE_SECONDS)


def _read_terms(database: Database, numbers: Sequence[int]) -> dict[int, list[str]]:
    """Read the terms of some entries, as often as each has them."""
    terms: dict[int, list[str]] = defaultdict(list)
    wanted = sa.text("SELECT doc, term FROM temp.search_instances WHERE doc IN :numbers")
    with database.transaction(reads_only=True) as connection:
        connection.exec_driver_sql(INSTANCES)
        query = wanted.bindparams(sa.bindparam("numbers", expanding=True))
        for number, term in connection.execute(query, {"numbers": list(numbers)}):
            terms[int(number)].append(str(term))
    return terms


@repeatable
def _merge(database: Database, pages: int) -> bool:
    """Merge some of the index into one segment, in which deleted terms are no more; return whether there is more to merge."""
    with database.transaction() as connection:
        before = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
        merge = sa.text("INSERT INTO search_index(search_index, rank) VALUES ('merge', :pages)")
        connection.execute(merge, {"pages": pages})
        after = connection.exec_driver_sql("SELECT total_changes()").scalar_one()
    # The statement itself counts as one change.
    return bool(after - before >= 2)
