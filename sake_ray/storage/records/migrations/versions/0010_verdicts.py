"""What a verdict said of each promotion."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Add the columns."""
    op.add_column("promotions", sa.Column("standing", sa.Text(), nullable=True))
    op.add_column("promotions", sa.Column("forced", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Drop the columns: promotions stay, their verdicts are lost."""
    op.drop_column("promotions", "forced")
    op.drop_column("promotions", "standing")
