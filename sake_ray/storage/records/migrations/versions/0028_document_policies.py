"""The policy of each document, so that those under an older one are found without a scan."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Add the column; the service fills it while it works, as it applies a new policy."""
    op.add_column("documents", sa.Column("policy_version", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    """Drop it; the predictions know."""
    op.drop_column("documents", "policy_version")
