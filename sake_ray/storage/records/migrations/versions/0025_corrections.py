"""When each document got the answer that counts, and whether people corrected its label by it."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"

ANSWERED = """
UPDATE documents SET answered_at = (SELECT at FROM answers WHERE document = documents.id ORDER BY number DESC LIMIT 1)
WHERE answer IS NOT NULL AND answer <> 'unreadable'
"""
CORRECTED = """
UPDATE documents SET corrected = final_label {differs} (SELECT label FROM predictions WHERE id = documents.prediction)
WHERE answer IS NOT NULL AND answer <> 'unreadable' AND prediction IS NOT NULL
"""


def upgrade() -> None:
    """Add the columns, and fill them from the answers."""
    op.add_column("documents", sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("documents", sa.Column("corrected", sa.Boolean(), nullable=True))
    op.execute(ANSWERED)
    # SQLite knows the standard's words since 3.39 only.
    sqlite = op.get_bind().dialect.name == "sqlite"
    op.execute(CORRECTED.format(differs="IS NOT" if sqlite else "IS DISTINCT FROM"))


def downgrade() -> None:
    """Drop the columns; answers and predictions say it, too."""
    op.drop_column("documents", "corrected")
    op.drop_column("documents", "answered_at")
