"""Attempts at the exports of each batch, so that one that fails waits by itself."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("batches", sa.Column("exported_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("batches", sa.Column("export_attempts", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("batches", sa.Column("export_not_before", sa.DateTime(timezone=True), nullable=True))
    op.add_column("batches", sa.Column("export_error", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Forget the attempts; what is due stays due."""
    for column in ("export_error", "export_not_before", "export_attempts", "exported_at"):
        op.drop_column("batches", column)
