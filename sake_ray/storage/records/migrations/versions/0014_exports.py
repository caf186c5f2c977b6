"""Attempts at the exports of each batch, so that one that fails waits by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

INDEX = "ix_batches_exports_due"


def upgrade() -> None:
    """Add the columns, and an index that holds only the batches whose exports are due."""
    op.add_column("batches", sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("batches", sa.Column("export_attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("batches", sa.Column("export_not_before", sa.DateTime(timezone=True), nullable=True))
    op.add_column("batches", sa.Column("export_error", sa.Text(), nullable=False, server_default=""))
    due = sa.text("exported < changes")
    op.create_index(INDEX, "batches", ["exported_at", "submitted_at"], sqlite_where=due, postgresql_where=due)


def downgrade() -> None:
    """Forget the attempts; what is due stays due."""
    op.drop_index(INDEX, "batches")
    for column in ("export_error", "export_not_before", "export_attempts", "exported_at"):
        op.drop_column("batches", column)
