"""How many words each document has, to notice drift. Going back forgets the numbers."""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    """Add the column; documents that were read before have none."""
    op.add_column("documents", sa.Column("words", sa.Integer(), nullable=True))


def downgrade() -> None:
    """Drop it."""
    op.drop_column("documents", "words")
