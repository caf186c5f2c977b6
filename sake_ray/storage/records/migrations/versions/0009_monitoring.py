"""Look over everything quickly."""

from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the indexes."""
    op.create_index(op.f("ix_documents_ended_at"), "documents", ["ended_at"])
    op.create_index(op.f("ix_attempts_outcome_ended_at"), "attempts", ["outcome", "ended_at"])
    op.create_index(op.f("ix_answers_at"), "answers", ["at"])


def downgrade() -> None:
    """Drop the indexes."""
    op.drop_index(op.f("ix_answers_at"), "answers")
    op.drop_index(op.f("ix_attempts_outcome_ended_at"), "attempts")
    op.drop_index(op.f("ix_documents_ended_at"), "documents")
