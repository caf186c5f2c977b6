"""Parts of files that hold several documents. Going back deletes the parts: the whole file is one document again.

Where there are parts, the search index is emptied, too; the service fills it from the stored texts.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"

OWNED = ("attempts", "predictions", "answers", "decisions")
"""The tables of what belongs to one document."""
WHOLE = """
UPDATE documents SET status = 'COMPLETED', ended_at = made.at, prediction = made.id, policy_version = made.policy,
needs_review = made.review, awaits_review = made.review, final_label = made.label
FROM (SELECT id, document, policy_version AS policy, needs_review AS review, label, made_at AS at, row_number() OVER
(PARTITION BY document ORDER BY made_at DESC, policy_version DESC) AS place FROM predictions) AS made
WHERE documents.status = 'SPLIT' AND made.document = documents.id AND made.place = 1
"""


def upgrade() -> None:
    """Add the columns; no document is a part yet."""
    op.add_column("documents", sa.Column("split", sa.Text(), nullable=False, server_default="propose"))
    op.add_column("documents", sa.Column("parent", sa.Text(), nullable=True))
    op.add_column("documents", sa.Column("first_page", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("documents", sa.Column("last_page", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("predictions", sa.Column("several", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("predictions", sa.Column("parts", sa.JSON(), nullable=True))
    op.add_column("searchable", sa.Column("hidden", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Delete the parts, then the columns. Answers that were given before a split do not count again."""
    connection = op.get_bind()
    with_parts = "SELECT DISTINCT batch FROM documents WHERE parent IS NOT NULL"
    batches = connection.execute(sa.text(with_parts)).scalars().all()
    if batches:
        _empty_index(connection)
    for table in OWNED:
        of_parts = sa.text("document IN (SELECT id FROM documents WHERE parent IS NOT NULL)")
        op.execute(sa.delete(sa.table(table)).where(of_parts))
    op.execute("DELETE FROM documents WHERE parent IS NOT NULL")
    op.execute(WHOLE)
    for batch in batches:
        _close_gaps(connection, batch)
    for table, column in (
        *(("documents", name) for name in ("split", "parent", "first_page", "last_page")),
        *(("predictions", name) for name in ("several", "parts")),
        ("searchable", "hidden"),
    ):
        op.drop_column(table, column)


def _empty_index(connection: sa.Connection) -> None:
    # SQLite cannot take single entries out of it.
    op.execute("DELETE FROM searchable")
    is_postgresql = connection.dialect.name == "postgresql"
    op.execute(
        "TRUNCATE search_index" if is_postgresql else "INSERT INTO search_index(search_index) VALUES ('delete-all')"
    )


def _close_gaps(connection: sa.Connection, batch: str) -> None:
    """Number the documents that a batch has left; a lower number is free by the time it is taken."""
    named: dict[str, Any] = {"batch": batch}
    ids = sa.text("SELECT id FROM documents WHERE batch = :batch ORDER BY position")
    found = connection.execute(ids, named).scalars().all()
    for position, id in enumerate(found):
        moved = sa.text("UPDATE documents SET position = :position WHERE id = :id")
        connection.execute(moved, {"position": position, "id": id})
    counted = sa.text("UPDATE batches SET accepted = :accepted, changes = changes + 1 WHERE uuid = :batch")
    connection.execute(counted, named | {"accepted": len(found)})
