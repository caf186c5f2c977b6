"""Documents in the bin, and how many of a batch were erased. Going back restores what is in the bin."""

import sqlalchemy as sa
from alembic import op

from sake_ray.storage.records.metadata import UtcDateTime

revision = "0039"
down_revision = "0038"

CLASSIFIED = """
UPDATE documents SET status = 'COMPLETED', ended_at = made.at, prediction = made.id, policy_version = made.policy,
needs_review = made.review, awaits_review = made.review, final_label = made.label
FROM (SELECT id, document, policy_version AS policy, needs_review AS review, label, made_at AS at, row_number() OVER
(PARTITION BY document ORDER BY made_at DESC, policy_version DESC) AS place FROM predictions) AS made
WHERE documents.status = 'BINNED' AND documents.binned_from = 'COMPLETED' AND made.document = documents.id AND made.place = 1
"""
SHOWN = """
UPDATE searchable SET hidden = false WHERE document IN
(SELECT id FROM documents WHERE status = 'BINNED' AND binned_from <> 'SPLIT')
"""


def upgrade() -> None:
    """Add the columns; nothing is in the bin yet."""
    op.add_column("batches", sa.Column("erased", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("documents", sa.Column("binned_at", UtcDateTime(), nullable=True))
    op.add_column("documents", sa.Column("binned_from", sa.Text(), nullable=True))


def downgrade() -> None:
    """Restore what is in the bin, then drop the columns. Answers to what was there do not count until they are given again.

    Batches of which something was erased seem to have lost it: `sake check` names them.
    """
    op.execute(SHOWN)
    op.execute(CLASSIFIED)
    op.execute("UPDATE documents SET status = 'SPLIT' WHERE status = 'BINNED' AND binned_from = 'SPLIT'")
    op.execute("UPDATE documents SET status = 'PENDING' WHERE status = 'BINNED'")
    op.drop_column("documents", "binned_from")
    op.drop_column("documents", "binned_at")
    op.drop_column("batches", "erased")
