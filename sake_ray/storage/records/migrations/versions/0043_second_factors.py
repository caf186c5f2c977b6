"""Second factors of accounts. Going back loses them: whoever had one signs in with the password alone."""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    """Make the columns."""
    op.add_column("accounts", sa.Column("factor_secret", sa.Text(), nullable=True))
    op.add_column("accounts", sa.Column("factor_step", sa.BigInteger(), nullable=True))
    op.add_column("accounts", sa.Column("recovery_codes", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Drop them."""
    op.drop_column("accounts", "recovery_codes")
    op.drop_column("accounts", "factor_step")
    op.drop_column("accounts", "factor_secret")
