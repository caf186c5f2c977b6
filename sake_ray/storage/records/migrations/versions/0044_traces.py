"""Which trace a document or job belongs to. Going back forgets it: the logs still know."""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    """Add the columns; what is there belongs to no trace."""
    op.add_column("documents", sa.Column("trace_id", sa.Text(), nullable=False, server_default=""))
    op.add_column("jobs", sa.Column("traceparent", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Drop the columns."""
    op.drop_column("jobs", "traceparent")
    op.drop_column("documents", "trace_id")
