"""Which answers were imported, and what admins decided of those that could not be."""

import sqlalchemy as sa
from alembic import op

from sake_ray.storage.records.metadata import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the column, make the table."""
    op.add_column("answers", sa.Column("imported_at", UtcDateTime(), nullable=True))
    op.create_table(
        "decisions",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("votes", sa.Text(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=op.f("fk_decisions_document")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_sha256"), "decisions", ["sha256"])


def downgrade() -> None:
    """Drop both: decisions are lost, and answers count as not imported; the next import finds their images in place."""
    op.drop_table("decisions")
    op.drop_column("answers", "imported_at")
