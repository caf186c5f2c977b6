"""The codes of errors, and what their sentences speak of."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the columns; what is there keeps its sentence, without a code."""
    for table, column in (("documents", "error"), ("jobs", "why")):
        op.add_column(table, sa.Column(f"{column}_code", sa.Text(), nullable=True))
        op.add_column(table, sa.Column(f"{column}_params", sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    """Drop the columns: the sentences stay, in English."""
    for table, column in (("jobs", "why"), ("documents", "error")):
        op.drop_column(table, f"{column}_params")
        op.drop_column(table, f"{column}_code")
