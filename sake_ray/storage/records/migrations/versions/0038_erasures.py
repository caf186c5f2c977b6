"""What was erased. Going back forgets which erasures have still something to do: let them end first."""

import sqlalchemy as sa
from alembic import op

from sake_ray.storage.records.metadata import UtcDateTime

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "erasures",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("step", sa.Text(), nullable=False),
        sa.Column("not_before", UtcDateTime(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False, server_default=""),
        sa.Column("error_code", sa.Text(), nullable=True),
        sa.Column("error_params", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("targets", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("models", sa.JSON(), nullable=False),
        sa.Column("erased_at", UtcDateTime(), nullable=True),
        sa.Column("swept_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_erasures")),
    )
    op.create_index(op.f("ix_erasures_step_not_before"), "erasures", ["step", "not_before"])


def downgrade() -> None:
    """Drop the table."""
    op.drop_table("erasures")
