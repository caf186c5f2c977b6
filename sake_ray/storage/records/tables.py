"""The tables of the records; a change here needs a migration beside it (a test compares the two).

Transactions lock their rows in one order: see locks.py, which names every table.
"""

import sqlalchemy as sa

from sake_ray.storage.records.metadata import UtcDateTime, metadata

accounts = sa.Table(
    "accounts",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("password_hash", sa.Text, nullable=False),
    sa.Column("role", sa.Text, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("disabled", sa.Boolean, nullable=False),
    sa.Column("tokens_since", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # Of ops: whether an admin has let them see more than figures.
    sa.Column("sees_documents", sa.Boolean, nullable=False, server_default=sa.false()),
    # Since somebody else has set the password.
    sa.Column("must_change_password", sa.Boolean, nullable=False, server_default=sa.false()),
    # The second factor: its secret, sealed under a key that is not in the records, the step of the last code that counted
    # (NULL until the first one), and hashes of the recovery codes that are left.
    sa.Column("factor_secret", sa.Text),
    sa.Column("factor_step", sa.BigInteger),
    sa.Column("recovery_codes", sa.JSON, nullable=False, server_default="[]"),
)

sessions = sa.Table(
    "sessions",
    metadata,
    # The id itself is in the token only.
    sa.Column("id_hash", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, sa.ForeignKey("accounts.name"), nullable=False),
    # The account's number when it signed in; a rise ends the session.
    sa.Column("tokens_since", sa.Integer, nullable=False),
    sa.Column("peer", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    # To a few minutes: a write for each request would be too many.
    sa.Column("seen_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    sa.Index(None, "account"),
    sa.Index(None, "expires_at"),
)

identities = sa.Table(
    "identities",
    metadata,
    # The OpenID Connect issuer, and whom it means: for ever, while names change.
    sa.Column("issuer", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("account", sa.Text, sa.ForeignKey("accounts.name"), nullable=False, unique=True),
)

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    # The secret itself is with its holder only.
    sa.Column("secret_hash", sa.Text, nullable=False, unique=True),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("scopes", sa.JSON, nullable=False),
    sa.Column("created_by", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    # To a few minutes, as in sessions.
    sa.Column("seen_at", UtcDateTime),
    sa.Column("revoked_at", UtcDateTime),
)

# Failed sign-ins of one rule. No name and no address: the key is a hash under a secret that is not in the records.
sign_in_failures = sa.Table(
    "sign_in_failures",
    metadata,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("rule", sa.Text, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_at", UtcDateTime, nullable=False),
    sa.Index(None, "rule", "last_at"),
)

policies = sa.Table(
    "policies",
    metadata,
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("threshold", sa.Float, nullable=False),
    sa.Column("min_tokens", sa.Integer, nullable=False),
    # Thresholds of single labels, and the error budget and model that they were computed for.
    sa.Column("thresholds", sa.JSON, nullable=False, server_default="{}"),
    sa.Column("wrong_in", sa.Integer),
    sa.Column("model_hash", sa.Text, nullable=False, server_default=""),
    sa.Column("by", sa.Text, nullable=False, server_default=""),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

batches = sa.Table(
    "batches",
    metadata,
    sa.Column("uuid", sa.Text, primary_key=True),
    sa.Column("reference", sa.Text, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("submitted_at", UtcDateTime, nullable=False),
    # Exports are due while `exported` is behind `changes`.
    sa.Column("changes", sa.Integer, nullable=False),
    sa.Column("exported", sa.Integer, nullable=False),
    # How many documents were accepted into it, to be held against those that it has.
    sa.Column("accepted", sa.Integer, nullable=False, server_default="0"),
    # How many of these were erased since.
    sa.Column("erased", sa.Integer, nullable=False, server_default="0"),
    sa.Column("exported_at", UtcDateTime),
    # Attempts at the exports since the last that succeeded. Until `export_not_before` no other is made: one is running, or
    # the last one failed.
    sa.Column("export_attempts", sa.Integer, nullable=False, server_default="0"),
    sa.Column("export_not_before", UtcDateTime),
    sa.Column("export_error", sa.Text, nullable=False, server_default=""),
    # Whether every document has ended, as webhooks were last told: they are told again when it has become so again.
    sa.Column("completed", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Index(None, "reference"),
    sa.Index(None, "submitted_at"),
    sa.Index(None, "team", "submitted_at"),
    sa.Index(None, "owner", "submitted_at"),
    sa.Index(
        None,
        "exported_at",
        "submitted_at",
        sqlite_where=sa.text("exported < changes"),
        postgresql_where=sa.text("exported < changes"),
    ),
)

IN_QUEUE = "status NOT IN ('COMPLETED', 'FAILED', 'NEEDS_OPS', 'SPLIT', 'MERGED', 'BINNED')"
"""As it is written in the partial index: only a query that says the same in the same way can use it."""

documents = sa.Table(
    "documents",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("batch", sa.Text, sa.ForeignKey("batches.uuid"), nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("media_type", sa.Text, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("original", sa.Text, nullable=False),
    sa.Column("submitted_at", UtcDateTime, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    # The queue: the worker, the end of its lease, and when the next attempt may be made.
    sa.Column("attempt", sa.Integer, nullable=False),
    # Attempts up to this number no longer count: ops asked for new ones after it.
    sa.Column("attempts_forgiven", sa.Integer, nullable=False, server_default="0"),
    sa.Column("worker", sa.Text),
    sa.Column("lease_until", UtcDateTime),
    sa.Column("not_before", UtcDateTime, nullable=False),
    sa.Column("pages", sa.Integer),
    sa.Column("pages_done", sa.Integer, nullable=False),
    # The sentence, and what it was made of: nothing in rows from before there were codes.
    sa.Column("error", sa.Text, nullable=False),
    sa.Column("error_code", sa.Text),
    sa.Column("error_params", sa.JSON(none_as_null=True)),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("language", sa.Text),
    # How many words it has; NULL in rows from before this was noted.
    sa.Column("words", sa.Integer),
    sa.Column("ocr_confidence", sa.Float),
    sa.Column("recipe", sa.JSON(none_as_null=True)),
    # What people should know of it beside its words, as messages; NULL without any, and in rows from before there were notes.
    sa.Column("notes", sa.JSON(none_as_null=True)),
    sa.Column("prediction", sa.Text),
    # The policy of that prediction; 0 when nobody has looked (as in rows from before), or without one.
    sa.Column("policy_version", sa.Integer, nullable=False, server_default="0"),
    sa.Column("answer", sa.Text),
    # What lists filter by, repeated here so that one index finds it (derived_columns.py): from the batch,
    sa.Column("team", sa.Text, nullable=False, server_default=""),
    sa.Column("owner", sa.Text, nullable=False, server_default=""),
    sa.Column("reference", sa.Text, nullable=False, server_default=""),
    # and from the prediction and the answer; NULL until it is classified.
    sa.Column("needs_review", sa.Boolean),
    sa.Column("awaits_review", sa.Boolean),
    sa.Column("final_label", sa.Text),
    # When it got the answer that counts, unless that is unreadable, and whether this differs from the prediction.
    sa.Column("answered_at", UtcDateTime),
    sa.Column("corrected", sa.Boolean),
    # What becomes of a file that seems to hold several documents: never, propose or auto.
    sa.Column("split", sa.Text, nullable=False, server_default="propose"),
    # Of a part: the document that was split, and the pages of the file, from 1; 0 and 0 are all pages.
    sa.Column("parent", sa.Text),
    sa.Column("first_page", sa.Integer, nullable=False, server_default="0"),
    sa.Column("last_page", sa.Integer, nullable=False, server_default="0"),
    # In the bin: since when, and what its status was.
    sa.Column("binned_at", UtcDateTime),
    sa.Column("binned_from", sa.Text),
    # The trace of the request that uploaded it; empty in rows from before there were traces.
    sa.Column("trace_id", sa.Text, nullable=False, server_default=""),
    sa.UniqueConstraint("batch", "position"),
    sa.Index(
        None,
        "binned_at",
        sqlite_where=sa.text("binned_at IS NOT NULL"),
        postgresql_where=sa.text("binned_at IS NOT NULL"),
    ),
    sa.Index(
        None,
        "parent",
        "first_page",
        "last_page",
        unique=True,
        sqlite_where=sa.text("parent IS NOT NULL"),
        postgresql_where=sa.text("parent IS NOT NULL"),
    ),
    # Of the open documents only, in the order in which a new policy is applied to them.
    sa.Index(
        None,
        "policy_version",
        "batch",
        "position",
        sqlite_where=sa.text("prediction IS NOT NULL AND answer IS NULL"),
        postgresql_where=sa.text("prediction IS NOT NULL AND answer IS NULL"),
    ),
    sa.Index(None, "status", "not_before"),
    sa.Index(None, "sha256"),
    sa.Index(None, "ended_at", "needs_review"),
    sa.Index(None, "answered_at", "corrected"),
    # Each criterion of a list, with and without a team, in the order of the list; those of one moment are sorted then.
    # All and a status have the whole order (and all the status, by which they leave out what is set aside):
    # a newer SQLite (seen with 3.54) takes another index or none otherwise, and sorts every document.
    sa.Index(None, "submitted_at", "batch", "position", "status"),
    sa.Index(None, "status", "submitted_at", "batch", "position"),
    sa.Index(None, "final_label", "submitted_at", "awaits_review"),
    sa.Index(None, "awaits_review", "submitted_at"),
    sa.Index(None, "language", "submitted_at"),
    sa.Index(None, "owner", "submitted_at"),
    sa.Index(None, "reference", "submitted_at"),
    sa.Index(None, "team", "submitted_at"),
    sa.Index(None, "team", "status", "submitted_at", "batch", "position"),
    sa.Index(None, "team", "final_label", "submitted_at", "awaits_review"),
    sa.Index(None, "team", "awaits_review", "submitted_at"),
    sa.Index(None, "team", "language", "submitted_at"),
    sa.Index(None, "team", "owner", "submitted_at"),
    sa.Index(None, "team", "reference", "submitted_at"),
    # Batches are counted from it alone.
    sa.Index(None, "batch", "status", "awaits_review", "final_label"),
    # The queue, in the order of claims.
    sa.Index(
        None,
        "submitted_at",
        "batch",
        "position",
        sqlite_where=sa.text(IN_QUEUE),
        postgresql_where=sa.text(IN_QUEUE),
    ),
)

# How many documents there are, as the sum of rows, which triggers append (see counts.py).
document_counts = sa.Table(
    "document_counts",
    metadata,
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    sa.Column("answered", sa.Boolean, nullable=False),
    sa.Column("documents", sa.Integer, nullable=False),
)

attempts = sa.Table(
    "attempts",
    metadata,
    sa.Column("document", sa.Text, sa.ForeignKey("documents.id"), primary_key=True),
    sa.Column("attempt", sa.Integer, primary_key=True),
    sa.Column("worker", sa.Text, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("ended_at", UtcDateTime),
    # completed, failed, or the cause for which another one is made (domain/retries.py)
    sa.Column("outcome", sa.Text),
    sa.Column("remark", sa.Text, nullable=False),
    sa.Index(None, "outcome", "ended_at"),
)

predictions = sa.Table(
    "predictions",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("document", sa.Text, sa.ForeignKey("documents.id"), nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("label", sa.Text),
    sa.Column("confidence", sa.Float),
    sa.Column("probabilities", sa.JSON, nullable=False),
    # How much likelier the best label is than the second; the closest are reviewed first. NULL without text.
    sa.Column("margin", sa.Float),
    sa.Column("needs_review", sa.Boolean, nullable=False),
    # Too little text to trust any confidence, so that no policy accepts it.
    sa.Column("scant", sa.Boolean, nullable=False, server_default=sa.false()),
    # It seems to be several documents, so that no policy accepts it as one; and which ones.
    sa.Column("several", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("parts", sa.JSON(none_as_null=True)),
    sa.Column("remark", sa.Text, nullable=False),
    sa.Column("model_version", sa.Text, nullable=False),
    sa.Column("model_hash", sa.Text, nullable=False),
    sa.Column("policy_version", sa.Integer, sa.ForeignKey("policies.version"), nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("document", "model_hash", "policy_version"),
    sa.Index(None, "margin"),
)

answers = sa.Table(
    "answers",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("document", sa.Text, sa.ForeignKey("documents.id"), nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    # When an import first used it for training.
    sa.Column("imported_at", UtcDateTime),
    sa.Index(None, "document"),
    sa.Index(None, "at"),
)

# Which labels a candidate's file must have; the newest row applies.
required_labels = sa.Table(
    "required_labels",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("labels", sa.JSON, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

# How long documents are kept; the newest row of a team and label applies, an empty one to all without one of their own.
retention_rules = sa.Table(
    "retention_rules",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("label", sa.Text, nullable=False),
    # NULL: for ever.
    sa.Column("months", sa.Integer),
    # Also what still waits for people.
    sa.Column("with_waiting", sa.Boolean, nullable=False),
    # It counts no more.
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
)

# The number of each document in `search_index`, which each database stores in its own way (see search_index.py). Numbers
# are in the order of submission.
searchable = sa.Table(
    "searchable",
    metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=False),
    sa.Column("document", sa.Text, sa.ForeignKey("documents.id"), nullable=False),
    # Its document is set aside: its pages are found with other documents.
    sa.Column("hidden", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.UniqueConstraint("document"),
    sa.Index(None, "hidden", sqlite_where=sa.text("hidden"), postgresql_where=sa.text("hidden")),
)

decisions = sa.Table(
    "decisions",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("document", sa.Text, sa.ForeignKey("documents.id"), nullable=False),
    sa.Column("decision", sa.Text, nullable=False),
    # The answers at that time; the decision applies as long as they are the same.
    sa.Column("votes", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index(None, "sha256"),
)

promotions = sa.Table(
    "promotions",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("version", sa.Integer, nullable=False),
    # NULL for the first of all.
    sa.Column("before", sa.Integer),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    # NULL from before the alias is moved until after.
    sa.Column("outcome", sa.Text),
    # The outcome of the comparison with the version before, if there was one, and whether it was overridden.
    sa.Column("standing", sa.Text),
    sa.Column("forced", sa.Boolean, nullable=False, server_default=sa.false()),
)

models = sa.Table(
    "models",
    metadata,
    # The number MLflow gave the version.
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("noted", UtcDateTime, nullable=False),
)

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("options", sa.JSON, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("why_code", sa.Text),
    sa.Column("why_params", sa.JSON(none_as_null=True)),
    sa.Column("stage", sa.Text, nullable=False),
    # Big, since they may count bytes.
    sa.Column("done", sa.BigInteger, nullable=False),
    sa.Column("total", sa.BigInteger, nullable=False),
    # The fence: a write under an older attempt is refused.
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("submission", sa.Text, nullable=False),
    sa.Column("submitted_at", UtcDateTime),
    # How many attempts were killed.
    sa.Column("lost", sa.Integer, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("started_at", UtcDateTime),
    sa.Column("ended_at", UtcDateTime),
    sa.Column("seen_at", UtcDateTime),
    sa.Column("stop_asked", sa.Boolean, nullable=False),
    sa.Column("result", sa.JSON, nullable=False),
    # The request that asked for it.
    sa.Column("traceparent", sa.Text, nullable=False, server_default=""),
    sa.Index(None, "state"),
)

requests = sa.Table(
    "requests",
    metadata,
    sa.Column("account", sa.Text, primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("digest", sa.Text, nullable=False),
    # The worker and the end of its lease; without a reply by then, another may take over.
    sa.Column("worker", sa.Text, nullable=False),
    sa.Column("lease_until", UtcDateTime, nullable=False),
    # Sealed: it may hold a password.
    sa.Column("reply", sa.Text),
    # What the reply to an upload says, to be held against the documents that there are: their batch, and how many.
    sa.Column("batch", sa.Text),
    sa.Column("accepted", sa.Integer),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Index(None, "created_at"),
)

# Originals that are being stored: of documents that are not accepted yet, or never will be.
uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("batch", sa.Text, nullable=False),
    sa.Column("documents", sa.JSON, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
    # From then on it is no longer accepted, and its originals may be removed.
    sa.Column("condemned_at", UtcDateTime),
)

# Addresses of other programs that are told of events.
webhooks = sa.Table(
    "webhooks",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("url", sa.Text, nullable=False),
    # NULL: of all teams.
    sa.Column("team", sa.Text),
    sa.Column("events", sa.JSON, nullable=False),
    # Sealed under a key that is not in the records: it has to be known again for signing.
    sa.Column("secret", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
)

# What webhooks are told, written by the transaction that makes it true. Nothing refers to another table: whoever inserts
# must wait for nobody, and what is left of a webhook that was removed meanwhile is deleted later.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True, autoincrement=True),
    # What the receiver knows it by; the same over all attempts.
    sa.Column("id", sa.Text, nullable=False),
    sa.Column("webhook", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("batch", sa.Text),
    sa.Column("document", sa.Text),
    sa.Column("version", sa.Integer),
    sa.Column("occurred_at", UtcDateTime, nullable=False),
    sa.Column("status", sa.Text, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    # When the next attempt may be made; while one is running, the end of its lease, which is its fence too.
    sa.Column("not_before", UtcDateTime, nullable=False),
    sa.Column("attempted_at", UtcDateTime),
    sa.Column("response", sa.Integer),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    sa.Column("error_code", sa.Text),
    sa.Column("error_params", sa.JSON(none_as_null=True)),
    sa.UniqueConstraint("id"),
    sa.Index(
        "ix_deliveries_due",
        "webhook",
        "not_before",
        "number",
        sqlite_where=sa.text("status = 'PENDING'"),
        postgresql_where=sa.text("status = 'PENDING'"),
    ),
    sa.Index(None, "status", "number"),
    sa.Index(None, "webhook", "number"),
    sa.Index(None, "occurred_at"),
)

# What was erased, and what is left to do for it. Nothing here says whose it was.
erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("cause", sa.Text, nullable=False),
    # A keyed hash of the reference.
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("asked_at", UtcDateTime, nullable=False),
    sa.Column("step", sa.Text, nullable=False),
    # Until then nobody else works at it: somebody does, or the last try failed, or it waits to be looked at again.
    sa.Column("not_before", UtcDateTime, nullable=False),
    sa.Column("error", sa.Text, nullable=False, server_default=""),
    sa.Column("error_code", sa.Text),
    sa.Column("error_params", sa.JSON(none_as_null=True)),
    # Ids, checksums and numbers of what is to be removed; NULL at the end.
    sa.Column("targets", sa.JSON(none_as_null=True)),
    sa.Column("counts", sa.JSON, nullable=False),
    sa.Column("models", sa.JSON, nullable=False),
    sa.Column("erased_at", UtcDateTime),
    sa.Column("swept_at", UtcDateTime),
    sa.Index(None, "step", "not_before"),
)

# Append-only: triggers refuse everything else. Each hash is over the one before and the row.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("by", sa.Text, nullable=False),
    sa.Column("peer", sa.Text, nullable=False),
    sa.Column("action", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False),
    sa.Column("details", sa.JSON, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Index(None, "at"),
    sa.Index(None, "by", "number"),
    sa.Index(None, "by", "action", "number"),
    sa.Index(None, "action", "number"),
    sa.Index(None, "subject", "number"),
)

# One row: the newest entry. Whoever appends locks it, as the last of a transaction's locks.
audit_head = sa.Table(
    "audit_head",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("hash", sa.Text, nullable=False),
)

# What the checks of the ledger found and have not found mended since; the kind is the code of the sentence.
faults = sa.Table(
    "faults",
    metadata,
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("detail", sa.Text, nullable=False),
    sa.Column("params", sa.JSON, nullable=False),
    sa.Column("found_at", UtcDateTime, nullable=False),
    sa.Column("seen_at", UtcDateTime, nullable=False),
)

# How far each check of the ledger is.
checks = sa.Table(
    "checks",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("position", sa.JSON, nullable=False),
    sa.Column("documents", sa.Integer, nullable=False),
    sa.Column("started_at", UtcDateTime, nullable=False),
    sa.Column("checked_at", UtcDateTime, nullable=False),
    sa.Column("completed_at", UtcDateTime),
)

# Files of watched places that were handed in. Hashes only: nobody learns a name from them.
watched_files = sa.Table(
    "watched_files",
    metadata,
    # Over where it was found and its content.
    sa.Column("identity", sa.Text, primary_key=True),
    # Over where it was found, its size and when it was changed: what is left in its place need not be read again.
    sa.Column("stamp", sa.Text, nullable=False),
    sa.Column("batch", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Index(None, "stamp"),
)

# How each watched place fares, as the last look has found it.
watched_places = sa.Table(
    "watched_places",
    metadata,
    # A hash of its address.
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("team", sa.Text, nullable=False),
    sa.Column("looked_at", UtcDateTime, nullable=False),
    sa.Column("handed_in", sa.BigInteger, nullable=False),
    sa.Column("failed", sa.BigInteger, nullable=False),
    sa.Column("waiting", sa.Integer, nullable=False),
    sa.Column("oldest_at", UtcDateTime),
    # Why it could not be looked at; empty when it could.
    sa.Column("away", sa.Text, nullable=False),
)
