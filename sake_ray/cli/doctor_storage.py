"""Look at the records and the objects: reached, written to, of the right revision, with the same time."""

from collections.abc import Iterator
from contextlib import suppress
from secrets import token_hex
from typing import TYPE_CHECKING

from sake_ray.cli.bootstrap import connect_records, open_backups, open_objects
from sake_ray.cli.doctor_findings import Finding, ok, problem, warning
from sake_ray.cli.doctor_http import HttpAnswer, ask, describe_clock
from sake_ray.settings import Settings

if TYPE_CHECKING:
    from sake_ray.storage.objects import ObjectStore
    from sake_ray.storage.records.probing import DatabaseState

MIN_POSTGRESQL = 15
"""The oldest that is tested: that of Debian 12."""
PROBES = "probes"
"""The folder of the store for what is written and removed again."""


def check_records(settings: Settings) -> Iterator[Finding]:
    """Ask the database of the records, write to it, and look at the revision of its tables."""
    from sake_ray.storage.records.probing import probe_database, probe_writing

    database = connect_records(settings).database
    if database.path and not database.path.exists():
        yield ok("records", f"There are no records in {database.path} yet; the first command makes them.")
        return
    try:
        state = probe_database(database)
        version = ".".join(map(str, state.version))
        yield ok("records", f"The records answer, in {state.kind} {version}.")
        if not database.is_sqlite and state.version < (MIN_POSTGRESQL,):
            sentence = f"PostgreSQL {version} is older than {MIN_POSTGRESQL}, the oldest that is tested."
            yield warning("records", sentence, f"Upgrade the server to PostgreSQL {MIN_POSTGRESQL} or newer.")
        yield _judge_revision(state)
        if not database.is_sqlite:
            yield describe_clock("the records' database", state.seconds_ahead)
        probe_writing(database)
        yield ok("records", "The records can be written to.")
    finally:
        database.close()


def _judge_revision(state: "DatabaseState") -> Finding:
    from sake_ray.storage.records.revisions import list_revisions

    newest, said = list_revisions()[-1], f"The tables are of revision {state.revision}"
    if state.revision is None:
        return ok("migrations", "There are no tables yet; the first command makes them.")
    if state.is_newer:
        mend = f"Run the newer version, or have it go back: `sake migrate --revision {newest}`."
        return problem("migrations", f"{said}, which this version does not know.", mend)
    if state.pending:
        mend = "End the service, back the records up, and run `sake migrate`; `sake up` does it, too."
        return warning("migrations", f"{said}; up to {newest}, {len(state.pending)} more are pending.", mend)
    return ok("migrations", f"{said}, the newest.")


def check_objects(settings: Settings) -> Iterator[Finding]:
    """Write an object, read it, and remove it; ask the S3 server for its time."""
    store = open_objects(settings)
    if not settings.objects_url and not settings.home.exists():
        return  # nothing is made by looking
    if _probe(store):
        yield ok("objects", f"Objects can be written, read and removed ({store!r}).")
    else:
        mend = "Stop the service, and see to the disk or the S3 server."
        yield problem("objects", "An object that was written is read as another.", mend)
    if settings.objects_url.startswith("s3://"):
        address = settings.s3_endpoint or f"https://s3.{settings.s3_region}.amazonaws.com"
        answer = ask(address)
        if isinstance(answer, HttpAnswer) and answer.seconds_ahead is not None:
            yield describe_clock("the S3 server", answer.seconds_ahead)


def check_backups(settings: Settings) -> Iterator[Finding]:
    """Look at the place of the backups: whether it can be reached and written to, and whether our key is theirs."""
    if not settings.backup_url:
        return
    from sake_ray.errors import NotFound
    from sake_ray.storage.objects import FolderStore

    repository = open_backups(settings)
    store = repository.store
    if isinstance(store, FolderStore) and not store.root.exists():
        mend = "Mount the disk that it is on, unless it is new: the first `sake backup` makes it."
        yield warning("backups", f"There is no folder {store.root} yet.", mend)
        return
    with suppress(NotFound):  # the first backup is still to come
        repository.check()
    if _probe(store):
        yield ok("backups", f"Backups can be written, read and removed ({store!r}).")
    else:
        mend = "Make no backup there; see to the disk or the S3 server."
        yield problem("backups", "A file that was written there is read as another.", mend)


def _probe(store: "ObjectStore") -> bool:
    """Write, read and remove an object; whether it was read as it was written."""
    key, content = f"{PROBES}/{token_hex(8)}", token_hex(8).encode()
    store.put(key, content)
    same = store.get(key) == content
    store.erase(key)
    return same
