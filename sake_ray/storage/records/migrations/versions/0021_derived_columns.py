"""What lists filter by, repeated with each document: its batch's team, owner and reference, its final label, what it awaits."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"

FILL = """
UPDATE documents SET
    team = (SELECT team FROM batches WHERE uuid = documents.batch),
    owner = (SELECT owner FROM batches WHERE uuid = documents.batch),
    reference = (SELECT reference FROM batches WHERE uuid = documents.batch),
    needs_review = (SELECT needs_review FROM predictions WHERE id = documents.prediction),
    awaits_review = (
        SELECT CASE WHEN documents.answer IS NULL THEN needs_review ELSE false END
        FROM predictions WHERE id = documents.prediction),
    final_label = CASE
        WHEN answer IS NULL THEN (SELECT label FROM predictions WHERE id = documents.prediction)
        WHEN answer = 'none_of_these' THEN 'other'
        WHEN answer = 'unreadable' THEN NULL
        ELSE answer END
"""


def upgrade() -> None:
    """Add the columns, and fill them for the documents there are."""
    for name in ("team", "owner", "reference"):
        op.add_column("documents", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("needs_review", "awaits_review"):
        op.add_column("documents", sa.Column(name, sa.Boolean(), nullable=True))
    op.add_column("documents", sa.Column("final_label", sa.Text(), nullable=True))
    op.execute(FILL)


def downgrade() -> None:
    """Drop the columns; what they say is said elsewhere, too."""
    for name in ("final_label", "awaits_review", "needs_review", "reference", "owner", "team"):
        op.drop_column("documents", name)
