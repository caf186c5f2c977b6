"""How many attempts at a document no longer count, since ops asked for new ones."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Add the column; every attempt so far counts."""
    op.add_column("documents", sa.Column("attempts_forgiven", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Let what was left to ops wait again, as before there was such a status; drop the column."""
    op.execute("UPDATE documents SET status = 'PENDING' WHERE status = 'NEEDS_OPS'")
    op.execute("UPDATE attempts SET outcome = 'put back' WHERE outcome IN ('blocked', 'unexpected')")
    op.drop_column("documents", "attempts_forgiven")
