"""Thresholds of single labels, and what lets a new policy be applied without reading again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Add the columns; what was to be checked before stays so: whether for too little text is no longer known."""
    op.add_column("policies", sa.Column("thresholds", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("policies", sa.Column("wrong_in", sa.Integer(), nullable=True))
    op.add_column("policies", sa.Column("model_hash", sa.Text(), nullable=False, server_default=""))
    op.add_column("policies", sa.Column("by", sa.Text(), nullable=False, server_default=""))
    op.add_column("predictions", sa.Column("scant", sa.Boolean(), nullable=False, server_default=sa.false()))
    predictions = sa.table("predictions", sa.column("needs_review", sa.Boolean), sa.column("scant", sa.Boolean))
    op.execute(predictions.update().where(predictions.c.needs_review.is_(sa.true())).values(scant=sa.true()))


def downgrade() -> None:
    """Drop the columns: policies keep their one threshold, error budgets are lost."""
    op.drop_column("predictions", "scant")
    for column in ("by", "model_hash", "wrong_in", "thresholds"):
        op.drop_column("policies", column)
