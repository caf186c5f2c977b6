"""Find the newest batches of an owner quickly."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Make the index."""
    op.create_index(op.f("ix_batches_owner_submitted_at"), "batches", ["owner", "submitted_at"])


def downgrade() -> None:
    """Drop the index."""
    op.drop_index(op.f("ix_batches_owner_submitted_at"), "batches")
