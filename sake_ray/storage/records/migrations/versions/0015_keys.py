"""Replies to any request under an Idempotency-Key, and the originals that are being stored."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Add the uploads; forget the answers of the last day, whose keys were stored in clear and are hashed from now on."""
    op.execute("DELETE FROM requests")
    op.drop_column("requests", "answer")
    op.add_column("requests", sa.Column("reply", sa.Text(), nullable=True))
    op.create_index("ix_requests_created_at", "requests", ["created_at"])
    op.create_table(
        "uploads",
        sa.Column("id", sa.Text(), primary_key=True),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("documents", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("condemned_at", sa.DateTime(timezone=True), nullable=True),
    )


def downgrade() -> None:
    """Take them away again; the older program cannot read the replies either."""
    op.drop_table("uploads")
    op.drop_index("ix_requests_created_at", "requests")
    op.execute("DELETE FROM requests")
    op.drop_column("requests", "reply")
    op.add_column("requests", sa.Column("answer", sa.JSON(), nullable=True))
