"""What people should know of a document beside its words, such as text that was ignored."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Add the column; documents that were read before have no notes."""
    op.add_column("documents", sa.Column("notes", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Drop it; the notes are lost."""
    op.drop_column("documents", "notes")
