"""Files that were handed in from watched places, and how each place fares."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Make both tables."""
    op.create_table(
        "watched_files",
        sa.Column("identity", sa.Text(), nullable=False),
        sa.Column("stamp", sa.Text(), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("identity", name=op.f("pk_watched_files")),
    )
    op.create_index(op.f("ix_watched_files_stamp"), "watched_files", ["stamp"])
    op.create_table(
        "watched_places",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("team", sa.Text(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_in", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("oldest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("away", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_watched_places")),
    )


def downgrade() -> None:
    """Drop them: what lies in a watched place then and was handed in is handed in again after the next upgrade."""
    op.drop_table("watched_places")
    op.drop_table("watched_files")
