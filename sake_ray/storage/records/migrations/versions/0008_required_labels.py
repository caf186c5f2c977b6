"""What a candidate's file must have."""

import sqlalchemy as sa
from alembic import op

from sake_ray.storage.records.metadata import UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "required_labels",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_required_labels")),
    )


def downgrade() -> None:
    """Drop the table: which labels a file must have is lost."""
    op.drop_table("required_labels")
