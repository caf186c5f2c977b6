"""In which order transactions lock rows, so that no two of them ever wait for each other.

Every transaction that writes locks rows of the tables in the order of LOCK_ORDER, and several rows of one table in the order of
their primary key. A lock is taken by UPDATE, DELETE, SELECT … FOR UPDATE, INSERT … ON CONFLICT and LOCK TABLE. An INSERT takes
none that others wait for: nobody else knows the row before the commit. Neither does what skips locked rows: it never waits.

SQLite has one writer at a time and no need of this. Tests watch the order on both.
"""

import sqlalchemy as sa

from sake_ray.storage.records.tables import (
    accounts,
    answers,
    api_keys,
    attempts,
    audit,
    audit_head,
    batches,
    checks,
    decisions,
    deliveries,
    document_counts,
    documents,
    erasures,
    faults,
    identities,
    jobs,
    models,
    policies,
    predictions,
    promotions,
    requests,
    required_labels,
    retention_rules,
    searchable,
    sessions,
    sign_in_failures,
    uploads,
    watched_files,
    watched_places,
    webhooks,
)

LOCK_ORDER: tuple[tuple[sa.Table, ...], ...] = (
    # First, so that whoever carries out a request a second time waits here, and for nothing that it holds.
    (requests,),
    (uploads,),
    (watched_files,),
    (accounts,),
    (sessions, api_keys, identities, sign_in_failures),
    (policies, promotions, required_labels, retention_rules, models, jobs),
    # Whoever writes what belongs to a document holds the document.
    (documents, attempts, predictions, answers, decisions, searchable),
    (batches,),
    (document_counts, checks, faults, watched_places),
    (webhooks, deliveries),
    (erasures,),
    # Last, since everybody appends to the audit log: so it is held no longer than a commit takes.
    (audit, audit_head),
)


def lock_rows(connection: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> None:
    """Lock the rows for which that is true, in the order of their primary key.

    To be called before an UPDATE or DELETE of several rows, which locks them in whatever order it finds them.
    """
    if connection.dialect.name == "postgresql":
        keys = list(table.primary_key)
        connection.execute(sa.select(*keys).where(*where).order_by(*keys).with_for_update()).all()


def delete_unlocked(connection: sa.Connection, table: sa.Table, *where: sa.ColumnElement[bool]) -> None:
    """Delete the rows for which that is true, without those that somebody has locked: for what nobody needs any more."""
    keys = list(table.primary_key)
    found = sa.select(*keys).where(*where).order_by(*keys).with_for_update(skip_locked=True)
    connection.execute(table.delete().where(sa.tuple_(*keys).in_(found)))
